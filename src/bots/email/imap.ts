import { setTimeout as pause } from 'node:timers/promises';
import type { ImapFlowOptions } from 'imapflow';
import { ImapFlow } from 'imapflow';
import type { Who } from '../../core/kernel/actor.ts';
import { withActor } from '../../core/kernel/context.ts';
import type { App } from '../../core/kernel/registry.ts';
import { LIMITS } from './limits.ts';
import type { Mailroom } from './mailroom.ts';
import type { Receive } from './receive.ts';

/** How far a mailbox was read: the UIDs of one UIDVALIDITY up to this one. Kept as the connection's cursor. */
interface Cursor {
  uidValidity: string;
  uid: number;
}

/** Longest wait between two tries to connect, in milliseconds. */
const LONGEST_PAUSE = 60_000;
/** IDLE is renewed before servers and routers give up on a silent line (RFC 2177 says 29 minutes; many cut at 10). */
const IDLE_MILLISECONDS = 4 * 60_000;

/**
 * Follows a mailbox by IMAP IDLE until it is stopped. A mail is stored first, then marked \Seen; it is never moved or
 * deleted. Several workers may follow one mailbox: the second finds what it stores already there.
 */
export async function watchMailbox(url: string, room: Mailroom, receive: Receive): Promise<() => Promise<void>> {
  const stopping = new AbortController();
  const watching = watch(url, room, receive, stopping.signal);
  return async () => {
    stopping.abort();
    await watching;
  };
}

async function watch(url: string, room: Mailroom, receive: Receive, signal: AbortSignal): Promise<void> {
  let wait = 1_000;
  while (!signal.aborted) {
    const started = Date.now();
    try {
      await follow(url, room, receive, signal);
    } catch (error) {
      room.app.log.warn({ err: error, again: wait }, 'the mailbox cannot be read just now');
    }
    if (signal.aborted) return;
    // A line that held for a while starts counting anew.
    if (Date.now() - started > LONGEST_PAUSE) wait = 1_000;
    await pause(wait * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
    wait = Math.min(wait * 2, LONGEST_PAUSE);
  }
}

/** One connection, from connecting to its end. */
async function follow(url: string, room: Mailroom, receive: Receive, signal: AbortSignal): Promise<void> {
  const client = new ImapFlow(optionsOf(url));
  const news = newsOf(client);
  const stop = () => client.close();
  signal.addEventListener('abort', stop);
  client.on('error', (error: Error) => room.app.log.warn({ err: error }, 'the mailbox connection had a fault'));
  try {
    await client.connect();
    await client.mailboxOpen('INBOX');
    while (client.usable && !signal.aborted) {
      news.clear();
      await takeAll(client, room, receive);
      // Not awaited: IDLE ends with the next command, or by itself.
      if (!news.come()) client.idle().catch(() => undefined);
      await news.wait();
    }
  } finally {
    signal.removeEventListener('abort', stop);
    client.close();
  }
}

function optionsOf(url: string): ImapFlowOptions {
  const { protocol, hostname, port, username, password } = new URL(url);
  const secure = protocol === 'imaps:';
  return {
    host: hostname,
    port: Number(port) || (secure ? 993 : 143),
    secure,
    auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) },
    logger: false,
    disableAutoIdle: true,
    disableAutoEnable: true,
    disableCompression: true,
    maxIdleTime: IDLE_MILLISECONDS,
    socketTimeout: IDLE_MILLISECONDS + 60_000,
    connectionTimeout: 10_000,
    // A server that says it has more than a mail may be is not believed.
    maxLiteralSize: LIMITS.mailBytes + 1024,
  };
}

interface News {
  /** Forgets what was told so far. */
  clear(): void;
  /** True when something may have come since `clear`. */
  come(): boolean;
  /** Waits for it, or for a while: an IDLE that died in silence must not cost a mail. */
  wait(): Promise<void>;
}

function newsOf(client: ImapFlow): News {
  let pending = Promise.withResolvers<void>();
  let come = false;
  const tell = () => {
    come = true;
    pending.resolve();
  };
  client.on('exists', tell).on('close', tell);
  return {
    clear: () => {
      pending = Promise.withResolvers<void>();
      come = false;
    },
    come: () => come,
    wait: async () => {
      const timer = setTimeout(tell, IDLE_MILLISECONDS);
      await pending.promise;
      clearTimeout(timer);
    },
  };
}

/** Takes what came since the cursor, and what is unread. Somebody may have opened a mail in a mail program before us. */
async function takeAll(client: ImapFlow, { app, config }: Mailroom, receive: Receive): Promise<void> {
  const mailbox = client.mailbox;
  const connection = await connectionOf(app, config.replyTo);
  if (!mailbox) return;
  if (!connection)
    return app.log.warn(
      { account: config.replyTo },
      'no firm has connected the reply address: its mails wait in the mailbox',
    );
  const { tenantId, cursor } = connection;
  const uidValidity = String(mailbox.uidValidity);
  // Without a cursor the mailbox may be years old: only what is unread in it counts. Numbers of another UIDVALIDITY
  // mean nothing, so everything is looked at again; what was stored before is known by its Message-ID.
  const since = cursor ? (cursor.uidValidity === uidValidity ? cursor.uid : 0) : mailbox.uidNext - 1;
  const later = (await client.search({ uid: `${since + 1}:*` }, { uid: true })) || [];
  const unread = (await client.search({ seen: false }, { uid: true })) || [];
  const uids = [...new Set([...later.filter((uid) => uid > since), ...unread])].sort((a, b) => a - b);
  const faults: unknown[] = [];
  for (const uid of uids) {
    // One that cannot be stored stays unread, and keeps nobody waiting behind it.
    await takeOne(client, receive, String(uid)).catch((error: unknown) => faults.push(error));
    if (!client.usable) break;
  }
  if (faults.length) throw faults[0];
  await keepCursor(app, connection, { uidValidity, uid: Math.max(since, ...uids) });
}

async function takeOne(client: ImapFlow, receive: Receive, uid: string): Promise<void> {
  const about = await client.fetchOne(uid, { size: true }, { uid: true });
  const stub = about ? (about.size ?? 0) > LIMITS.mailBytes : false;
  const source = stub ? { start: 0, maxLength: LIMITS.stubBytes } : true;
  const message = await client.fetchOne(uid, { source }, { uid: true });
  // It was deleted in the meantime.
  if (!message || !message.source) return;
  const stored = await receive(message.source, stub ? 'stub' : 'mail');
  if (!stored) throw new Error('no firm has connected the reply address');
  await client.messageFlagsAdd(uid, ['\\Seen'], { uid: true });
}

interface MailConnection {
  tenantId: string;
  account: string;
  cursor: Cursor | null;
}

async function connectionOf(app: App, account: string): Promise<MailConnection | null> {
  const { rows } = await app.database.pool.query({
    name: 'mail-tenant',
    text: `select parley_connection_tenant('email', $1) as id`,
    values: [account],
  });
  const tenantId = (rows[0] as { id: string | null } | undefined)?.id;
  if (!tenantId) return null;
  return withActor(app, asReader(tenantId), async ({ sql }) => {
    const [row] = await sql<{
      cursor: Cursor | null;
    }>`select cursor from connection where tenant_id = ${tenantId} and tool = 'email' and account = ${account}`;
    return row ? { tenantId, account, cursor: row.cursor } : null;
  });
}

async function keepCursor(
  app: App,
  { tenantId, account, cursor: before }: MailConnection,
  cursor: Cursor,
): Promise<void> {
  if (before?.uidValidity === cursor.uidValidity && before.uid === cursor.uid) return;
  await withActor(
    app,
    asReader(tenantId),
    ({ sql }) =>
      sql`update connection set cursor = ${JSON.stringify(cursor)} where tenant_id = ${tenantId} and tool = 'email' and account = ${account}`,
  );
}

function asReader(tenantId: string): Who {
  return { kind: 'system', tenantId, reason: 'reading a mailbox' };
}
