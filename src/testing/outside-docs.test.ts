import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '../..');
const lines = readFileSync(join(root, 'docs/outside.md'), 'utf8').split('\n');
const rows = lines.flatMap((line) => {
  const [, file, name] = /^\|.+\|.+\| `([\w/.-]+)`: (.+) \|$/.exec(line) ?? [];
  return file && name ? [{ file, name }] : [];
});

test('the page of what outsiders tried has a line for each, and each names a test that is there', () => {
  const missing = rows.filter(({ file, name }) => !readFileSync(join(root, 'src', file), 'utf8').includes(`'${name}'`));

  expect(missing).toEqual([]);
  expect(rows.length).toBeGreaterThanOrEqual(30);
  // A line without a test would be a claim: only headings of parts have none.
  const others = lines.filter((line) => line.startsWith('| ') && !line.includes('`: ') && !/^\| \*\*/.test(line));
  expect(others).toEqual(['| Tried | What happens | Test |']);
});
