import type { AddressInfo } from 'node:net';
import { simpleParser } from 'mailparser';
import type { SMTPServerDataStream, SMTPServerSession } from 'smtp-server';
import { SMTPServer } from 'smtp-server';
import type { Mailboxes, SimMail } from './state.ts';

/** What the server answers instead of taking a recipient, once each. */
export interface Refusal {
  code: number;
  text: string;
}

export interface SmtpDoor {
  port: number;
  /** The next mail to this address is refused so. */
  refuse(address: string, refusal: Refusal): void;
  stop(): Promise<void>;
}

/** An SMTP server on the loopback address that accepts all mail and puts it into the recipients' mailboxes. */
export async function openSmtpDoor(boxes: Mailboxes, hubAddress: string, port: number): Promise<SmtpDoor> {
  const refusals = new Map<string, Refusal>();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    // The hub keeps its connections open; a stand-in that is stopped waits for none of them.
    closeTimeout: 100,
    onRcptTo: ({ address }, _session, callback) => {
      const refusal = refusals.get(address.toLowerCase());
      refusals.delete(address.toLowerCase());
      callback(refusal ? Object.assign(new Error(refusal.text), { responseCode: refusal.code }) : null);
    },
    onData: (stream, session, callback) => {
      take(boxes, hubAddress, stream, session).then(() => callback(), callback);
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    port: (server.server.address() as AddressInfo).port,
    refuse: (address, refusal) => {
      refusals.set(address.toLowerCase(), refusal);
    },
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}

async function take(
  boxes: Mailboxes,
  hubAddress: string,
  stream: SMTPServerDataStream,
  session: SMTPServerSession,
): Promise<void> {
  const { mailFrom } = session.envelope;
  // What a receiving server notes: the envelope's sender, where bounces go to.
  const returnPath = `Return-Path: <${mailFrom ? mailFrom.address : ''}>\r\n`;
  const raw = Buffer.concat([Buffer.from(returnPath), ...(await stream.toArray())]);
  for (const { address } of session.envelope.rcptTo) {
    if (untagged(address) === hubAddress.toLowerCase()) boxes.deliverToHub(raw);
    else boxes.keep(await shown(raw, untagged(address), 'in'));
  }
}

/** The mailbox of an address: what stands behind a + is only a tag. */
export function untagged(address: string): string {
  return address.toLowerCase().replace(/\+[^@]*@/, '@');
}

/** A raw mail as a mail program shows it. */
export async function shown(
  raw: Buffer,
  mailbox: string,
  direction: 'in' | 'out',
): Promise<Omit<SimMail, 'id' | 'at'>> {
  const mail = await simpleParser(raw, { skipTextToHtml: true });
  const from = mail.from?.value[0];
  const to = [mail.to ?? []].flat()[0]?.value[0];
  const { references = [] } = mail;
  return {
    mailbox,
    direction,
    from: from?.address ?? '',
    fromName: from?.name || (from?.address ?? ''),
    to: to?.address ?? '',
    replyTo: mail.replyTo?.value[0]?.address ?? from?.address ?? '',
    subject: mail.subject ?? '',
    text: mail.text ?? '',
    html: mail.html || null,
    messageId: mail.messageId ?? '',
    references: typeof references === 'string' ? [references] : references,
    headers: Object.fromEntries(
      mail.headerLines.map(({ key, line }) => [
        key,
        line
          .slice(line.indexOf(':') + 1)
          .replaceAll(/\s+/g, ' ')
          .trim(),
      ]),
    ),
  };
}
