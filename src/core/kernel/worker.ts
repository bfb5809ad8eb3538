import { setTimeout as sleep } from 'node:timers/promises';
import type { PgBoss } from 'pg-boss';

/** One attempt at a job, as the queue handed it out: what settles it names the attempt, so that a late answer changes nothing. */
export interface Claim {
  id: string;
  retryCount: number;
  data: object;
  singletonKey: string | null;
  groupId?: string | null;
}

/** How a claim ends: done, tried again later (the queue counts it as a failure), or back in the queue as if it had not been taken. */
export type Settled = { claim: Claim; as: 'done' | 'handed back' } | { claim: Claim; as: 'failed'; error: Error };

export interface WorkerOptions {
  queue: string;
  /** Jobs that may run at the same time by now. */
  slots: () => number;
  /** Of those, how many may belong to one group, so that one firm does not take all. */
  slotsOfGroup?: number;
  /** Milliseconds between two looks without being called. */
  poll: number;
  /** Milliseconds for which a job that is done waits, while others run, to be settled with them: then the next are taken together too. */
  gather?: number;
  /** Whether a job may wait for one before it: then each that is settled may let the next one start. */
  ordered?: boolean;
  run(claim: Claim, signal: AbortSignal): Promise<Settled>;
  handBack(claims: Claim[]): Promise<void>;
  onError(error: Error): void;
}

/** Milliseconds until a statement that failed (the database is down) is tried again. */
const RETRY = 1_000;

/**
 * Takes jobs of one queue as long as slots are free, runs each on its own and settles each as soon as it is done.
 * pg-boss's own worker takes a batch and waits for its slowest job before it settles any or takes another.
 */
export class Worker {
  readonly #running = new Map<string, { claim: Claim; since: number; lost: AbortController }>();
  readonly #settling: Settled[] = [];
  #settlingNow: Promise<void> | null = null;
  #stopping = false;
  #called = false;
  /** Whether more may wait than the slots could take. */
  #more = false;
  #wake: () => void = () => undefined;
  readonly #boss: PgBoss;
  readonly #options: WorkerOptions;
  readonly #loop: Promise<void>;

  constructor(boss: PgBoss, options: WorkerOptions) {
    this.#boss = boss;
    this.#options = options;
    this.#loop = this.#work();
  }

  /** Looks for work now. */
  call(): void {
    this.#called = true;
    this.#wake();
  }

  /** Says that the jobs here are alive; those that another worker has taken over meanwhile are told to end. */
  async beat(olderThan: number): Promise<void> {
    const held = [...this.#running.values()].filter(({ since, lost }) => since <= olderThan && !lost.signal.aborted);
    if (!held.length) return;
    const { settled } = (await this.#boss.touch(
      this.#options.queue,
      held.map(({ claim }) => claim),
    )) as { settled?: string[] };
    if (!settled) return;
    const alive = new Set(settled);
    for (const { claim, lost } of held)
      if (!alive.has(claim.id) && this.#running.has(keyOf(claim))) lost.abort(new Error('the job was taken over'));
  }

  /** Takes no more jobs, lets those that run end within `patience` milliseconds, and hands the others back. */
  async stop(patience: number): Promise<void> {
    this.#stopping = true;
    this.#wake();
    await this.#loop;
    await this.#idle(patience);
    const left = [...this.#running.values()];
    for (const { lost } of left) lost.abort(new Error('the worker stops'));
    // A run that listens ends at once and says itself how.
    await this.#idle(LISTENS);
    const claims = [...this.#running.values()].map(({ claim }) => claim);
    if (claims.length) await this.#options.handBack(claims);
  }

  async #work(): Promise<void> {
    while (!this.#stopping) {
      const { slotsOfGroup } = this.#options;
      const slots = this.#options.slots();
      const free = slots - this.#running.size;
      this.#called = false;
      const taken = free > 0 ? await this.#take(free) : 0;
      // As many as were asked for: there may be more. Of groups with all their slots taken there may be more in any case.
      this.#more = taken === free || slotsOfGroup !== undefined;
      if (this.#more && taken > 0 && slots > this.#running.size) continue;
      if (!this.#called && !this.#stopping) await this.#pause();
    }
  }

  async #take(free: number): Promise<number> {
    const { queue, slotsOfGroup } = this.#options;
    const group = slotsOfGroup ? { groupConcurrency: slotsOfGroup } : {};
    try {
      const claims = (await this.#boss.fetch(queue, { batchSize: free, includeMetadata: true, ...group })) as Claim[];
      for (const claim of claims) void this.#run(claim);
      return claims.length;
    } catch (error) {
      this.#options.onError(error as Error);
      return 0;
    }
  }

  /** Until the next look, a call, or a slot that is free again after all were taken. */
  async #pause(): Promise<void> {
    const polled = new AbortController();
    await Promise.race([
      new Promise<void>((resolve) => {
        this.#wake = resolve;
      }),
      sleep(this.#options.poll, undefined, { signal: polled.signal }).catch(() => undefined),
    ]);
    polled.abort();
    this.#wake = () => undefined;
  }

  async #run(claim: Claim): Promise<void> {
    const lost = new AbortController();
    this.#running.set(keyOf(claim), { claim, since: Date.now(), lost });
    const settled = await this.#options.run(claim, lost.signal);
    // What stops hands back what did not end well, so that no try is counted.
    const last: Settled =
      settled.as === 'failed' && this.#stopping && lost.signal.aborted ? { claim, as: 'handed back' } : settled;
    this.#settling.push(last);
    this.#settlingNow ??= this.#settle();
  }

  /** Those that ended while the statement before was under way go with the next. */
  async #settle(): Promise<void> {
    const { gather } = this.#options;
    while (this.#settling.length) {
      if (gather && this.#running.size > this.#settling.length) await sleep(gather);
      const settled = this.#settling.splice(0);
      await this.#write(settled);
      for (const { claim } of settled) this.#running.delete(keyOf(claim));
      if (this.#options.ordered) this.call();
      else if (this.#more || this.#stopping) this.#wake();
    }
    this.#settlingNow = null;
  }

  async #write(settled: Settled[]): Promise<void> {
    const { queue, handBack, onError } = this.#options;
    const done = settled.filter((one) => one.as === 'done').map(({ claim }) => claim);
    const back = settled.filter((one) => one.as === 'handed back').map(({ claim }) => claim);
    const failed = settled.filter((one) => one.as === 'failed');
    const writes = [
      ...(done.length ? [() => this.#boss.complete(queue, done)] : []),
      ...(back.length ? [() => handBack(back)] : []),
      ...failed.map(
        ({ claim, error }) =>
          () =>
            this.#boss.fail(queue, [claim], { message: error.message }),
      ),
    ];
    for (const write of writes) {
      // Until then the job counts as running here, so that nobody repeats what is done.
      while (
        !(await Promise.resolve(write()).then(
          () => true,
          (error: Error) => {
            onError(error);
            return this.#stopping;
          },
        ))
      )
        await sleep(RETRY);
    }
  }

  async #idle(patience: number): Promise<void> {
    const until = Date.now() + patience;
    while (this.#running.size && Date.now() < until) await sleep(Math.min(20, patience));
  }
}

/** Milliseconds in which a run that was told to end may do so. */
const LISTENS = 200;

function keyOf({ id, retryCount }: Claim): string {
  return `${id}:${retryCount}`;
}
