import type { PgBoss } from 'pg-boss';
import type { Database } from './db.ts';

/** How often is looked for jobs whose worker died, in milliseconds. */
const LOOK_EVERY = 1_000;
/** A job that outlives so many workers may be what kills them: from then on the queue's own patience decides. */
const DEATHS = 20;

/**
 * Puts jobs whose worker died back into their queues, at once: the queue itself would treat a death like a failure and
 * wait longer after each.
 * @param lease seconds after which a running job counts as lost
 * @returns how to stop
 */
export function adoptOrphans(
  boss: PgBoss,
  database: Database,
  options: {
    lease: number;
    onAdopted(queue: string): void;
    onError(error: Error): void;
  },
): () => Promise<void> {
  let looking = look(boss, database, options);
  const timer = setInterval(() => {
    looking = looking.then(() => look(boss, database, options));
  }, LOOK_EVERY);
  return () => {
    clearInterval(timer);
    return looking;
  };
}

type Options = Parameters<typeof adoptOrphans>[2];

async function look(boss: PgBoss, database: Database, options: Options): Promise<void> {
  try {
    const { rows } = await database.pool.query<{ queue: string }>(
      `select distinct name as queue from pgboss.job ${LOST}`,
      [options.lease, DEATHS],
    );
    for (const { queue } of rows) {
      // A few at a time: this worker may be the next to die, and what is done shall stay done.
      while ((await adopt(boss, database, options.lease, queue)) === TOGETHER);
      options.onAdopted(queue);
    }
  } catch (error) {
    options.onError(error as Error);
  }
}

const LOST = `where state = 'active' and started_on < now() - make_interval(secs => $1) and retry_count < $2`;
const TOGETHER = 20;

/** Together or not at all: a job that was only cancelled would be lost. */
async function adopt(boss: PgBoss, database: Database, lease: number, queue: string): Promise<number> {
  const client = await database.pool.connect();
  const db = { executeSql: (text: string, values?: unknown[]) => client.query(text, values as unknown[]) };
  try {
    await client.query('begin');
    // What another worker is taking over at this moment is left to it.
    const { rows } = await client.query<{ id: string }>(
      `select id from pgboss.job ${LOST} and name = $3 limit $4 for update skip locked`,
      [lease, DEATHS, queue, TOGETHER],
    );
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
