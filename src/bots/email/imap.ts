import { setTimeout as pause } from 'node:timers/promises';
import type { ImapFlowOptions, MailboxObject } from 'imapflow';
import { ImapFlow } from 'imapflow';
import type { Egress } from '../../core/kernel/egress.ts';
import { LIMITS } from './limits.ts';
import type { MailTools } from './mail-tools.ts';
import { takeAll } from './mailbox.ts';
import type { Receive } from './receive.ts';
import { faultOfConnecting, refusalOf } from './server-fault.ts';

/** Longest wait between two tries to connect, in milliseconds. */
const LONGEST_PAUSE = 60_000;
/** Logins in a row that are refused before it is said: a server in trouble refuses one now and then. */
const REFUSALS = 3;
/** IDLE is renewed before servers and routers give up on a silent line (RFC 2177 says 29 minutes; many cut at 10). */
const IDLE_MILLISECONDS = 4 * 60_000;

/**
 * Follows a mailbox by IMAP IDLE until it is stopped. A mail is stored first, then marked \Seen; it is never moved or
 * deleted. Several workers may follow one mailbox: the second finds what it stores already there.
 */
export async function watchMailbox(url: string, room: MailTools, receive: Receive): Promise<() => Promise<void>> {
  const stopping = new AbortController();
  const watching = watch(url, room, receive, stopping.signal);
  return async () => {
    stopping.abort();
    await watching;
  };
}

async function watch(url: string, room: MailTools, receive: Receive, signal: AbortSignal): Promise<void> {
  const taken = new Set<string>();
  let wait = 1_000;
  let refused = 0;
  while (!signal.aborted) {
    const started = Date.now();
    try {
      await follow(url, room, receive, taken, signal);
    } catch (error) {
      if (error instanceof NotConnected) room.app.log.warn({ again: wait }, error.message);
      else room.app.log.warn({ err: error, again: wait }, 'the mailbox cannot be read just now');
      const reason = refusalOf(error);
      refused = reason ? refused + 1 : 0;
      if (reason && refused === REFUSALS) await tellBroken(room, reason);
    }
    if (signal.aborted) return;
    // A line that held for a while starts counting anew.
    if (Date.now() - started > LONGEST_PAUSE) wait = 1_000;
    await pause(wait * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
    wait = Math.min(wait * 2, LONGEST_PAUSE);
  }
}

/** Whoever runs the firm is told. Where that fails it is noticed again: by the next mail that is sent, or the next start. */
async function tellBroken({ broken, app }: MailTools, reason: string): Promise<void> {
  await broken?.(reason).catch((error: unknown) => app.log.warn({ err: error }, 'nobody could be told of the mailbox'));
}

/** One connection, from connecting to its end. */
async function follow(
  url: string,
  room: MailTools,
  receive: Receive,
  taken: Set<string>,
  signal: AbortSignal,
): Promise<void> {
  const client = new ImapFlow(optionsOf(url, room.egress));
  const news = newsOf(client);
  const stop = () => client.close();
  signal.addEventListener('abort', stop);
  client.on('error', (error: Error) => room.app.log.warn({ err: error }, 'the mailbox connection had a fault'));
  try {
    await client.connect().catch((error: unknown) => Promise.reject(new NotConnected(error, url)));
    await client.mailboxOpen('INBOX');
    while (client.usable && !signal.aborted) {
      news.clear();
      await takeAll(client, room, receive, taken);
      // Not awaited: IDLE ends with the next command, or by itself.
      if (!news.come()) client.idle().catch(() => undefined);
      await news.wait();
    }
  } finally {
    signal.removeEventListener('abort', stop);
    client.close();
  }
}

/** The mailbox could not be opened; its message is the sentence for the log. */
class NotConnected extends Error {
  constructor(cause: unknown, url: string) {
    const server = { what: 'The mailbox', url, setting: 'IMAP_URL', until: 'mails wait there unread' };
    super(faultOfConnecting(cause, server), { cause });
    this.name = 'NotConnected';
  }
}

/**
 * How a mailbox of that address is opened.
 * @throws EgressRefused
 */
function optionsOf(url: string, egress: Egress | undefined): ImapFlowOptions {
  const { protocol, hostname, port, username, password } = new URL(url);
  const secure = protocol === 'imaps:';
  return {
    host: hostname,
    port: Number(port) || (secure ? 993 : 143),
    secure,
    auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) },
    // These go to the connection itself, encrypted or not.
    ...(egress ? { tls: egress.to(hostname) } : {}),
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

/**
 * Signs in to a mailbox, works in its INBOX, and leaves.
 * @param patience milliseconds for all of it
 */
export async function briefImap<T>(
  url: string,
  egress: Egress,
  patience: number,
  work: (client: ImapFlow, inbox: MailboxObject) => Promise<T>,
): Promise<T> {
  const client = new ImapFlow({
    ...optionsOf(url, egress),
    connectionTimeout: 5_000,
    greetingTimeout: 5_000,
    socketTimeout: 8_000,
    // It reads headers alone.
    maxLiteralSize: LIMITS.headerBytes,
  });
  client.on('error', () => undefined);
  const late = setTimeout(() => client.close(), patience);
  try {
    await client.connect();
    return await work(client, await client.mailboxOpen('INBOX'));
  } finally {
    clearTimeout(late);
    client.close();
  }
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
