import { DomainError } from '../../core/kernel/errors.ts';
import type { InboxItem, Worked } from '../../core/kernel/inbox.ts';
import { countWithinTheHour } from '../../core/kernel/inbox-read.ts';
import { noteUndeliverable } from '../room-fault.ts';
import { actOn } from './act.ts';
import type { Tag } from './address.ts';
import { cardOfMessageId, isOurMessageId, readTag } from './address.ts';
import { alignmentOf } from './alignment.ts';
import type { Arrived } from './arrived.ts';
import { applied, quarantined } from './arrived.ts';
import { automaticBecause, bounceOf, isReport, seemsAutomaticBecause } from './automatic.ts';
import type { Header } from './headers.ts';
import { answeredIds, messageIdOf, readHeaders, recipientsOf, senderOf } from './headers.ts';
import { LIMITS } from './limits.ts';
import type { MailTools } from './mail-tools.ts';
import { readPosted } from './posted.ts';
import type { MailReader } from './read.ts';
import { UnreadableMail } from './read.ts';
import type { Post } from './smtp.ts';

export interface MailWork extends MailTools {
  post: Post;
  reader: MailReader;
}

/**
 * Works a stored mail. Whatever it is, it ends applied or quarantined, with the reason; the raw mail stays.
 * @throws only what is worth another try: the database or the mail server cannot be reached
 */
export async function workMail(tools: MailWork, item: InboxItem): Promise<Worked> {
  try {
    return await judge(tools, item);
  } catch (error) {
    if (error instanceof UnreadableMail) return quarantined(`the mail cannot be read: ${error.message}`);
    if (error instanceof DomainError && error.code !== 'unavailable') return quarantined(error.say);
    throw error;
  }
}

/** Is it whole, from a person, from whom they seem, and in answer to what? In this order: nothing is done for a guess. */
async function judge(tools: MailWork, item: InboxItem): Promise<Worked> {
  const { app, config } = tools;
  const headers = readHeaders(item.body);
  if (item.kind === 'stub' || item.body.length > LIMITS.mailBytes)
    return quarantined('larger than 25 MB: only its beginning is kept here, the whole mail is in the mailbox');
  const tags = recipientsOf(headers).flatMap((address) => readTag(app.secrets, config.replyTo, address) ?? []);
  if (tags.some(({ kind }) => kind === 'proof')) return applied('the mail that proves this mailbox; nothing was done');
  if (isOurs(config, headers)) return applied('a mail of our own came back; nothing was done');
  if (isReport(headers)) return workBounce(tools, item, tags);
  const automatic = automaticBecause(headers);
  if (automatic) return applied(`written by a machine (${automatic}); nothing was done, and it was not answered`);

  const from = senderOf(headers);
  if ('fault' in from) return quarantined(`nobody knows who wrote this: ${from.fault}`);
  const alignment = alignmentOf(headers, from.address, config.authservId);
  if (!alignment.verified) return quarantined(`not verified: ${alignment.why}; nothing was done`);
  // Of those that are believed to be theirs: nobody else uses up what they may send.
  if ((await countWithinTheHour(app, item, { sender: from.address, verified: 'yes' })) > LIMITS.mailsPerHour)
    return quarantined(`more than ${LIMITS.mailsPerHour} mails of ${from.address} within an hour; nothing was done`);

  const named = cardNamed(config.replyTo, headers, tags);
  const posted = named && (await readPosted(app, item.tenantId, named.cardId));
  if (!posted) return quarantined('nobody knows where this belongs: it is no answer to a mail of ours');
  const mail = await tools.reader(item.body);
  const absence = seemsAutomaticBecause(headers, mail.subject);
  if (absence) return quarantined(`it seems to be written by a machine (${absence}); it was kept and not answered`);
  const arrived: Arrived = {
    item,
    from: from.address,
    messageId: messageIdOf(headers),
    posted,
    shown: named.shown,
    thread: answeredIds(headers).reverse(),
    mail,
  };
  return actOn(tools, arrived);
}

/** The card that a mail answers: by the tag of its recipients, else by the mails it refers to. */
function cardNamed(replyTo: string, headers: Header[], tags: Tag[]): { cardId: string; shown: string | null } | null {
  const tag = tags.find((one) => one.kind === 'reply');
  if (tag) return tag;
  const cardId = answeredIds(headers).flatMap((id) => cardOfMessageId(replyTo, id) ?? [])[0];
  return cardId ? { cardId, shown: null } : null;
}

function isOurs({ from, replyTo }: { from: string; replyTo: string }, headers: Header[]): boolean {
  const id = messageIdOf(headers);
  if (id && isOurMessageId(replyTo, id)) return true;
  const sender = senderOf(headers);
  const address = 'address' in sender ? sender.address.replace(/\+[^@]*@/, '@') : '';
  return [from.toLowerCase(), replyTo.toLowerCase()].includes(address);
}

/**
 * A mailbox that does not exist any more is noted at its room; anything else about a delivery is only kept. It
 * counts at the envelope's own address alone, which servers see and people do not write to: whoever knows a reply
 * address can neither switch a mailbox off nor keep us busy with reading.
 */
async function workBounce({ app, reader }: MailWork, item: InboxItem, tags: Tag[]): Promise<Worked> {
  const tag = tags.find((one) => one.kind === 'bounce');
  const posted = tag && (await readPosted(app, item.tenantId, tag.cardId));
  if (!posted)
    return applied('a report about a mail that is not one of ours; nothing was done, and it was not answered');
  const { deliveryStatus } = await reader(item.body);
  const bounce = deliveryStatus === null ? null : bounceOf(deliveryStatus);
  if (!bounce) return applied('a report about a mail, without a status; nothing was done, and it was not answered');
  if (!bounce.permanent) return applied(`a mail is late (${bounce.reason}); nothing was done`);
  await noteUndeliverable(app, posted.room, posted.id, bounce.reason);
  return applied(`${posted.room.address} cannot be reached: ${bounce.reason}. It gets no more mail until it is mended`);
}
