import type { Express } from 'express';
import express from 'express';
import { Accounts, NotConnected } from '../core/kernel/accounts.ts';
import type { StoredConnection, Whose } from '../core/kernel/connection.ts';
import { connectionNamed, listeningOf, storedConnection, tenantOf } from '../core/kernel/connection.ts';
import type { Egress } from '../core/kernel/egress.ts';
import type { InboxItem, Worked } from '../core/kernel/inbox.ts';
import type { AnyChannelKind, Channel, ChannelTools, Inbound, LoadedKind, Room } from './channel.ts';
import { MessageGone, Undeliverable } from './channel.ts';
import { every } from './every.ts';
import { followRoundTrips } from './round-trips.ts';

/** An account of a channel that is open. */
interface Opened {
  channel: Channel;
  /** Answers requests that came to the account's own address. */
  web: Express;
}

export interface ManyTools extends ChannelTools {
  /** The channel of the environment's credentials; null without any. */
  own: Channel | null;
  /** Those credentials. */
  given?: unknown;
  /** Where the accounts of connections may be. */
  egress: Egress;
  /** Called when the platform refuses an account. */
  refused(connection: StoredConnection, reason: string): Promise<void>;
  /** Called when the platform says that Parley was removed from an account. */
  removed(connection: StoredConnection, reason: string): Promise<void>;
  /** Called when it was found out by trying the account as it was read. */
  left(connection: StoredConnection, reason: string): Promise<void>;
  /** Called when the hub's own app is in an account again that it was removed from. */
  returned(connection: StoredConnection): Promise<void>;
}

/**
 * All accounts of one platform as one channel: what goes out is sent by the account of the room, what comes in is taken by the
 * account it came to. An account without credentials of its own is reached with the environment's.
 */
export class ManyAccounts implements Channel {
  readonly name: Channel['name'];
  readonly can: Channel['can'];
  readonly #kind: AnyChannelKind;
  readonly #tools: ManyTools;
  readonly #accounts: Accounts<Opened>;
  readonly #load: () => Promise<LoadedKind<unknown>>;

  constructor(kind: AnyChannelKind, tools: ManyTools) {
    this.name = kind.name;
    this.can = kind.can;
    this.#kind = kind;
    this.#tools = tools;
    let loaded: LoadedKind<unknown> | null = null;
    this.#load = async () => {
      loaded ??= await kind.load();
      return loaded;
    };
    this.#accounts = new Accounts(tools.app, {
      tool: kind.name,
      open: (connection, credentials) => this.#open(connection, credentials),
      close: async ({ channel }) => channel.close?.(),
      refusal: (error) => loaded?.refusal?.(error) ?? null,
      refused: tools.refused,
    });
  }

  mount(web: Express): void {
    this.#tools.own?.mount?.(web);
    web.use(`${this.#kind.path}/:connection`, async (request, response, next) => {
      const named = await connectionNamed(this.#tools.app, request.params.connection ?? '');
      const stored =
        named?.tool === this.name ? await this.#accounts.find(named.tenantId, { account: named.account }) : null;
      // An address behind that of an app is not ours either.
      if (!stored?.sealed || request.path !== '/') return next();
      request.url = this.#kind.path;
      const answering = this.#accounts.use(stored, ({ web: own }) => answered(own, request, response, next), COMING);
      await answering.catch((error: unknown) => {
        if (!(error instanceof NotConnected)) throw error;
        next();
      });
    });
  }

  async listen(): Promise<() => Promise<void>> {
    const { own, given } = this.#tools;
    const stopOwn = await own?.listen?.();
    const stop = this.#listenToAll();
    const stopTrips = this.#kind.roundTrip && given ? followRoundTrips(this.#kind, { ...this.#tools, given }) : null;
    return async () => {
      await Promise.all([stopOwn?.(), stop(), stopTrips?.()]);
    };
  }

  async close(): Promise<void> {
    await this.#accounts.close();
    await this.#tools.own?.close?.();
  }

  send(...[room, card, posting]: Parameters<Channel['send']>): ReturnType<Channel['send']> {
    return this.#inRoom(room, (channel) => channel.send(room, card, posting));
  }

  update(...[room, ref, card, posting]: Parameters<Channel['update']>): Promise<void> {
    return this.#inRoom(room, (channel) => channel.update(room, ref, card, posting));
  }

  find(...[room, posting, since]: Parameters<NonNullable<Channel['find']>>): ReturnType<NonNullable<Channel['find']>> {
    return this.#inRoom(room, async (channel) => (await channel.find?.(room, posting, since)) ?? []);
  }

  remove(...[room, ref]: Parameters<NonNullable<Channel['remove']>>): Promise<void> {
    return this.#inRoom(room, async (channel) => channel.remove?.(room, ref));
  }

  async work(item: InboxItem): Promise<Worked> {
    try {
      const removed = await this.#removedBy(item);
      if (removed) return removed;
      return await this.#as(item.tenantId, { account: item.account }, async (channel) => {
        if (channel.work) return channel.work(item);
        return { status: 'quarantined', outcome: `nothing of ${this.name} is worked` };
      });
    } catch (error) {
      if (error instanceof NotConnected) return { status: 'quarantined', outcome: error.message };
      throw error;
    }
  }

  /** Looked at before the account is opened, which cannot be done any more once Parley was removed from it. */
  async #removedBy(item: InboxItem): Promise<Worked | null> {
    const stored = await this.#accounts.find(item.tenantId, { account: item.account });
    if (!stored) return null;
    const { removal: removalOf, presence } = await this.#load();
    const removal = removalOf?.(item, stored) ?? null;
    if (!removal) {
      if (stored.status === 'revoked' && !stored.sealed && presence?.(item)) await this.#tools.returned(stored);
      return null;
    }
    // Deliveries come late: it may have been added again since.
    if (stored.connectedAt > removal.at) return { status: 'duplicate', outcome: 'Parley was added there again since' };
    await this.#tools.removed(stored, removal.reason);
    return { status: 'applied', outcome: removal.reason };
  }

  /** The hub's own app was found to be removed from an account at this moment: what was read of it before does not count. */
  async left(account: string, reason: string): Promise<void> {
    const { app } = this.#tools;
    const tenantId = await tenantOf(app, { tool: this.name, account });
    const stored = tenantId ? await storedConnection(app, tenantId, this.name, { account }) : null;
    if (stored?.status === 'active') await this.#tools.left(stored, reason);
  }

  /** Works as the channel of an account, whichever firm's it is. */
  async as<T>(account: string, work: (channel: Channel) => Promise<T>): Promise<T> {
    const tenantId = await tenantOf(this.#tools.app, { tool: this.name, account });
    if (!tenantId) throw new NotConnected(`No firm has connected ${this.name} ${account}.`);
    return this.#as(tenantId, { account }, work);
  }

  async #inRoom<T>(room: Room, work: (channel: Channel) => Promise<T>): Promise<T> {
    // A person's mailbox says nothing of ours: what goes there is written by that of the client, or of the firm.
    const whose = room.account ? { account: room.account } : { clientId: room.clientId };
    return this.#as(room.tenantId, whose, work).catch((error: unknown) => {
      if (!(error instanceof NotConnected)) throw error;
      // A mailbox is not at fault when the firm has none to write by: what comes later arrives once it has.
      throw room.account ? new Undeliverable(error.message) : new MessageGone(error.message);
    });
  }

  async #as<T>(tenantId: string, whose: Whose, work: (channel: Channel) => Promise<T>): Promise<T> {
    const stored = await this.#accounts.find(tenantId, whose);
    if (stored?.sealed || (stored && stored.status !== 'active'))
      return this.#accounts.use(stored, ({ channel }) => work(channel));
    // An account that the firm gave up is not written to by the environment's either, which may be another firm's.
    if (this.#tools.own && (stored || ('clientId' in whose && (await this.#isNobodys())))) return work(this.#tools.own);
    throw new NotConnected(`${this.name} is not connected. An administrator connects it again.`);
  }

  /** True while no firm has connected the environment's account. What is answered to it afterwards is for the firm that did. */
  async #isNobodys(): Promise<boolean> {
    const { app, own } = this.#tools;
    return !own?.account || (await tenantOf(app, { tool: this.name, account: own.account })) === null;
  }

  async #open(connection: StoredConnection, given: unknown): Promise<Opened> {
    const { app, publicUrl, inbound, egress } = this.#tools;
    const credentials = this.#kind.credentials.parse(given);
    const broken = (reason: string) => this.#tools.refused(connection, reason);
    const tools = {
      app,
      publicUrl,
      inbound: boundTo(inbound, connection),
      account: connection.account,
      broken,
      egress,
    };
    const channel = await (await this.#load()).open(credentials, tools);
    const web = express();
    web.disable('x-powered-by');
    channel.mount?.(web);
    return { channel, web };
  }

  /** Keeps a line open to each account that wants one, as the rows say. */
  #listenToAll(): () => Promise<void> {
    const lines = new Map<string, { version: number; stop(): Promise<void> }>();
    const look = async () => {
      const rows = await listeningOf(this.#tools.app, this.name);
      for (const [id, line] of lines)
        if (!rows.some((row) => row.id === id && row.version === line.version)) {
          lines.delete(id);
          await line.stop();
        }
      for (const row of rows)
        if (!lines.has(row.id)) lines.set(row.id, { version: row.version, stop: this.#line(row) });
    };
    return every(LOOKING, look, this.#tools, async () => {
      await Promise.all([...lines.values()].map(({ stop }) => stop()));
    });
  }

  /** Holds one account open and listens there; returns how to stop. A failure is its own, and tried again by the next look. */
  #line({ tenantId, account }: { tenantId: string; account: string }): () => Promise<void> {
    const ended = Promise.withResolvers<void>();
    const { log } = this.#tools.app;
    const held = this.#as(tenantId, { account }, async (channel) => {
      const stop = await channel.listen?.();
      await ended.promise;
      await stop?.();
    }).catch((error: unknown) =>
      log.warn({ err: error, channel: this.name, account }, 'nothing is heard of an account'),
    );
    return async () => {
      ended.resolve();
      await held;
    };
  }
}

const COMING = { coming: true };

/** Milliseconds between two looks for accounts to listen to. */
const LOOKING = 10_000;

/** What came to the address of one account is that account's, whatever its body says: its secret is known to that firm. */
function boundTo(inbound: Inbound, { account }: StoredConnection): Inbound {
  const isOurs = (install: { account: string }) => install.account === account;
  return {
    press: async (pressed) =>
      isOurs(pressed.who.install)
        ? inbound.press(pressed)
        : { kind: 'refused', code: 'not_found', say: 'This workspace is not connected to Parley.', card: null },
    say: async (said) => (isOurs(said.who.install) ? inbound.say(said) : { kind: 'unmatched' }),
    redraw: async (room, messageId) => (isOurs(room) ? inbound.redraw(room, messageId) : null),
    store: async (install, delivery) => (isOurs(install) ? inbound.store(install, delivery) : null),
  };
}

/** Resolves when the request was answered, or handed on. */
function answered(
  web: Express,
  request: Parameters<Express>[0],
  response: Parameters<Express>[1],
  next: (error?: unknown) => void,
): Promise<void> {
  return new Promise((resolve) => {
    response.once('close', resolve);
    web(request, response, (error?: unknown) => {
      next(error);
      resolve();
    });
  });
}
