/**
 * What an installation carries as it grows: one process, several, a synchronous standby, PgBouncer between. Not a promise beside a
 * floor like the other parts of the bench, but a table for whoever plans; docs/scaling.md keeps the last one.
 *
 * Usage: npm run bench:scale [-- --seconds 10] [--only "two webs"] [--write]
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { three } from '../numbers.ts';
import type { Table } from '../report.ts';
import { markdownTable, plainTable } from '../report.ts';
import type { Carried, Installation } from './installation.ts';
import { carry } from './installation.ts';

const INSTALLATIONS: readonly Installation[] = [
  { name: 'one process', webs: 0, workers: 0, both: 1 },
  { name: 'one web, one worker', webs: 1, workers: 1, both: 0 },
  { name: 'two webs, two workers', webs: 2, workers: 2, both: 0 },
  { name: 'two webs, two workers, a synchronous standby', webs: 2, workers: 2, both: 0, standby: true },
  { name: 'two webs, two workers, through PgBouncer', webs: 2, workers: 2, both: 0, bouncer: true },
];
const BEGIN = '<!-- written by npm run bench:scale -- --write -->';
const END = '<!-- until here -->';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '10' },
    only: { type: 'string', default: '' },
    write: { type: 'boolean', default: false },
  },
});

const carried: [Installation, Carried][] = [];
for (const installation of INSTALLATIONS.filter(({ name }) => name.includes(values.only))) {
  console.error(`  ${installation.name} …`);
  carried.push([installation, await carry(installation, Number(values.seconds))]);
}
const table: Table = {
  columns: [
    'installation',
    'presses a second',
    'p50, ms',
    'p99, ms',
    'cards posted a second until all were there',
    'connections to PostgreSQL',
    'memory of all processes, MiB',
    'PostgreSQL CPU a press, ms',
  ],
  rows: carried.map(([{ name }, one]) => [
    name,
    three(one.rate),
    three(one.p50),
    three(one.p99),
    three(one.cards),
    String(one.connections),
    three(one.memory),
    three(one.databaseCpuMs),
  ]),
};
console.log(plainTable(table));
if (values.write) {
  const path = join(import.meta.dirname, '../../docs/scaling.md');
  const text = await readFile(path, 'utf8');
  const [before, rest] = text.split(BEGIN);
  const after = rest?.split(END)[1];
  if (after === undefined) throw new Error(`${path} has no place for the table: ${BEGIN} … ${END}`);
  await writeFile(path, `${before}${BEGIN}\n\n${markdownTable(table)}\n\n${END}${after}`);
}
