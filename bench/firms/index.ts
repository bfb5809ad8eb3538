import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import type { BenchDatabase } from '../cluster.ts';
import type { BenchFirm } from '../firm.ts';
import { makeFirm } from '../firm.ts';
import { hubPlan, SLACK_SIGNING_SECRET } from '../hub.ts';
import { median, three } from '../numbers.ts';
import type { Bench } from '../part.ts';
import type { PartReport, Result } from '../report.ts';
import type { Server } from '../servers.ts';
import { cpuMs, rssMiB, startServer } from '../servers.ts';
import { settled, sweep } from '../sweeps.ts';

const REQUESTS = fileURLToPath(new URL('../press/requests.ts', import.meta.url));
const SLACK = fileURLToPath(new URL('../press/slack.ts', import.meta.url));
const FIRMS = 10_000;

interface Reading {
  cpu: number;
  statements: number;
  memory: number;
  p50: number;
  /** The one that looks at every cycle for the first time, and one after it. */
  firstSweepMs: number;
  sweepMs: number;
}

/** (f) Many firms that do nothing beside one that works: what they cost the process, and the one. */
export async function firms(bench: Bench): Promise<PartReport> {
  const [one, many] = await readings(bench);
  const ratios: [string, (reading: Reading) => number][] = [
    ['CPU at rest, % of one core', ({ cpu }) => cpu],
    ['statements a minute at rest', ({ statements }) => statements],
    ['memory, MiB', ({ memory }) => memory],
    ['press p50, ms', ({ p50 }) => p50],
  ];
  return {
    id: 'f',
    title: 'Ten thousand firms',
    how: `One firm that presses, alone in its database and beside ${(FIRMS - 1).toLocaleString('en')} firms of five clients with a project and a cycle under way each.
Two hubs, pressed by turns. CPU and statements (transactions of the server, less those of the reader) are read while nobody presses, of both in the same ${bench.effort.rest} s after as many of rest, in which every schedule is asked once; a sweep is timed from the asking to its last job's end.`,
    tables: [
      {
        columns: ['', 'one firm', `${FIRMS.toLocaleString('en')} firms`, 'ratio'],
        rows: [
          ...ratios.map(([name, of]) => [name, three(of(one)), three(of(many)), three(of(many) / of(one))]),
          [
            'the first sweep of all, which looks at every cycle, ms',
            three(one.firstSweepMs),
            three(many.firstSweepMs),
            '',
          ],
          ['a sweep, ms', three(one.sweepMs), three(many.sweepMs), ''],
        ],
      },
    ],
    results: [
      ...ratios.map(
        ([name, of]): Result => ({
          name,
          target: '≤ 1.2 × that with one firm',
          measured: `${three(of(many) / of(one))} ×`,
          pass: of(many) <= 1.2 * of(one),
        }),
      ),
      { name: 'a sweep', target: '< 2 s', measured: `${three(many.sweepMs)} ms`, pass: many.sweepMs < 2_000 },
    ],
  };
}

/** Of a hub with one firm, and of one with all: both at rest at the same time, because a machine's minutes differ. */
async function readings(bench: Bench): Promise<[Reading, Reading]> {
  const { effort, log } = bench;
  const hubs: Hub[] = [];
  try {
    for (const others of [0, FIRMS - 1]) hubs.push(await open(bench, others));
    for (const { press } of hubs) await press(effort.seconds);
    for (let round = 0; round < effort.rounds; round += 1)
      for (const { press, presses } of hubs) presses.push(await press(effort.seconds));
    // What the presses asked for is delivered before anything is read.
    for (const { database } of hubs) await settled(database.owner);
    // The first sweep looks at every cycle once; then each is left alone until it may need something.
    for (const { database, sweeps } of hubs)
      sweeps.push(await sweep(database, 'cycles'), await sweep(database, 'cycles'));
    const found = await Promise.all(hubs.map((hub) => readingOf(hub, effort.rest)));
    log(JSON.stringify(found));
    return found as [Reading, Reading];
  } finally {
    for (const { close } of hubs) await close();
  }
}

/** What a hub spends while it rests, and what was measured of it before. */
async function readingOf(hub: Hub, seconds: number): Promise<Reading> {
  const rested = async () => {
    await sweep(hub.database, 'cycles');
    await sleep(seconds * 1_000);
    return { cpu: cpuMs(hub.server.pid), statements: await transactions(hub.database.owner) };
  };
  // A hub that was pressed just now looks after its queues more often for a while.
  const before = await rested();
  const after = await rested();
  const [firstSweepMs = Number.NaN, sweepMs = Number.NaN] = hub.sweeps;
  return {
    cpu: (after.cpu - before.cpu) / (seconds * 10),
    statements: (after.statements - before.statements) * (60 / seconds),
    memory: rssMiB(hub.server.pid),
    p50: median(hub.presses),
    firstSweepMs,
    sweepMs,
  };
}

interface Hub {
  server: Server;
  database: BenchDatabase;
  /** Presses for so many seconds; the median wait in ms. */
  press(seconds: number): Promise<number>;
  /** What it gave, round by round. */
  presses: number[];
  /** How long the first two sweeps took, in ms. */
  sweeps: number[];
  close(): Promise<void>;
}

/** A hub with a firm that presses, and so many others. */
async function open({ cluster, load }: Bench, others: number): Promise<Hub> {
  const database = await cluster.database(`firms_${others}`);
  const firm = await makeFirm(database.owner);
  await makeIdle(database.owner, others);
  const slack = await startServer({
    name: 'Slack stand-in',
    args: [SLACK],
    env: { SLACK_TEAM: firm.slackTeam },
    ready: '/',
  });
  const answerTo = `http://127.0.0.1:${slack.port}/`;
  const server = await startServer(hubPlan('both', database, firm, { SLACK_API_URL: answerTo }));
  return {
    server,
    database,
    press: (seconds) => pressing(load, server.port, firm, answerTo, seconds),
    presses: [],
    sweeps: [],
    close: async () => {
      await server.stop();
      await slack.stop();
      await database.drop();
    },
  };
}

async function pressing(
  load: Bench['load'],
  port: number,
  firm: BenchFirm,
  answerTo: string,
  seconds: number,
): Promise<number> {
  const params = { secret: SLACK_SIGNING_SECRET, firms: JSON.stringify([firm]), answerTo };
  // Two people at a time: the wait of a press is asked for, not the process's limit.
  const result = await load.send({
    requests: REQUESTS,
    params,
    port,
    connections: 2,
    seconds,
    prepare: seconds * 2_000,
  });
  if (!result.acknowledged.length) throw new Error(`no press was acknowledged: ${result.complaint}`);
  return result.p50;
}

/** Firms of five clients, each with a project and a cycle whose work has begun. */
async function makeIdle(owner: pg.Pool, count: number): Promise<void> {
  if (!count) return;
  await owner.query(
    `with f as (insert into firm (id, name, timezone) select gen_random_uuid(), 'Firm ' || n, 'Europe/Berlin' from generate_series(1, $1::int) n returning id),
      c as (insert into client (tenant_id, id, name, timezone) select f.id, gen_random_uuid(), 'Client ' || n, 'America/New_York' from f, generate_series(1, 5) n returning tenant_id, id),
      p as (insert into project (tenant_id, id, client_id, name, stage) select tenant_id, gen_random_uuid(), id, 'Website', 'build' from c returning tenant_id, id, client_id)
    insert into cycle (tenant_id, id, client_id, project_id, status, content_number, content_hash, name, starts_on, ends_on, review_opens_at, review_closes_at)
    select tenant_id, gen_random_uuid(), client_id, id, 'in_progress', 1, 'hash', 'Checkout', current_date - 7, current_date + 7,
      now() + interval '8 days', now() + interval '14 days' from p`,
    [count],
  );
  await owner.query('analyze');
}

async function transactions(owner: pg.Pool): Promise<number> {
  await sleep(1_100);
  const { rows } = await owner.query(
    'select xact_commit + xact_rollback as count from pg_stat_database where datname = current_database()',
  );
  return Number(rows[0]?.count);
}
