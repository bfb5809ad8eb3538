import { PgBoss } from 'pg-boss';
import type { Database, Ending } from './db.ts';
import { reach } from './hosts.ts';
import { adoptOrphans, handBack } from './orphans.ts';
import type { Notifier } from './wake.ts';
import { notifierOf } from './wake.ts';
import type { Claim, Settled } from './worker.ts';
import { Worker } from './worker.ts';

/**
 * The queues. `event` fans one event out to its consumers; the others each do one thing for one of them.
 * A worker says every few seconds which jobs it still runs: those of one that died are taken over within half a minute.
 */
export const QUEUES = {
  event: { policy: 'standard', retryLimit: 20 },
  // A worker's death counts as a try: the limits leave room for many.
  react: { policy: 'standard', retryLimit: 30 },
  // What a room lacks. At most one waiting per room: it will find all that is due by then.
  deliver: { policy: 'short', retryLimit: 30 },
  // Cards one by one, as processes of the version before asked for them.
  announce: { policy: 'standard', retryLimit: 30 },
  refresh: { policy: 'short', retryLimit: 30 },
  // In the order of the events of one thing, so that a tool never sees states go backwards. One that waits long makes
  // all behind it wait.
  push: { policy: 'key_strict_fifo', retryLimit: 200, retryDelayMax: 30 },
  // What an endpoint is to be sent. At most one waiting per endpoint: it will find all that is due by then. When something is tried
  // again stands with it, not here.
  webhook: { policy: 'short', retryLimit: 5 },
  inbox: { policy: 'standard', retryLimit: 8 },
  // Links for signing in count for minutes: whoever gets none asks again.
  'sign-in': { policy: 'standard', retryLimit: 4 },
  // At most one waiting or running per schedule.
  sweep: { policy: 'exclusive', retryLimit: 3 },
} as const satisfies Record<string, QueueSettings>;

interface QueueSettings {
  policy: string;
  retryLimit: number;
  /** Seconds; the pause between tries grows up to this. */
  retryDelayMax?: number;
}

export type Queue = keyof typeof QUEUES;

/** Where jobs go that failed after all their tries; `npm run parley -- jobs dead` shows them. */
const DEAD = 'dead';

/** Seconds without a sign of life after which a running job counts as lost. Calls to platforms give up after 10. */
export const LEASE_SECONDS = 15;

/** Seconds between two signs of life: some may fail or be late before a job counts as lost. */
const BEAT_SECONDS = 3;

/** Seconds without a beat after which the queue itself gives a job up: those whose workers died too often (see orphans.ts). */
const SILENCE_SECONDS = 2 * LEASE_SECONDS;

/** Seconds after which the queue gives a job up though its worker lives: longer than any work here takes. */
const EXPIRY_SECONDS = 3_600;

/** Seconds that running jobs get to end when their worker stops, before they are handed back. */
const STOP_SECONDS = 10;

/** How often a worker looks without being called: often enough for retries, rarely enough to cost nothing at rest. */
const POLL_SECONDS = 2;

export interface Job<Data extends object = object> {
  queue: Queue;
  data: Data;
  /** Orders or merges jobs of a queue, by its policy. */
  key?: string;
  /** Seconds to wait before the first try. */
  delay?: number;
  /** Whose turn it uses up: where a queue has slots for a group, one group's jobs leave room for the others'. */
  group?: string;
}

export interface JobRun<Data> {
  id: string;
  data: Data;
  /** 0 for the first try. */
  attempt: number;
  /** Aborted when the job is not this run's any more: another worker took it over, or this one stops and hands it back. */
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
  /** Stores jobs with a transaction's commit, which by then has left the actor's role. */
  enqueue(ending: Ending, jobs: Job[]): void;
  /** Stores jobs on their own (schedules). */
  ask(jobs: Job[]): Promise<void>;
  /**
   * Works a queue here.
   * @param options how many jobs run at the same time (asked anew before each look), how many of them may be of one group, and for how many milliseconds
   *   one that is done may wait to be settled together with others
   */
  work<Data extends object>(
    queue: Queue,
    options: { together: number | (() => number); ofGroup?: number; gather?: number },
    run: (job: JobRun<Data>) => Promise<void>,
  ): Promise<void>;
  /** Jobs that failed for good, newest first. */
  dead(limit: number): Promise<{ id: string; queue: string; data: unknown; error: unknown; at: Date }[]>;
  /** Puts dead jobs back into their queues; returns how many. */
  redrive(): Promise<number>;
  /** Waiting and running jobs per queue. */
  counts(): Promise<Record<string, { waiting: number; active: number; failed: number }>>;
  /** Takes no more work, finishes or hands back what runs. */
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
  for (const [name, queue] of Object.entries<QueueSettings>(QUEUES)) {
    const { policy, retryLimit, retryDelayMax = 300 } = queue;
    const options = {
      retryLimit,
      retryDelay: 1,
      retryBackoff: true,
      retryDelayMax,
      expireInSeconds: EXPIRY_SECONDS,
      heartbeatSeconds: SILENCE_SECONDS,
      // The notification goes out after the commit instead (see wake.ts).
      notify: false,
      deadLetter: DEAD,
      deleteAfterSeconds: 3_600,
    };
    if (await boss.getQueue(name)) await boss.updateQueue(name, options);
    else await boss.createQueue(name, { ...options, policy });
  }
  await boss.stop({ graceful: false, close: false });
  // For those who look every second for running jobs that were lost, however many others there are.
  await owner.executeSql(
    `create index if not exists job_running on pgboss.job_common (started_on) where state = 'active'`,
  );
}

export interface JobsOptions {
  works: boolean;
  onError(error: Error): void;
  /** Told of each try that failed; the queue tries again. */
  onFailure?(failure: { queue: Queue; jobId: string; attempt: number; err: unknown }): void;
  /** Shorter times, for tests. */
  leaseSeconds?: number;
  beatSeconds?: number;
  stopSeconds?: number;
}

/** Starts the queue on the runtime pool. A process that only stores jobs (`works: false`) neither listens nor supervises. */
export async function startJobs(database: Database, options: JobsOptions): Promise<Jobs> {
  const boss = new PgBoss({
    ...(database.url
      ? { ...reach(database.url), max: options.works ? 3 : 1, application_name: 'parley-jobs' }
      : { db: embeddedDb(database) }),
    backend: database.embedded ? 'pglite' : 'postgres',
    migrate: false,
    createSchema: false,
    schedule: false,
    supervise: options.works,
    superviseIntervalSeconds: 10,
    monitorIntervalSeconds: 10,
    maintenanceIntervalSeconds: 60,
    reindex: false,
    monitorVacuum: false,
  } as ConstructorParameters<typeof PgBoss>[0]);
  boss.on('error', options.onError);
  await boss.start();
  const { leaseSeconds: lease = LEASE_SECONDS, beatSeconds: beat = BEAT_SECONDS, onError } = options;
  const notifier = notifierOf(database);
  const workers = new Map<string, Worker>();
  const wake = (queue: string) => workers.get(queue)?.call();
  const stopping: (() => Promise<void>)[] = [];
  if (options.works) {
    stopping.push(await notifier.listen(wake), adoptOrphans(boss, database, { lease, beat, onAdopted: wake, onError }));
    const beating = setInterval(() => {
      for (const worker of workers.values()) worker.beat(Date.now() - (beat * 1_000) / 2).catch(onError);
    }, beat * 1_000);
    stopping.push(async () => clearInterval(beating));
  }
  const parts = { database, notifier, workers, stopping, inserts: await insertTexts(boss) };
  return jobsOn(boss, parts, options);
}

interface Parts {
  database: Database;
  notifier: Notifier;
  /** The workers here, by queue. */
  workers: Map<string, Worker>;
  /** What is to be stopped once nothing runs here any more. */
  stopping: (() => Promise<void>)[];
  inserts: ReadonlyMap<Queue, string>;
}

function jobsOn(boss: PgBoss, parts: Parts, options: JobsOptions): Jobs {
  const { database, notifier, workers, stopping, inserts } = parts;
  const queuesOf = (jobs: Job[]) => new Set(jobs.filter((job) => !job.delay).map((job) => job.queue));
  return {
    enqueue: (ending, jobs) => {
      for (const [queue, list] of Map.groupBy(jobs, (job) => job.queue)) {
        const values = [JSON.stringify(list.map(rowOf))];
        void ending.send({ name: `insert-${queue}`, text: inserts.get(queue) ?? '', values });
      }
      ending.afterCommit(() => notifier.notify(queuesOf(jobs)));
    },
    ask: async (jobs) => {
      await insertAll(boss, jobs);
      notifier.notify(queuesOf(jobs));
    },
    work: async (queue, { together, ofGroup, gather }, run) => {
      const worker = new Worker(boss, {
        queue,
        slots: typeof together === 'number' ? () => together : together,
        ...(ofGroup ? { slotsOfGroup: ofGroup } : {}),
        ...(gather ? { gather } : {}),
        // Polling is the floor under the notifier: retries and jobs whose worker died wait for it.
        poll: POLL_SECONDS * 1_000,
        ordered: QUEUES[queue].policy === 'key_strict_fifo',
        run: (claim, signal) => settle(boss, queue, claim, signal, run as never, options.onFailure),
        handBack: (claims) => handBack(boss, database, queue, claims),
        onError: options.onError,
      });
      workers.set(queue, worker);
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
      const patience = (options.stopSeconds ?? STOP_SECONDS) * 1_000;
      // Until they have ended the beats go on.
      await Promise.all([...workers.values()].map((worker) => worker.stop(patience)));
      for (const stop of stopping) await stop();
      await boss.stop({ graceful: false, close: true });
    },
  };
}

async function settle<Data extends object>(
  boss: PgBoss,
  queue: Queue,
  claim: Claim,
  signal: AbortSignal,
  run: (job: JobRun<Data>) => Promise<void>,
  onFailure: JobsOptions['onFailure'],
): Promise<Settled> {
  try {
    await run({ id: claim.id, data: claim.data as Data, attempt: claim.retryCount, signal });
    return { claim, as: 'done' };
  } catch (error) {
    // In a queue that keeps an order the job itself must wait, so that nothing overtakes it; elsewhere a later copy does.
    if (error instanceof RetryLater && QUEUES[queue].policy !== 'key_strict_fifo') {
      const { data, singletonKey: key, groupId: group } = claim;
      const later = { queue, data, delay: error.seconds, ...(key ? { key } : {}), ...(group ? { group } : {}) };
      const stored = await insertAll(boss, [later]).then(
        () => true,
        () => false,
      );
      if (stored) return { claim, as: 'done' };
    }
    if (!signal.aborted) onFailure?.({ queue, jobId: claim.id, attempt: claim.retryCount, err: error });
    return { claim, as: 'failed', error: error instanceof Error ? error : new Error(String(error)) };
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
    // The name of the column: the insert's text is also used without pg-boss around it.
    ...(job.group ? { groupId: job.group } : {}),
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
