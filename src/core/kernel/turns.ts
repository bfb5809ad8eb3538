/**
 * How many transactions of one firm, or about one thing, may be open at once in this process: one whose rows are locked, or who
 * presses a lot, waits for itself and for nobody else. It is a limit and no truth, so it may live in the process.
 */
export class Turns {
  readonly #most: number;
  readonly #open = new Map<string, { taken: number; waiting: (() => void)[] }>();
  /** Which firm an installation turned out to be of, so that all its doors count as one. */
  readonly #firms = new Map<string, string>();

  /** @param most per key */
  constructor(most: number) {
    this.#most = most;
  }

  /** The firm that a transaction is opened for, as far as it is known before it is. */
  keyOf(open: Opening): string {
    if (open.tenant) return open.tenant;
    const install = installOf(open);
    return this.#firms.get(install) ?? install;
  }

  learn(open: Opening, tenantId: unknown): void {
    if (open.tenant || typeof tenantId !== 'string') return;
    const install = installOf(open);
    if (this.#firms.get(install) === tenantId) return;
    if (this.#firms.size >= MOST_INSTALLS) this.#firms.clear();
    this.#firms.set(install, tenantId);
  }

  /**
   * Takes a turn when one is free.
   * @returns false when it has to be waited for
   */
  take(key: string): boolean {
    const of = this.#open.get(key);
    if (!of) {
      this.#open.set(key, { taken: 1, waiting: [] });
      return true;
    }
    if (of.taken >= this.#most) return false;
    of.taken += 1;
    return true;
  }

  /** Calls back with a turn, in the order in which they asked; returns how to ask no more. */
  wait(key: string, granted: () => void): () => void {
    const waiting = this.#open.get(key)?.waiting ?? [];
    waiting.push(granted);
    return () => {
      const at = waiting.indexOf(granted);
      if (at >= 0) waiting.splice(at, 1);
    };
  }

  /** Gives a turn back, to whoever waits first. */
  give(key: string): void {
    const of = this.#open.get(key);
    if (!of) return;
    const next = of.waiting.shift();
    if (next) next();
    else if (of.taken > 1) of.taken -= 1;
    else this.#open.delete(key);
  }
}

/** What a transaction is opened with, as far as it says whose it is. */
export interface Opening {
  tenant?: string;
  install?: { tool: string; account: string } | null;
  /** The thing that it is about. */
  about?: { entity: string; id: unknown };
  /** The request id of an act. */
  request?: string;
  [more: string]: unknown;
}

/** Far more than one server has; so that made-up workspaces cannot fill the memory. */
const MOST_INSTALLS = 10_000;

function installOf({ install }: Opening): string {
  return `${install?.tool} ${install?.account}`;
}
