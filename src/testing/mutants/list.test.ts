import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { MUTANTS } from './list.ts';

const root = join(import.meta.dirname, '../../..');

test('each mutant has a name of its own', () => {
  const names = MUTANTS.map(({ name }) => name);
  expect(names).toHaveLength(new Set(names).size);
});

test.each(MUTANTS.map((mutant) => [mutant.name, mutant] as const))(
  'that %s: each edit fits the code once, and there are tests to notice it',
  (_name, { edits, tests }) => {
    for (const { file, from, to } of edits) {
      expect(readFileSync(join(root, file), 'utf8').split(from)).toHaveLength(2);
      expect(to).not.toBe(from);
    }
    expect(edits.filter(({ file, from }) => isReplaced(file, from)).map(({ file }) => file)).toEqual([]);
    for (const path of tests) expect(globSync(`${path}*`, { cwd: root })).not.toEqual([]);
  },
);

/** The edit is in a function that a later migration defines anew: what it breaks, nobody calls. */
function isReplaced(file: string, from: string): boolean {
  if (!file.startsWith('prisma/migrations/')) return false;
  const [before = ''] = readFileSync(join(root, file), 'utf8').split(from);
  const defined = [...before.matchAll(/^create (?:or replace )?function ([\w.]+)\(|^end \$\$|^\$\$/gm)].at(-1)?.[1];
  if (!defined) return false;
  return globSync('prisma/migrations/*/migration.sql', { cwd: root }).some(
    (other) =>
      other > file &&
      new RegExp(`^create (or replace )?function ${defined}\\(`, 'm').test(readFileSync(join(root, other), 'utf8')),
  );
}
