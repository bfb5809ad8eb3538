import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Ending } from '../../src/core/kernel/db.ts';
import type { App } from '../../src/core/kernel/registry.ts';
import { runCommand } from '../../src/core/kernel/registry.ts';
import type { BenchDatabase } from '../cluster.ts';
import type { BenchFirm } from '../firm.ts';
import { makeFirm } from '../firm.ts';
import { median, percentile, three } from '../numbers.ts';
import type { Bench } from '../part.ts';
import type { PartReport } from '../report.ts';
import { benchApp } from './app.ts';
import type { WorkerAnswer } from './worker.ts';

/** Commands a second while the latency is measured: busy, far from full. */
const RATE = 50;
const FEW = 500;
/** Jobs of the large backlog whose starts are timed; long enough for a steady rate, short enough that the backlog stays large. */
const TIMED = 5_000;

/** (d) How soon a job starts after its commit, and whether a backlog slows the queue down. */
export async function jobs(bench: Bench): Promise<PartReport> {
  const { cluster, effort, log } = bench;
  const database = await cluster.database('jobs');
  const worker = await startWorker(database.loginUrl);
  const app = await benchApp(database.loginUrl, false);
  try {
    const firm = await makeFirm(database.owner);
    await latencies(app, worker, database, firm, 2);
    const rounds: { p50: number; p99: number }[] = [];
    for (let round = 0; round < effort.rounds; round += 1) {
      const found = await latencies(app, worker, database, firm, effort.seconds);
      rounds.push({ p50: percentile(found, 50), p99: percentile(found, 99) });
      log(`commit → start p50 ${three(percentile(found, 50))} ms, p99 ${three(percentile(found, 99))} ms`);
    }
    // What the server does by itself within the first minute of a busy queue: without statistics its plans are far off.
    await database.owner.query('vacuum analyze pgboss.job_common');
    const few: number[] = [];
    const many: number[] = [];
    await drain(app, worker, database, FEW);
    for (let round = 0; round < effort.rounds; round += 1) {
      const some = [];
      for (let batch = 0; batch < 5; batch += 1) some.push(await drain(app, worker, database, FEW));
      few.push(median(some));
      many.push(await drain(app, worker, database, effort.backlog));
      log(`drain at ${FEW}: ${three(few.at(-1) ?? 0)}/s, at ${effort.backlog}: ${three(many.at(-1) ?? 0)}/s`);
    }
    const p99 = median(rounds.map((round) => round.p99));
    const ratio = median(many.map((rate, round) => rate / (few[round] ?? 0)));
    return {
      id: 'd',
      title: 'From commit to job',
      how: `Commands of one process at ${RATE} a second; a worker in a second process notes when the job of each command's event starts, on the machine's one clock. The time runs from the moment the commit is known to the process that ran the command. Then jobs that do nothing are stored in one transaction, ${FEW} or ${effort.backlog.toLocaleString('en')}, and the worker's rate is read over its first ${FEW} or ${TIMED.toLocaleString('en')} starts.`,
      tables: [
        {
          columns: ['median of the rounds', 'p50', 'p99'],
          rows: [['commit → job started, ms', three(median(rounds.map((round) => round.p50))), three(p99)]],
        },
        {
          columns: ['waiting jobs', 'started a second'],
          rows: [
            [String(FEW), three(median(few))],
            [effort.backlog.toLocaleString('en'), three(median(many))],
          ],
        },
      ],
      results: [
        { name: 'commit → job started, p99', target: '< 50 ms', measured: `${three(p99)} ms`, pass: p99 < 50 },
        {
          name: `drain with ${effort.backlog} waiting`,
          target: `≥ 0.8 of the rate with ${FEW}`,
          measured: three(ratio),
          pass: ratio >= 0.8,
        },
      ],
    };
  } finally {
    worker.stop();
    await app.jobs.stop();
    await app.database.close();
    await database.drop();
  }
}

interface Worker {
  /** What started since it was asked last. */
  started(): Promise<WorkerAnswer>;
  stop(): void;
}

async function startWorker(url: string): Promise<Worker> {
  const child = fork(fileURLToPath(new URL('./worker.ts', import.meta.url)), {
    env: { ...process.env, DATABASE_APP_URL: url },
    execArgv: [],
  });
  await once(child, 'message');
  return {
    started: async () => {
      const answer = once(child, 'message');
      child.send('started');
      return ((await answer) as [WorkerAnswer])[0];
    },
    stop: () => child.kill('SIGKILL'),
  };
}

/** Milliseconds from commit to start of each command's job. */
async function latencies(
  app: App,
  worker: Worker,
  database: BenchDatabase,
  firm: BenchFirm,
  seconds: number,
): Promise<number[]> {
  const who = {
    kind: 'person',
    tenantId: firm.tenantId,
    personId: firm.adminId,
    channel: 'cli',
    assurance: 'sso',
  } as const;
  const projects = firm.people.flatMap((person) => person.projects);
  const committed = new Map<string, bigint>();
  const running: Promise<void>[] = [];
  for (let index = 0; index < seconds * RATE; index += 1) {
    const request = {
      name: 'bench.touch',
      input: { project: projects[index % projects.length] },
      requestId: crypto.randomUUID(),
    };
    running.push(
      runCommand(app, who, request).then(() => void committed.set(request.requestId, process.hrtime.bigint())),
    );
    await sleep(1000 / RATE);
  }
  await Promise.all(running);
  const started = new Map<string, bigint>();
  for (let wait = 0; started.size < committed.size && wait < 100; wait += 1) {
    for (const { id, at } of await worker.started()) started.set(id, BigInt(at));
    await sleep(100);
  }
  if (started.size < committed.size) throw new Error(`${committed.size - started.size} jobs did not start within 10 s`);
  const { rows } = await database.owner.query('select id, request_id from event where request_id = any($1)', [
    [...committed.keys()],
  ]);
  return (rows as { id: string; request_id: string }[]).map(
    ({ id, request_id }) => Number((started.get(id) ?? 0n) - (committed.get(request_id) ?? 0n)) / 1e6,
  );
}

/** Jobs a second that the worker starts while so many wait. */
async function drain(app: App, worker: Worker, database: BenchDatabase, waiting: number): Promise<number> {
  const client = await app.database.pool.connect();
  const afterwards: (() => void)[] = [];
  await client.query('begin');
  for (let stored = 0; stored < waiting; stored += 2_500) {
    const list = Array.from({ length: Math.min(2_500, waiting - stored) }, (_, index) => ({
      queue: 'event' as const,
      data: { tenantId: '', eventId: String(stored + index) },
    }));
    const send: Ending['send'] = (statement) => client.query(statement);
    app.jobs.enqueue({ send, afterCommit: (then) => void afterwards.push(then) }, list);
  }
  await client.query('commit');
  for (const then of afterwards) then();
  client.release();
  const timed = Math.min(waiting, TIMED);
  const starts: bigint[] = [];
  while (starts.length < timed) {
    starts.push(...(await worker.started()).map(({ at }) => BigInt(at)));
    await sleep(10);
  }
  await database.owner.query(`delete from pgboss.job where name = 'event' and state < 'active'`);
  await sleep(500);
  await worker.started();
  await database.owner.query('vacuum pgboss.job');
  const [first = 0n, last = 0n] = [starts[0], starts[timed - 1]];
  return ((timed - 1) / Number(last - first)) * 1e9;
}
