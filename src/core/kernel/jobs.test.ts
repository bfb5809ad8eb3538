import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { asOwner, testDatabase } from '../../testing/database.ts';
import type { Database } from './db.ts';
import type { JobRun, Jobs } from './jobs.ts';
import { startJobs } from './jobs.ts';

jest.setTimeout(60_000);

let database: Database;
let started: Jobs[];

beforeEach(async () => {
  database = await testDatabase();
  started = [];
});
afterEach(async () => {
  await Promise.all(started.map((jobs) => jobs.stop()));
  await database.close();
});

/** Longer than the lease of these tests. */
const LONG = 4_000;
const LEASE = 1.5;

async function worker(
  run: (job: JobRun<{ name: string }>) => Promise<void>,
  stopSeconds = 10,
  beating = { leaseSeconds: LEASE, beatSeconds: 0.3 },
): Promise<Jobs> {
  const times = { ...beating, stopSeconds };
  const jobs = await startJobs(database, { works: true, onError: () => undefined, ...times });
  started.push(jobs);
  await jobs.work<{ name: string }>('react', { together: 4 }, run);
  return jobs;
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  for (let wait = 0; wait < 200; wait += 1) {
    if (await holds()) return;
    await pause(100);
  }
  throw new Error('it did not happen within 20 s');
}

const stateOf = async (name: string) =>
  (await asOwner(database)(`select state, retry_count from pgboss.job where data ->> 'name' = $1`, [name]))[0];

const react = (name: string) => ({ queue: 'react' as const, data: { name } });

test('a job that takes longer than a lease runs once while its worker lives, however many others look on', async () => {
  const runs: string[] = [];
  const run = async ({ data }: JobRun<{ name: string }>) => {
    runs.push(data.name);
    await pause(LONG);
  };
  const jobs = await worker(run);
  await worker(run);

  await jobs.ask([react('long')]);
  await until(async () => (await stateOf('long'))?.state === 'completed');

  expect(runs).toEqual(['long']);
});

test('each job is settled as soon as it is done, whatever those take that came with it', async () => {
  const jobs = await worker(({ data }) => pause(data.name === 'slow' ? LONG : 0) as Promise<void>);

  await jobs.ask([react('slow'), react('quick'), react('as quick')]);
  await until(async () => (await stateOf('slow'))?.state === 'active');
  await pause(1_000);

  expect(await stateOf('slow')).toMatchObject({ state: 'active' });
  expect(await stateOf('quick')).toMatchObject({ state: 'completed' });
  expect(await stateOf('as quick')).toMatchObject({ state: 'completed' });
});

test('what waits behind another in its order starts once that one is settled, without waiting for the next look', async () => {
  // As on a disk that takes its time.
  await asOwner(
    database,
  )(`create function slowly() returns trigger language plpgsql as $$ begin perform pg_sleep(0.05); return new; end $$;
    create trigger slowly before update on pgboss.job_common for each row when (new.state = 'completed') execute function slowly()`);
  const jobs = await startJobs(database, { works: true, onError: () => undefined });
  started.push(jobs);
  const runs: number[] = [];
  await jobs.work<{ index: number }>('push', { together: 8 }, async ({ data }) => {
    runs.push(data.index);
  });
  const indexes = Array.from({ length: 12 }, (_, index) => index);
  const asked = performance.now();

  for (const index of indexes) await jobs.ask([{ queue: 'push', key: 'one thing', data: { index } }]);
  await until(() => runs.length === indexes.length);

  expect(runs).toEqual(indexes);
  // A look every two seconds would take more than twenty.
  expect(performance.now() - asked).toBeLessThan(8_000);
});

test('a slow job holds up nobody: what comes later starts beside it', async () => {
  const done: string[] = [];
  const jobs = await worker(async ({ data }) => {
    await pause(data.name === 'slow' ? LONG : 0);
    done.push(data.name);
  });

  await jobs.ask([react('slow')]);
  await until(async () => (await stateOf('slow'))?.state === 'active');
  await jobs.ask(Array.from({ length: 12 }, (_, index) => react(`later ${index}`)));
  await until(() => done.length >= 12);

  expect(done).not.toContain('slow');
});

test('the job of a worker that died is taken over once nothing was heard of it for a lease', async () => {
  const runs: number[] = [];
  const jobs = await worker(async ({ attempt }) => {
    runs.push(attempt);
  });
  await jobs.ask([{ ...react('orphan'), delay: 3_600 }]);

  await asOwner(
    database,
  )(`update pgboss.job set state = 'active', start_after = now(), started_on = now() - interval '1 minute',
    heartbeat_on = now() - interval '1 minute' where data ->> 'name' = 'orphan'`);
  await until(async () => (await stateOf('orphan'))?.state === 'completed');

  expect(runs).toEqual([1]);
});

test.each([
  [
    'at once, where something else in the queue shows that the database lived meanwhile',
    `now() - interval '19 seconds'`,
    true,
  ],
  ['later, where the database may have stood still: the living are heard first', 'now()', false],
])('whoever starts takes over what a worker left that died, %s', async (_when, createdOn, taken) => {
  await (await worker(async () => undefined)).ask([
    { ...react('orphan'), delay: 3_600 },
    { ...react('other'), delay: 3_600 },
  ]);
  await started.pop()?.stop();
  const owner = asOwner(database);
  await owner(`update pgboss.job set state = 'active', created_on = now() - interval '1 minute', start_after = now(),
    started_on = now() - interval '1 minute', heartbeat_on = now() - interval '1 minute' where data ->> 'name' = 'orphan'`);
  // It was started between, and beats: what it says of long ago stands beside what it says of now.
  await owner(`update pgboss.job set state = 'active', created_on = ${createdOn}, started_on = now(), heartbeat_on = now()
    where data ->> 'name' = 'other'`);

  await worker(async () => undefined, 10, { leaseSeconds: 20, beatSeconds: 9 });
  await pause(5_000);

  expect(await stateOf('orphan')).toMatchObject({ state: taken ? 'completed' : 'active' });
});

test('a worker that was given up and comes back settles nothing, and its run is told that it ended', async () => {
  const runs: { attempt: number; signal: AbortSignal; end: () => void }[] = [];
  const jobs = await worker(
    ({ attempt, signal }) => new Promise<void>((end) => void runs.push({ attempt, signal, end })),
  );
  await jobs.ask([react('lost')]);
  await until(() => runs.length === 1);

  // As after a long sleep of its machine: another one has taken it over.
  await asOwner(database)(`update pgboss.job set state = 'created' where data ->> 'name' = 'lost'`);
  await until(() => runs.length === 2);
  await until(() => runs[0]?.signal.aborted ?? false);
  runs[0]?.end();
  await pause(1_000);

  expect(await stateOf('lost')).toMatchObject({ state: 'active', retry_count: 1 });
  runs[1]?.end();
  await until(async () => (await stateOf('lost'))?.state === 'completed');
  expect(runs.map(({ attempt }) => attempt)).toEqual([0, 1]);
});

test('whoever stops finishes what is short, hands back what is long, and tells it to end', async () => {
  const ended: string[] = [];
  const stopping = await worker(async ({ data, signal }) => {
    await (data.name === 'long' ? new Promise((end) => signal.addEventListener('abort', end)) : pause(500));
    signal.throwIfAborted();
    ended.push(data.name);
  }, 1);
  await stopping.ask([react('long'), react('short')]);
  await until(async () => (await stateOf('short'))?.state === 'active' && (await stateOf('long'))?.state === 'active');

  await stopping.stop();

  expect(ended).toEqual(['short']);
  expect(await stateOf('short')).toMatchObject({ state: 'completed' });
  expect(await stateOf('long')).toMatchObject({ state: 'created' });
});
