import { createTransport } from 'nodemailer';
import type { Logger } from 'pino';
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
}

export type Post = (mail: Outgoing) => Promise<void>;

/**
 * Opens a pool of SMTP connections. Calls give up within ten seconds, inside a job's lease. Whether the server can be used
 * is found out meanwhile and said in the log: nothing else need wait for it.
 */
export function openSmtp(url: string, log: Logger): Post {
  const transport = createTransport({ ...smtpOptions(url), pool: true, maxConnections: 4, idleTimeout: 10_000 });
  const server = { what: 'The mail server', url, setting: 'SMTP_URL', until: 'mails wait' };
  transport.verify().catch((error: unknown) => log.warn(faultOfConnecting(error, server)));
  return async (mail) => {
    try {
      await transport.sendMail(messageOf(mail));
    } catch (error) {
      throw isFinal(error)
        ? new Undeliverable(`the mail server refused ${mail.to}: ${error.response ?? error.message}`)
        : error;
    }
  };
}

/** How a mail server is reached: calls give up within ten seconds, inside a job's lease. */
export function smtpOptions(url: string) {
  return {
    url,
    connectionTimeout: 4_000,
    greetingTimeout: 4_000,
    socketTimeout: 8_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
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
    // The second keeps Exchange from answering with "out of office".
    headers: { 'Auto-Submitted': mail.automatic, 'X-Auto-Response-Suppress': 'All', 'Content-Language': 'en' },
  };
}

/**
 * True when the server refused this recipient or this mail for good. A refused login or sender is also a 5xx, but it is
 * our set-up that is at fault then, not the mailbox: such a mail is tried again and ends where staff see it.
 */
function isFinal(error: unknown): error is { response?: string; message: string } {
  const { responseCode = 0, command = '' } = error as { responseCode?: number; command?: string };
  return responseCode >= 500 && (command === 'RCPT TO' || command === 'DATA');
}
