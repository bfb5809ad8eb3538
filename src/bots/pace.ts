import { RetryLater } from '../core/kernel/jobs.ts';
import { RateLimited } from './channel.ts';

/** Calls of one account that are under way at the same time. */
const TOGETHER = 8;
/** Milliseconds for which an account that asked for a pause gets one call at a time from here. */
const CAREFUL = 60_000;

interface Account {
  running: number;
  waiting: { order: number; go: () => void }[];
  /** Until when it wants no calls, and until when it gets one at a time (performance.now()). */
  until: number;
  careful: number;
}

/**
 * How fast a process calls the accounts of the platforms: a few calls at a time, and those first whose work began first. So
 * what began together ends one after the other, and the next is prepared while the rest is under way.
 * One that asked for a pause gets them one by one for a while, so that the end of what it allows is met by one call and
 * not by all that are under way. The pause itself is stored (see turn.ts): what is kept here only saves calls.
 */
export class Pace {
  readonly #accounts = new Map<string, Account>();
  readonly #hurried: () => boolean;

  /** @param hurried whether people wait for an answer of this process: then an account gets one call at a time, so that they come first */
  constructor(hurried: () => boolean = () => false) {
    this.#hurried = hurried;
  }

  /**
   * @param order of two that wait, the one with the lower goes first
   * @throws RetryLater without calling while the account's pause lasts
   */
  async call<T>(name: string, order: number, call: () => Promise<T>): Promise<T> {
    const account = this.#accounts.get(name) ?? { running: 0, waiting: [], until: 0, careful: 0 };
    this.#accounts.set(name, account);
    if (account.running < this.#mostOf(account)) account.running += 1;
    else await new Promise<void>((resolve) => wait(account, order, resolve));
    try {
      const left = account.until - performance.now();
      if (left > 0) throw new RetryLater(Math.ceil(left / 1_000), 'the platform asked for a pause');
      return await call();
    } catch (error) {
      if (error instanceof RateLimited && error.scope === 'account') {
        account.until = performance.now() + error.seconds * 1_000;
        account.careful = account.until + CAREFUL;
      }
      throw error;
    } finally {
      this.#release(name, account);
    }
  }

  #release(name: string, account: Account): void {
    account.running -= 1;
    while (account.running < this.#mostOf(account)) {
      const next = account.waiting.shift();
      if (!next) break;
      account.running += 1;
      next.go();
    }
    if (!account.running && account.careful < performance.now()) this.#accounts.delete(name);
  }

  #mostOf({ careful }: Account): number {
    return this.#hurried() || careful > performance.now() ? 1 : TOGETHER;
  }
}

function wait({ waiting }: Account, order: number, go: () => void): void {
  const at = waiting.findIndex((other) => other.order > order);
  waiting.splice(at < 0 ? waiting.length : at, 0, { order, go });
}
