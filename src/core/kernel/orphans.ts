import type { PgBoss } from 'pg-boss';
import type { Database } from './db.ts';
import type { Claim } from './worker.ts';

/** How often is looked for jobs whose worker died, in milliseconds. */
const LOOK_EVERY = 1_000;
/** A look that takes longer, in milliseconds, says that the database or this process stood still: nobody could beat then. */
const STOOD_STILL = 2_000;
/** A job that outlives so many workers may be what kills them: from then on the queue's own patience decides. */
const DEATHS = 20;

interface Options {
  /** Seconds without a beat after which a running job counts as lost. */
  lease: number;
  /** Seconds between two beats of a living worker. */
  beat: number;
  onAdopted(queue: string): void;
  onError(error: Error): void;
}

/**
 * Puts jobs whose worker died back into their queues, at once: the queue itself would treat a death like a failure and
 * wait longer after each. A worker that lives says so (see worker.ts): its jobs are left to it, however long they take.
 * @returns how to stop
 */
export function adoptOrphans(boss: PgBoss, database: Database, options: Options): () => Promise<void> {
  // Who starts after a pause of the database must hear the living first.
  let calmSince = performance.now();
  let looked = performance.now();
  const look = async () => {
    const started = performance.now();
    if (started - looked > STOOD_STILL + LOOK_EVERY) calmSince = started;
    try {
      const patient = started - calmSince > 2 * options.beat * 1_000;
      if (patient || (await workedLately(database, options))) await adoptAll(boss, database, options);
      if (performance.now() - started > STOOD_STILL) calmSince = performance.now();
    } catch (error) {
      calmSince = performance.now();
      options.onError(error as Error);
    }
    looked = performance.now();
  };
  let looking = look();
  const timer = setInterval(() => {
    looking = looking.then(look);
  }, LOOK_EVERY);
  return () => {
    clearInterval(timer);
    return looking;
  };
}

/**
 * Did anything happen to a job two beats ago or earlier, within the lease? Then the database stood still for less than a lease
 * since, and whoever lives could beat. Where processes die every few seconds, none would otherwise live long enough to be patient.
 */
async function workedLately(database: Database, { lease, beat }: Options): Promise<boolean> {
  const { rows } = await database.pool.query<{ worked: boolean }>(
    `select exists (select from pgboss.job cross join unnest(array[created_on, started_on, heartbeat_on, completed_on]) as at
      where at between now() - make_interval(secs => $1) and now() - make_interval(secs => $2)) as worked`,
    [lease, 2 * beat],
  );
  return rows[0]?.worked ?? false;
}

// A worker of a version that did not beat is heard of once, when it begins.
const LOST = `where state = 'active' and coalesce(heartbeat_on, started_on) < now() - make_interval(secs => $1) and retry_count < $2`;
/** A few at a time: this worker may be the next to die, and what is done shall stay done. */
const TOGETHER = 20;

async function adoptAll(boss: PgBoss, database: Database, { lease, onAdopted }: Options): Promise<void> {
  const { rows } = await database.pool.query<{ queue: string }>(
    `select distinct name as queue from pgboss.job ${LOST}`,
    [lease, DEATHS],
  );
  for (const { queue } of rows) {
    while ((await adopt(boss, database, lease, queue)) === TOGETHER);
    onAdopted(queue);
  }
}

async function adopt(boss: PgBoss, database: Database, lease: number, queue: string): Promise<number> {
  return putBack(boss, database, queue, {
    // What another worker is taking over at this moment is left to it.
    text: `select id from pgboss.job ${LOST} and name = $3 limit $4 for update skip locked`,
    values: [lease, DEATHS, queue, TOGETHER],
  });
}

/** Gives claims back that their worker will not finish, as if they had not been taken; those it has lost are left alone. */
export async function handBack(boss: PgBoss, database: Database, queue: string, claims: Claim[]): Promise<void> {
  await putBack(boss, database, queue, {
    text: `select id from pgboss.job where name = $1 and state = 'active' and id = any($2::uuid[])
      and id::text || ':' || retry_count = any($3) for update`,
    values: [queue, claims.map(({ id }) => id), claims.map(({ id, retryCount }) => `${id}:${retryCount}`)],
  });
}

/** Together or not at all: a job that was only cancelled would be lost. */
async function putBack(
  boss: PgBoss,
  database: Database,
  queue: string,
  chosen: { text: string; values: unknown[] },
): Promise<number> {
  const client = await database.pool.connect();
  const db = { executeSql: (text: string, values?: unknown[]) => client.query(text, values as unknown[]) };
  try {
    await client.query('begin');
    const { rows } = await client.query<{ id: string }>(chosen.text, chosen.values);
    const ids = rows.map((row) => row.id);
    if (ids.length) await boss.cancel(queue, ids, { db });
    for (const id of ids) {
      await client.query('savepoint cancelled');
      await boss.resume(queue, id, { db }).catch(async (error: { code?: string }) => {
        if (error.code !== '23505') throw error;
        // Of its key another one waits already, which does the work of both.
        await client.query('rollback to cancelled');
      });
    }
    await client.query('commit');
    client.release();
    return ids.length;
  } catch (error) {
    client.release(error as Error);
    throw error;
  }
}
