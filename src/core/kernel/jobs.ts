import { PgBoss } from 'pg-boss';
import type { Database, Transaction } from './db.ts';
import type { Bell } from './wake.ts';
import { bellOf } from './wake.ts';

/**
 * The queues. `event` fans one event out to its consumers; the others each do one thing for one of them.
 * Leases are short, so that a crashed worker's jobs are taken over within half a minute.
 */
export const QUEUES = {
  event: { policy: 'standard', retryLimit: 20 },
  // A worker's death counts as a try: the limits leave room for many.
  react: { policy: 'standard', retryLimit: 30 },
  announce: { policy: 'standard', retryLimit: 30 },
  // At most one waiting and one running per card: what waits will draw the newest state.
  refresh: { policy: 'stately', retryLimit: 30 },
  // In the order of the events of one thing, so that a tool never sees states go backwards.
  push: { policy: 'key_strict_fifo', retryLimit: 30 },
  inbox: { policy: 'standard', retryLimit: 8 },
  sweep: { policy: 'stately', retryLimit: 3 },
} as const satisfies Record<string, { policy: string; retryLimit: number }>;

export type Queue = keyof typeof QUEUES;

/** Where jobs go that failed after all their tries; `npm run parley -- jobs dead` shows them. */
const DEAD = 'dead';

/** Seconds after which a running job counts as lost. Calls to platforms give up after 10. */
export const LEASE_SECONDS = 15;

/** How often a worker looks without being called: often enough for retries, rarely enough to cost nothing at rest. */
const POLL_SECONDS = 2;

export interface Job<Data extends object = object> {
  queue: Queue;
  data: Data;
  /** Orders or merges jobs of a queue, by its policy. */
  key?: string;
  /** Seconds to wait before the first try. */
  delay?: number;
}

export interface JobRun<Data> {
  id: string;
  data: Data;
  /** 0 for the first try. */
  attempt: number;
  signal: AbortSignal;
}

/** A failure that says when to come back (429 with Retry-After). */
export class RetryLater extends Error {
  readonly seconds: number;

  constructor(seconds: number, message: string) {
    super(message);
    this.name = 'RetryLater';
    this.seconds = seconds;
  }
}

export interface Jobs {
  /** Stores jobs in the open transaction, with statements that are sent at once; the jobs start once it commits. */
  enqueue(transaction: Pick<Transaction, 'query' | 'afterCommit'>, jobs: Job[]): Promise<unknown>;
  /** Stores jobs on their own (schedules). */
  ask(jobs: Job[]): Promise<void>;
  work<Data extends object>(
    queue: Queue,
    options: { together: number },
    run: (job: JobRun<Data>) => Promise<void>,
  ): Promise<void>;
  /** Jobs that failed for good, newest first. */
  dead(limit: number): Promise<{ id: string; queue: string; data: unknown; error: unknown; at: Date }[]>;
  /** Puts dead jobs back into their queues; returns how many. */
  redrive(): Promise<number>;
  /** Waiting and running jobs per queue. */
  counts(): Promise<Record<string, { waiting: number; active: number; failed: number }>>;
  stop(): Promise<void>;
}

/** Installs or upgrades the queue's own schema, as the owner of the database. */
export async function installQueues(
  owner: { executeSql(text: string, values?: unknown[]): Promise<{ rows: unknown[] }> },
  embedded: boolean,
): Promise<void> {
  const boss = new PgBoss({
    db: owner as never,
    backend: embedded ? 'pglite' : 'postgres',
    schedule: false,
    supervise: false,
  });
  await boss.start();
  await boss.createQueue(DEAD, { retentionSeconds: 90 * 86_400 });
  for (const [name, { policy, retryLimit }] of Object.entries(QUEUES)) {
    const options = {
      retryLimit,
      retryDelay: 1,
      retryBackoff: true,
      retryDelayMax: 300,
      expireInSeconds: LEASE_SECONDS,
      // The bell rings after the commit instead (see wake.ts).
      notify: false,
      deadLetter: DEAD,
      deleteAfterSeconds: 3_600,
    };
    if (await boss.getQueue(name)) await boss.updateQueue(name, options);
    else await boss.createQueue(name, { ...options, policy });
  }
  await boss.stop({ graceful: false, close: false });
}

/** Starts the queue on the runtime pool. A process that only stores jobs (`works: false`) neither listens nor supervises. */
export async function startJobs(
  database: Database,
  options: { works: boolean; onError(error: Error): void },
): Promise<Jobs> {
  const boss = new PgBoss({
    ...(database.url
      ? { connectionString: database.url, max: options.works ? 3 : 1, application_name: 'parley-jobs' }
      : { db: embeddedDb(database) }),
    backend: database.embedded ? 'pglite' : 'postgres',
    migrate: false,
    createSchema: false,
    schedule: false,
    supervise: options.works,
    superviseIntervalSeconds: 2,
    monitorIntervalSeconds: 2,
    maintenanceIntervalSeconds: 60,
    reindex: false,
    monitorVacuum: false,
  } as ConstructorParameters<typeof PgBoss>[0]);
  boss.on('error', options.onError);
  await boss.start();
  const bell = bellOf(database);
  const workers = new Map<string, string[]>();
  const wake = (queue: string) => {
    for (const worker of workers.get(queue) ?? []) boss.notifyWorker(worker);
  };
  // At once and not only after the first interval: what a worker that died had been doing may have waited long enough.
  if (options.works) boss.supervise().catch(options.onError);
  const stopListening = options.works ? await bell.listen(wake) : async () => undefined;
  return jobsOn(boss, { bell, workers, wake, stopListening, inserts: await insertTexts(boss) });
}

interface Parts {
  bell: Bell;
  /** Queue → the ids of its workers here. */
  workers: Map<string, string[]>;
  wake(queue: string): void;
  stopListening: () => Promise<void>;
  inserts: ReadonlyMap<Queue, string>;
}

function jobsOn(boss: PgBoss, { bell, workers, wake, stopListening, inserts }: Parts): Jobs {
  const queuesOf = (jobs: Job[]) => new Set(jobs.filter((job) => !job.delay).map((job) => job.queue));
  return {
    enqueue: (transaction, jobs) => {
      transaction.afterCommit(() => bell.ring(queuesOf(jobs)));
      return Promise.all(
        [...Map.groupBy(jobs, (job) => job.queue)].map(([queue, list]) => {
          const values = [JSON.stringify(list.map(rowOf))];
          return transaction.query({ name: `insert-${queue}`, text: inserts.get(queue) ?? '', values });
        }),
      );
    },
    ask: async (jobs) => {
      await insertAll(boss, jobs);
      bell.ring(queuesOf(jobs));
    },
    work: async (queue, { together }, run) => {
      const ids: string[] = [];
      workers.set(queue, ids);
      for (let worker = 0; worker < together; worker += 1) {
        const id = await boss.work(
          queue,
          // Polling is the floor under the bell: retries and jobs whose worker died wait for it.
          {
            batchSize: 8,
            burstWhenBatchFull: true,
            perJobResults: true,
            includeMetadata: true,
            pollingIntervalSeconds: POLL_SECONDS,
          },
          async (batch) => {
            const settled = await Promise.all(batch.map((job) => settle(boss, queue, job as never, run as never)));
            // What waited behind these in its order can start now, without a bell of its own.
            if (QUEUES[queue].policy === 'key_strict_fifo') setImmediate(() => wake(queue));
            return settled;
          },
        );
        ids.push(id);
      }
    },
    dead: async (limit) => {
      const found = await boss.findJobs(DEAD, { queued: true });
      return found
        .sort((a, b) => b.createdOn.getTime() - a.createdOn.getTime())
        .slice(0, limit)
        .map((job) => ({
          id: job.id,
          queue: job.sourceName ?? '?',
          data: job.data,
          error: job.sourceOutput ?? job.output,
          at: job.createdOn,
        }));
    },
    redrive: async () => Number(await boss.redrive(DEAD)),
    counts: async () => {
      const counts: Record<string, { waiting: number; active: number; failed: number }> = {};
      for (const queue of [...Object.keys(QUEUES), DEAD]) {
        const [stats] = [await boss.getQueueStats(queue, { force: true })].flat();
        counts[queue] = {
          waiting: stats?.queuedCount ?? 0,
          active: stats?.activeCount ?? 0,
          failed: stats?.failedCount ?? 0,
        };
      }
      return counts;
    },
    stop: async () => {
      await stopListening();
      await boss.stop({ graceful: true, close: true, timeout: 10_000 });
    },
  };
}

async function settle<Data extends object>(
  boss: PgBoss,
  queue: Queue,
  job: { id: string; data: Data; retryCount: number; signal: AbortSignal },
  run: (job: JobRun<Data>) => Promise<void>,
) {
  try {
    await run({ id: job.id, data: job.data, attempt: job.retryCount, signal: job.signal });
    return { id: job.id, status: 'completed' as const };
  } catch (error) {
    // In a queue that keeps an order the job itself must wait, so that nothing overtakes it; elsewhere a later copy does.
    if (error instanceof RetryLater && QUEUES[queue].policy === 'standard') {
      await boss.insert(queue, [{ data: job.data, startAfter: error.seconds }]);
      return { id: job.id, status: 'completed' as const };
    }
    return {
      id: job.id,
      status: 'failed' as const,
      output: { message: error instanceof Error ? error.message : String(error) },
    };
  }
}

async function insertAll(boss: PgBoss, jobs: Job[]): Promise<void> {
  const byQueue = Map.groupBy(jobs, (job) => job.queue);
  await Promise.all([...byQueue].map(([queue, list]) => boss.insert(queue, list.map(rowOf))));
}

function rowOf(job: Job) {
  return {
    data: job.data,
    ...(job.key ? { singletonKey: job.key } : {}),
    ...(job.delay ? { startAfter: job.delay } : {}),
  };
}

/** pg-boss's own insert of each queue, asked once: stored with it, a job waits for nothing between the command and the commit. */
async function insertTexts(boss: PgBoss): Promise<ReadonlyMap<Queue, string>> {
  const texts = new Map<Queue, string>();
  for (const queue of Object.keys(QUEUES) as Queue[]) {
    const executeSql = async (text: string) => {
      texts.set(queue, text);
      return { rows: [] };
    };
    await boss.insert(queue, [{ data: {}, singletonKey: 'any' }], { db: { executeSql } as never });
  }
  return texts;
}

function embeddedDb(database: Database): object {
  const { pool } = database;
  return {
    executeSql: async (text: string, values?: unknown[]) => {
      const result = await pool.query(text, values as unknown[]);
      const results = Array.isArray(result) ? result : [result];
      return { rows: results.flatMap((one) => one.rows ?? []) };
    },
  };
}
