import type { StoredConnection, Whose } from './connection.ts';
import { openedCredentials, storedConnection } from './connection.ts';
import type { Context, Kernel } from './context.ts';
import { withActor } from './context.ts';
import { RetryLater } from './jobs.ts';

/** How the accounts of one tool are opened. */
export interface AccountKind<A> {
  tool: string;
  /** @throws Error when it cannot be opened just now, or at all */
  open(connection: StoredConnection, credentials: unknown): Promise<A>;
  close(opened: A): Promise<void>;
  /** Why the tool refuses what it is reached with, and how that is mended; null when an error says nothing of the kind. */
  refusal(error: unknown): string | null;
  /** Called when it does. */
  refused(connection: StoredConnection, reason: string): Promise<void>;
}

/** There is no such account of the firm, or Parley was removed there. */
export class NotConnected extends Error {}

/** The account does not work until somebody mends it. What is to be done there waits, and delays nothing else. */
export class AccountBroken extends RetryLater {}

/** Milliseconds for which a connection is believed to be as it was read: so long a change of it may go unnoticed. */
const FRESH = 5_000;
/** Seconds after which work for a broken account looks again. */
const BROKEN_SECONDS = 60;
/** Milliseconds between two notes that an account works. */
const NOTED = 10 * 60_000;

interface Read {
  at: number;
  stored: Promise<StoredConnection | null>;
}

interface Open<A> {
  version: number;
  opened: Promise<A>;
  users: number;
  /** Another version took its place: whoever leaves last closes it. */
  left: boolean;
  notedAt: number;
}

/**
 * The accounts of one tool that have credentials of their own, opened when they are first needed. Those used least lately are
 * closed beyond a limit, and one whose connection changed is opened anew. One that fails concerns nobody but itself.
 */
export class Accounts<A> {
  readonly #kernel: Kernel;
  readonly #kind: AccountKind<A>;
  readonly #most: number;
  readonly #read = new Map<string, Read>();
  readonly #open = new Map<string, Open<A>>();

  /** @param most how many are kept open at a time, beyond those in use */
  constructor(kernel: Kernel, kind: AccountKind<A>, most = 200) {
    this.#kernel = kernel;
    this.#kind = kind;
    this.#most = most;
  }

  /** The firm's account, as it was within the last seconds; one that is not there or does not work, as it is now. */
  find(tenantId: string, whose: Whose): Promise<StoredConnection | null> {
    const key = JSON.stringify([tenantId, whose]);
    const known = this.#read.get(key);
    if (known && performance.now() - known.at < FRESH) return known.stored;
    const stored = storedConnection(this.#kernel, tenantId, this.#kind.tool, whose);
    this.#read.delete(key);
    this.#read.set(key, { at: performance.now(), stored });
    if (this.#read.size > 10 * this.#most) this.#read.delete(this.#read.keys().next().value ?? '');
    // It may be connected at any moment, and what was meant for it by then must not be given up.
    const forget = () => void (this.#read.get(key)?.stored === stored && this.#read.delete(key));
    stored.then((found) => found?.status === 'active' || forget(), forget);
    return stored;
  }

  /**
   * Works with an account.
   * @param options coming: it takes what comes in, which a tool may send that refuses what we send
   * @throws NotConnected; AccountBroken when the tool refuses the account, now or since before; what `work` throws
   */
  async use<T>(connection: StoredConnection, work: (opened: A) => Promise<T>, { coming = false } = {}): Promise<T> {
    const { status, fault, tool, account } = connection;
    if (status === 'revoked') throw new NotConnected(fault ?? `${tool} ${account} is not connected any more.`);
    if (status === 'broken' && !coming)
      throw new AccountBroken(BROKEN_SECONDS, fault ?? `${tool} ${account} does not work.`);
    const open = this.#hold(connection);
    try {
      const value = await work(await open.opened);
      this.#noteSuccess(connection, open);
      return value;
    } catch (error) {
      const reason = this.#kind.refusal(error);
      if (reason === null) throw error;
      this.#read.clear();
      await this.#kind.refused(connection, reason);
      throw new AccountBroken(BROKEN_SECONDS, reason);
    } finally {
      this.#leave(open);
    }
  }

  /** Closes all that is open. */
  async close(): Promise<void> {
    const all = [...this.#open.values()];
    this.#open.clear();
    for (const open of all) await this.#end(open);
  }

  #hold(connection: StoredConnection): Open<A> {
    const { id, version } = connection;
    const known = this.#open.get(id);
    if (known) this.#open.delete(id);
    const current = known && known.version >= version ? known : null;
    if (known && !current) this.#retire(known);
    const open = current ?? { version, opened: this.#opening(connection), users: 0, left: false, notedAt: 0 };
    // Last in the order of the map: the first is the one used least lately.
    this.#open.set(id, open);
    open.users += 1;
    if (!current) this.#closeOldest();
    return open;
  }

  #opening(connection: StoredConnection): Promise<A> {
    const opened = openedCredentials(this.#kernel, connection).then((credentials) =>
      this.#kind.open(connection, credentials),
    );
    opened.catch(() => {
      if (this.#open.get(connection.id)?.opened === opened) this.#open.delete(connection.id);
    });
    return opened;
  }

  #leave(open: Open<A>): void {
    open.users -= 1;
    if (open.left && open.users === 0) void this.#end(open);
  }

  #retire(open: Open<A>): void {
    open.left = true;
    if (open.users === 0) void this.#end(open);
  }

  #closeOldest(): void {
    for (const [id, open] of this.#open) {
      if (this.#open.size <= this.#most) return;
      if (open.users > 0) continue;
      this.#open.delete(id);
      this.#retire(open);
    }
  }

  async #end(open: Open<A>): Promise<void> {
    try {
      await this.#kind.close(await open.opened);
    } catch (error) {
      this.#kernel.log.debug({ err: error, tool: this.#kind.tool }, 'an account could not be closed in order');
    }
  }

  /** For staff to see that an account works; seldom, as it is used often. */
  #noteSuccess({ tenantId, id, tool }: StoredConnection, open: Open<A>): void {
    if (open.notedAt && performance.now() - open.notedAt < NOTED) return;
    open.notedAt = performance.now();
    const who = { kind: 'system', tenantId, reason: 'noting that a connection works' } as const;
    withActor(this.#kernel, who, async ({ sql }: Context) => {
      await sql`update connection set last_success_at = now() where tenant_id = ${tenantId} and id = ${id}`;
    }).catch((error: unknown) =>
      this.#kernel.log.debug({ err: error, tool }, 'it could not be noted that an account works'),
    );
  }
}
