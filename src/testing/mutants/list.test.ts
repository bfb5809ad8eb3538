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
    for (const path of tests) expect(globSync(`${path}*`, { cwd: root })).not.toEqual([]);
  },
);
