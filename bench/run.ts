/**
 * The benchmark: each promise about speed beside its floor, in one go.
 *
 * Usage: npm run bench [-- --only a,c] [--rounds 6] [--seconds 8] [--json file] [--write]
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { api } from './api/index.ts';
import { openCluster } from './cluster.ts';
import { delivery } from './delivery/index.ts';
import { firms } from './firms/index.ts';
import { growth } from './growth/index.ts';
import { jobs } from './jobs/index.ts';
import type { Bench, Part } from './part.ts';
import { policies } from './policies/index.ts';
import { press } from './press/index.ts';
import type { PartReport } from './report.ts';
import { facts, markdown, plainPart, plainTable, withParts } from './report.ts';
import { rest } from './rest/index.ts';
import { startLoad } from './rounds.ts';
import { webhook } from './webhook/index.ts';
import { years } from './years/index.ts';

const parts: Part[] = [
  { id: 'a', title: 'A press in Slack', run: press },
  { id: 'b', title: 'A webhook of Jira', run: webhook },
  { id: 'c', title: 'Row level security on reads', run: policies },
  { id: 'd', title: 'From commit to job', run: jobs },
  { id: 'e', title: 'The hub at rest', run: rest },
  { id: 'f', title: 'Ten thousand firms', run: firms },
  { id: 'g', title: 'Two thousand cards', run: delivery },
  { id: 'h', title: 'Bytes kept', run: growth },
  { id: 'i', title: 'A firm after years', run: years },
  { id: 'j', title: 'A ticket by the API', run: api },
];

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: parts.map(({ id }) => id).join(',') },
    rounds: { type: 'string', default: '6' },
    seconds: { type: 'string', default: '8' },
    tickets: { type: 'string', default: '1000000' },
    backlog: { type: 'string', default: '50000' },
    rest: { type: 'string', default: '30' },
    commands: { type: 'string', default: '3000' },
    json: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});
const chosen = parts.filter(({ id }) => options.only.split(',').includes(id));
const effort = {
  rounds: Number(options.rounds),
  seconds: Number(options.seconds),
  tickets: Number(options.tickets),
  backlog: Number(options.backlog),
  rest: Number(options.rest),
  commands: Number(options.commands),
};
if (!chosen.length || Object.values(effort).some((number) => !(number > 0)) || effort.rounds % 2) {
  console.error(
    `There are the parts ${parts.map(({ id }) => id).join(', ')}; numbers are above 0, and of rounds even.`,
  );
  process.exit(2);
}

const cluster = await openCluster();
const load = startLoad();
const reports: PartReport[] = [];
try {
  for (const part of chosen) {
    const bench: Bench = { cluster, load, effort, log: (line) => console.error(`  (${part.id}) ${line}`) };
    const report = await part.run(bench);
    reports.push(report);
    console.log(plainPart(report));
  }
} finally {
  load.stop();
  await cluster.stop();
}

const factRows = facts(cluster, `${effort.rounds} rounds of ${effort.seconds} s a side, 16 connections`);
console.log(plainTable({ columns: ['', ''], rows: factRows }));
const passes = reports.flatMap(({ results }) => results.map(({ pass }) => pass));
const [missed, open] = [false, null].map((one) => passes.filter((pass) => pass === one).length);
console.log(`\n${missed || open ? `${missed} targets missed, ${open} not measured` : 'all targets met'}`);
if (options.json) await writeFile(options.json, `${JSON.stringify({ facts: factRows, parts: reports }, null, 2)}\n`);
if (options.write) {
  const page = join(import.meta.dirname, '../docs/performance.md');
  const isWhole = chosen.length === parts.length;
  const text = isWhole ? markdown(factRows, reports) : withParts(await readFile(page, 'utf8'), factRows, reports);
  await writeFile(page, text);
}
process.exitCode = missed ? 1 : 0;
