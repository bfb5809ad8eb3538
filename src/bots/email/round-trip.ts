import type { EmailConfig } from '../../config.ts';
import { oneLine } from '../../core/kernel/text.ts';
import type { RoundTrip } from '../channel.ts';
import { proofAddress, readTag } from './address.ts';
import { domainOf, readHeaders, recipientsOf } from './headers.ts';
import { htmlOf } from './html.ts';
import { briefImap } from './imap.ts';
import type { Piece } from './letter.ts';
import type { Outgoing } from './smtp.ts';
import { sendOnce } from './smtp.ts';
import { textOf } from './text.ts';

/** The newest mails in which the proof is looked for: it was sent within the last half an hour. */
const NEWEST = 100;
/** Milliseconds for one look, so that a server which answers slowly holds up nobody for long. */
const PATIENCE = 15_000;

/**
 * A mailbox is proven by a mail of the hub's own that arrives in it. That somebody can sign in to a server says nothing: a firm
 * may run one on which every address is its own. The mail goes the way that all mail to the address goes, and names it with a tag
 * which nobody else knows.
 */
export const roundTrip: RoundTrip<EmailConfig> = {
  send: (own, waiting, { app, publicUrl }) =>
    sendOnce(own.smtpUrl, {
      ...written(waiting, publicUrl),
      from: { name: 'Parley', address: own.from },
      to: proofAddress(app.secrets, waiting.account, waiting.id),
      replyTo: own.from,
      returnPath: own.from,
      messageId: `<proof.${waiting.id}@${domainOf(own.from)}>`,
      inReplyTo: null,
      references: [],
      automatic: 'auto-generated',
      date: app.clock.now(),
    }),
  arrived: async ({ imapUrl, replyTo }, { id }, { app, egress }) => {
    if (!imapUrl) return false;
    const isIt = (headers: Buffer | undefined) =>
      recipientsOf(readHeaders(headers ?? Buffer.of())).some((address) => {
        const tag = readTag(app.secrets, replyTo, address);
        return tag?.kind === 'proof' && tag.proofId === id;
      });
    return briefImap(imapUrl, egress, PATIENCE, async (client, { exists }) => {
      let found: number | null = null;
      if (exists === 0) return false;
      const newest = `${Math.max(1, exists - NEWEST + 1)}:*`;
      for await (const { uid, headers } of client.fetch(newest, { uid: true, headers: true }))
        if (isIt(headers)) found = uid;
      // It asks nobody for anything: whoever opens the mailbox need not wonder.
      if (found !== null) await client.messageFlagsAdd(String(found), ['\\Seen'], { uid: true }).catch(() => false);
      return found !== null;
    });
  },
  said: {
    refused:
      'The mail server refused our mail to this address. Check the address, and that mail to it with a + and some letters before the @ arrives.',
    unsent:
      'Our mail could not be sent, because the mail server of this hub does not answer. Whoever runs the hub can see why.',
    late: 'Our mail did not arrive within half an hour. Look whether it lies among the spam, whether mail to this address with a + and some letters before the @ arrives, and whether the incoming server is the one of this mailbox.',
  },
};

function written(
  { account, firm, person }: { account: string; firm: string; person: string },
  publicUrl: string,
): Pick<Outgoing, 'subject' | 'text' | 'html'> {
  const subject = `This mail connects ${account} to Parley`;
  const words = [
    `${oneLine(person)} of ${oneLine(firm)} is connecting the mailbox ${account} to Parley (${publicUrl}).`,
    'Parley finds this mail there by itself, and knows by it that the mailbox is theirs. There is nothing to do.',
    'If nobody of yours asked for it, delete this mail and pass it on to nobody. Then nothing is connected, and nobody gets in.',
  ];
  const pieces = words.map((text): Piece => ({ kind: 'paragraph', text }));
  return { subject, text: textOf(pieces), html: htmlOf(subject, pieces) };
}
