import type { Person } from '../../core/kernel/actor.ts';
import type { Card, Press } from '../../core/kernel/card.ts';
import { answerMessageId, replyAddress } from './address.ts';
import type { MailTools } from './mail-tools.ts';
import type { PostedCard } from './posted.ts';
import { surroundingsOf } from './posted.ts';
import type { Post } from './smtp.ts';
import type { ShownWords } from './words.ts';
import { fingerprintOf, shownWords } from './words.ts';
import { answerSubject, writeMail } from './write.ts';

/** What we answer to a mail. */
export interface Answering {
  /** Sentences that say what became of the mail. */
  lead: string[];
  card: Card | null;
  /** Where the card comes from when it is a form that is missing something. */
  view?: Press;
  /** What a word in answer to our answer presses; by default what the card shows. */
  words?: ShownWords;
}

/** The mail that is answered. */
export interface Incoming {
  from: string;
  /** What makes it the same mail when it is worked again. */
  name: string;
  messageId: string | null;
  /** The Message-IDs of the thread so far, oldest first. */
  references: readonly string[];
}

/**
 * Answers a mail in its thread. One mail gets one answer: a repetition bears the same Message-ID.
 * @param sender null when nobody is linked to the address: such an answer carries no card and no links
 */
export async function answerMail(
  tools: MailTools & { post: Post },
  posted: PostedCard,
  incoming: Incoming,
  sender: Person | null,
  answering: Answering,
): Promise<void> {
  const { app, config } = tools;
  const { firmName } = await surroundingsOf(app, posted.room, posted.id, null);
  const reader = { tenantId: posted.room.tenantId, personId: sender?.personId ?? null, cardId: posted.id };
  const subject = answerSubject(posted.ref?.subject ?? 'your mail');
  const { lead, card, view = null } = answering;
  const words = answering.words ?? (card ? shownWords(card) : (posted.ref?.words ?? {}));
  await tools.post({
    ...writeMail(tools, reader, { subject, lead, card, view, history: null }),
    from: { name: firmName, address: config.from },
    to: incoming.from,
    replyTo: replyAddress(app.secrets, config.replyTo, posted.id, fingerprintOf(words)),
    // RFC 3834, section 3.3: what an answer by a machine leads to must not come back.
    returnPath: '',
    messageId: answerMessageId(config.replyTo, incoming.name),
    inReplyTo: incoming.messageId,
    references: [
      ...new Set([...(posted.ref ? [posted.ref.root] : []), ...incoming.references, incoming.messageId ?? []].flat()),
    ].slice(-20),
    automatic: 'auto-replied',
    date: app.clock.now(),
  });
}
