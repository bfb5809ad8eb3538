import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { createTransport } from 'nodemailer';
import type { Logger } from 'pino';
import type { Egress } from '../../core/kernel/egress.ts';
import { Undeliverable } from '../channel.ts';
import { faultOfConnecting } from './server-fault.ts';

/** A mail that is ready to go. */
export interface Outgoing {
  from: { name: string; address: string };
  to: string;
  replyTo: string;
  /** Where bounces go: the envelope's sender, not the one people see. */
  returnPath: string;
  subject: string;
  text: string;
  html: string;
  messageId: string;
  inReplyTo: string | null;
  references: string[];
  /** RFC 3834: `auto-replied` for the answer to one mail, `auto-generated` for everything else we write. */
  automatic: 'auto-generated' | 'auto-replied';
  date: Date;
  /** Where mails of this kind are stopped by one press, without signing in (RFC 8058). Absent for what somebody must be told. */
  stopUrl?: string | null;
}

export type Post = (mail: Outgoing) => Promise<void>;

/**
 * Opens a pool of SMTP connections. Calls give up within ten seconds, inside a job's lease. Whether the server can be used
 * is found out meanwhile and said in the log: nothing else need wait for it.
 */
export function openSmtp(url: string, log: Logger, egress: Egress | undefined): Post {
  const transport = createTransport({
    ...smtpOptions(url, egress),
    pool: true,
    maxConnections: 4,
    idleTimeout: 10_000,
  });
  const server = { what: 'The mail server', url, setting: 'SMTP_URL', until: 'mails wait' };
  transport.verify().catch((error: unknown) => log.warn(faultOfConnecting(error, server)));
  return (mail) => sendBy(transport, mail);
}

/** Sends one mail by a connection of its own. @throws Undeliverable when the server refuses it for good */
export async function sendOnce(url: string, mail: Outgoing): Promise<void> {
  const transport = createTransport(smtpOptions(url, undefined));
  try {
    await sendBy(transport, mail);
  } finally {
    transport.close();
  }
}

async function sendBy(
  transport: { sendMail(message: ReturnType<typeof messageOf>): Promise<unknown> },
  mail: Outgoing,
): Promise<void> {
  try {
    await transport.sendMail(messageOf(mail));
  } catch (error) {
    throw isFinal(error)
      ? new Undeliverable(`the mail server refused ${mail.to}: ${error.response ?? error.message}`)
      : error;
  }
}

/** Milliseconds in which a connection is made. */
const CONNECTING = 4_000;

/** How a mail server is reached: calls give up within ten seconds, inside a job's lease. */
export function smtpOptions(url: string, egress: Egress | undefined) {
  return {
    url,
    ...(egress ? { getSocket: socketsBy(egress) } : {}),
    connectionTimeout: CONNECTING,
    greetingTimeout: 4_000,
    socketTimeout: 8_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

type Got = (error: Error | null, socket?: { connection: Socket }) => void;

/** nodemailer resolves names by itself, so where it may connect to it is handed a connection; it encrypts that as the address says. */
function socketsBy(egress: Egress) {
  return ({ host = '', port, secure }: { host?: string; port?: number; secure?: boolean }, got: Got) => {
    connecting(egress, host, port ?? (secure ? 465 : 587)).then(
      (connection) => got(null, { connection }),
      (error: Error) => got(error),
    );
  };
}

async function connecting(egress: Egress, host: string, port: number): Promise<Socket> {
  const socket = connect({ ...egress.to(host), host: host.replace(/^\[(.*)\]$/, '$1'), port });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const late = () => socket.destroy(Object.assign(new Error('the server did not answer'), { code: 'ETIMEDOUT' }));
  socket.setTimeout(CONNECTING).once('timeout', late).once('error', reject).once('connect', resolve);
  await promise;
  socket.setTimeout(0).off('timeout', late).off('error', reject);
  return socket;
}

function messageOf(mail: Outgoing) {
  return {
    from: mail.from,
    to: { name: '', address: mail.to },
    replyTo: { name: mail.from.name, address: mail.replyTo },
    envelope: { from: mail.returnPath, to: [mail.to] },
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    messageId: mail.messageId,
    ...(mail.inReplyTo ? { inReplyTo: mail.inReplyTo } : {}),
    ...(mail.references.length ? { references: mail.references } : {}),
    date: mail.date,
    headers: headersOf(mail),
  };
}

function headersOf({ automatic, stopUrl }: Outgoing): Record<string, string | { prepared: boolean; value: string }> {
  // The second keeps Exchange from answering with "out of office".
  const always = { 'Auto-Submitted': automatic, 'X-Auto-Response-Suppress': 'All', 'Content-Language': 'en' };
  if (!stopUrl) return always;
  // An address that is folded would not be read by every mail program.
  const stops = { 'List-Unsubscribe': { prepared: true, value: `<${stopUrl}>` } };
  return { ...always, ...stops, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' };
}

/**
 * True when the server refused this recipient or this mail for good. A refused login or sender is also a 5xx, but it is
 * our set-up that is at fault then, not the mailbox: such a mail is tried again and ends where staff see it.
 */
function isFinal(error: unknown): error is { response?: string; message: string } {
  const { responseCode = 0, command = '' } = error as { responseCode?: number; command?: string };
  return responseCode >= 500 && (command === 'RCPT TO' || command === 'DATA');
}
