import { RetryLater } from '../core/kernel/jobs.ts';
import { RateLimited } from './channel.ts';

/** Milliseconds for which an account that asked for a pause gets one call at a time from here. */
const CAREFUL = 60_000;

/**
 * How fast a process calls the accounts of the platforms. One that asked for a pause gets its calls one by one for a
 * while, so that the end of what it allows is met by one call and not by all that are under way. The pause itself is
 * stored (see turn.ts): what is kept here only saves calls.
 */
export class Pace {
  readonly #accounts = new Map<string, { until: number; careful: number; last: Promise<unknown> }>();

  /** @throws RetryLater without calling while the account's pause lasts */
  async call<T>(account: string, call: () => Promise<T>): Promise<T> {
    const known = this.#accounts.get(account);
    if (!known) return this.#called(account, call);
    if (performance.now() > known.careful) {
      this.#accounts.delete(account);
      return this.#called(account, call);
    }
    const mine = known.last.then(() => {
      const left = known.until - performance.now();
      if (left > 0) throw new RetryLater(Math.ceil(left / 1_000), 'the platform asked for a pause');
      return this.#called(account, call);
    });
    known.last = mine.catch(() => undefined);
    return mine;
  }

  async #called<T>(account: string, call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      if (error instanceof RateLimited && error.scope === 'account') {
        const known = this.#accounts.get(account) ?? { until: 0, careful: 0, last: Promise.resolve() };
        known.until = performance.now() + error.seconds * 1_000;
        known.careful = known.until + CAREFUL;
        this.#accounts.set(account, known);
      }
      throw error;
    }
  }
}
