/**
 * Measures how answers by mail are read, beside the two parsers that are the least we must reach, and prints a table.
 * What is held out is counted and not looked at.
 *
 * Usage: npm run mail:quality [-- --json]
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import planer from 'planer';
import { corpus } from '../src/bots/email/corpus/mails.ts';
import { openReader } from '../src/bots/email/read.ts';
import type { Expected, Score } from './mail-measure.ts';
import { readersOf, scoreOf } from './mail-measure.ts';
import { REAL } from './mail-real.ts';

interface Case extends Expected {
  name: string;
  raw: Buffer;
  set: 'real' | 'tuned on' | 'held out';
}

interface Line {
  reader: string;
  set: Case['set'];
  count: number;
  whole: number;
  clean: number;
  lossless: number;
}

const real = join(import.meta.dirname, '../../../shared/mail/email_reply_parser');
const lines = new Map<string, Line>();
const missed: string[] = [];
const readers = readersOf(openReader(), (text) => planer.extractFrom(text, 'text/plain'));
for (const one of cases()) {
  for (const [reader, read] of Object.entries(readers)) {
    // The others do not end on some of them.
    if (reader !== 'parley' && one.set === 'real') continue;
    note(reader, one, scoreOf(await read(one.raw), one));
  }
}
console.log(process.argv.includes('--json') ? JSON.stringify([...lines.values()]) : table());

function note(reader: string, { name, set }: Case, score: Score): void {
  const key = `${reader} ${set}`;
  const line = lines.get(key) ?? { reader, set, count: 0, whole: 0, clean: 0, lossless: 0 };
  lines.set(key, line);
  line.count += 1;
  const not = (['whole', 'clean', 'lossless'] as const).filter((what) => !score[what]);
  for (const what of ['whole', 'clean', 'lossless'] as const) line[what] += Number(score[what]);
  if (reader === 'parley' && set !== 'held out' && not.length) missed.push(`missed: ${name} is not ${not.join(', ')}`);
}

function cases(): Case[] {
  const made = corpus().map((mail): Case => ({ ...mail, set: mail.heldOut ? 'held out' : 'tuned on' }));
  // Not everybody has them: they are no part of this repository.
  if (!existsSync(real)) return made;
  const head = Buffer.from('Content-Type: text/plain; charset=utf-8\r\n\r\n');
  const read = Object.entries(REAL).map(([name, expected]): Case => {
    return { name, set: 'real', ...expected, raw: Buffer.concat([head, readFileSync(join(real, `${name}.txt`))]) };
  });
  return [...read, ...made];
}

function table(): string {
  const rows = [...lines.values()].map((line) => {
    const lossless = line.reader === 'planer' ? 'deletes' : line.lossless;
    return `| ${line.reader} | ${line.set} | ${line.count} | ${line.whole} | ${line.clean} | ${lossless} |`;
  });
  const head = ['| reader | mails | count | whole | clean | lossless |', '|---|---|---|---|---|---|'];
  return [
    ...head,
    ...rows,
    '',
    ...missed,
    ...(existsSync(real) ? [] : ['The real mails (../shared/mail) are not here.']),
  ].join('\n');
}
