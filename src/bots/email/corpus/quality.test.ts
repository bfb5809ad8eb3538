import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';

/* The floors of `npm run mail:quality`, which measures in a process of its own. */
interface Line {
  reader: string;
  set: 'real' | 'tuned on' | 'held out';
  count: number;
  whole: number;
  clean: number;
  lossless: number;
}

let lines: Line[];
const of = (reader: string) => lines.filter((line) => line.reader === reader);

beforeAll(() => {
  const root = join(import.meta.dirname, '../../../..');
  const printed = execFileSync(process.execPath, [join(root, 'scripts/mail-quality.ts'), '--json'], {
    encoding: 'utf8',
  });
  lines = JSON.parse(printed) as Line[];
  if (!lines.some(({ set }) => set === 'real')) console.log('Real mails were not read: ../shared/mail is not here.');
}, 120_000);

test('the corpus holds at least 150 mails, half of them set aside', () => {
  const made = of('parley').filter(({ set }) => set !== 'real');

  expect(made.reduce((all, { count }) => all + count, 0)).toBeGreaterThanOrEqual(150);
  expect(made.find(({ set }) => set === 'held out')?.count).toBeGreaterThanOrEqual(75);
});

test('every answer is shown whole and nothing of it is lost; nine of ten are shown without anything else', () => {
  for (const { set, count, whole, clean, lossless } of of('parley')) {
    expect({ set, whole, lossless }).toEqual({ set, whole: count, lossless: count });
    expect(clean).toBeGreaterThanOrEqual(count * 0.9);
  }
});

test('both other parsers are reached or passed, in what is whole and in what is clean', () => {
  for (const other of ['email-reply-parser', 'planer'])
    for (const line of of(other)) {
      const ours = of('parley').find(({ set }) => set === line.set);
      expect(ours?.whole).toBeGreaterThanOrEqual(line.whole);
      expect(ours?.clean).toBeGreaterThanOrEqual(line.clean);
    }
});
