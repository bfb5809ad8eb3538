import { randomUUID } from 'node:crypto';
import MailComposer from 'nodemailer/lib/mail-composer';
import type { SimMail } from './state.ts';

export interface WritingOptions {
  /** Quotes the mail that is answered below the text, as mail programs do. */
  quote?: boolean;
  /** False: the receiving server found no proof of who wrote it. */
  verified?: boolean;
  subject?: string;
  files?: { name: string; content: string }[];
  /** More header fields: Auto-Submitted and the like. */
  headers?: Record<string, string>;
}

/** What a person's mail program sends when they answer a mail. */
export async function replyTo(mail: SimMail, text: string, at: number, options: WritingOptions): Promise<Buffer> {
  const quoted = `On ${new Date(at).toUTCString()}, ${mail.fromName} <${mail.from}> wrote:\n\n${mail.text.replaceAll(/^/gm, '> ')}`;
  return written(mail.mailbox, mail.replyTo, at, {
    subject: options.subject ?? (/^re:/i.test(mail.subject) ? mail.subject : `Re: ${mail.subject}`),
    text: (options.quote ?? true) ? `${text}\n\n${quoted}` : text,
    inReplyTo: mail.messageId,
    references: [...mail.references, mail.messageId],
    ...options,
  });
}

/** A mail that answers none. */
export async function newMail(
  from: string,
  to: string,
  text: string,
  at: number,
  options: WritingOptions,
): Promise<Buffer> {
  return written(from, to, at, { subject: options.subject ?? 'Hello', text, ...options });
}

interface Writing extends WritingOptions {
  subject: string;
  text: string;
  inReplyTo?: string;
  references?: string[];
}

async function written(
  from: string,
  to: string,
  at: number,
  { subject, text, inReplyTo, references, files = [], headers = {} }: Writing,
): Promise<Buffer> {
  const composer = new MailComposer({
    from,
    to,
    subject,
    text,
    ...(inReplyTo ? { inReplyTo } : {}),
    ...(references ? { references } : {}),
    attachments: files.map(({ name, content }) => ({ filename: name, content })),
    headers,
    date: new Date(at),
    messageId: `<${randomUUID()}@${domainOf(from)}>`,
    newline: '\r\n',
  });
  return composer.compile().build();
}

/** What the server of the hub's mailbox writes above a mail that comes in: how it was delivered, and what it found out. */
export function received(raw: Buffer, from: string, to: string, authservId: string, verified: boolean): Buffer {
  const domain = domainOf(from);
  const verdict = verified
    ? `dmarc=pass header.from=${domain}; spf=pass smtp.mailfrom=${from}`
    : `dmarc=fail header.from=${domain}; spf=softfail smtp.mailfrom=${from}`;
  const head = [`Return-Path: <${from}>`, `Delivered-To: ${to}`, `Authentication-Results: ${authservId}; ${verdict}`];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n`), raw]);
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}
