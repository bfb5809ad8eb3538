import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { openServer } from '../src/core/kernel/db.ts';
import { startJobs } from '../src/core/kernel/jobs.ts';
import type { BenchDatabase } from './cluster.ts';

/** Milliseconds from asking a sweep of the running hub until its last job is done. */
export async function sweep({ loginUrl, owner }: BenchDatabase, schedule: string): Promise<number> {
  const onError = (error: Error) => console.error(error.message);
  const login = openServer(loginUrl, { connections: 2, onError });
  const jobs = await startJobs(login, { works: false, onError });
  const started = performance.now();
  await jobs.ask([{ queue: 'sweep', key: schedule, data: { schedule } }]);
  await settled(owner, 20);
  const took = performance.now() - started;
  await jobs.stop();
  await login.close();
  return took;
}

/** Waits until the worker has nothing left to do. */
export async function settled(owner: pg.Pool, every = 200): Promise<void> {
  for (let wait = 0; wait < 120_000 / every; wait += 1) {
    const { rows } = await owner.query(
      `select from pgboss.job where state in ('created', 'retry', 'active') and name <> 'dead' limit 1`,
    );
    if (!rows.length) return;
    await pause(every);
  }
  throw new Error('the worker was not done after two minutes');
}
