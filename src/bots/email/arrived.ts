import type { Who } from '../../core/kernel/actor.ts';
import type { InboxItem, Worked } from '../../core/kernel/inbox.ts';
import type { Said, Sender } from '../channel.ts';
import type { CameWith } from '../files.ts';
import type { Answering } from './answer.ts';
import type { MailTools } from './mail-tools.ts';
import type { PostedCard } from './posted.ts';
import type { ReadMail } from './read.ts';
import { quotedOf } from './said.ts';

/** A verified mail in answer to a card of ours. */
export interface Arrived {
  item: InboxItem;
  from: string;
  /** Its own Message-ID; null when it has none. */
  messageId: string | null;
  posted: PostedCard;
  /** The fingerprint of the words that the answered mail showed; null when only its Message-ID is known. */
  shown: string | null;
  /** The Message-IDs it answers, oldest first. */
  thread: string[];
  mail: ReadMail;
}

/** What a mail led to: how it ended, and what its writer is told. */
export interface Result {
  worked: Worked;
  answer?: Answering;
  /** True when the answer only confirms: its loss undoes nothing. */
  courtesy?: boolean;
}

/** Who wrote, as the hub asks for it. */
export function senderOf({ config }: MailTools, { from }: Arrived): Sender {
  const install = { tool: 'email', account: config.replyTo } as const;
  return { install, provider: 'email', account: '', externalId: from, assurance: 'mail' };
}

/** The same as an actor. */
export function whoOf(room: MailTools, arrived: Arrived): Who {
  const { install, provider, account, externalId, assurance } = senderOf(room, arrived);
  return { kind: 'identity', install, provider, account, externalId, channel: provider, assurance };
}

/** A mail's acts have the mail's own id, whatever way and however often it comes. */
export function requestIdOf({ item }: Arrived): string {
  return `mail:${item.deliveryId}`;
}

/** The files that came with a mail, and the mail that keeps them. */
export function filesOf({ item, mail }: Arrived): CameWith | undefined {
  return mail.files.length ? { mail: item.id, list: mail.files } : undefined;
}

/** What was said with a mail, but for its text. */
export function sayingOf(room: MailTools, arrived: Arrived): Omit<Said, 'text' | 'requestId'> {
  const { posted, mail } = arrived;
  const files = filesOf(arrived);
  const quoted = quotedOf(mail.quoted);
  return {
    who: senderOf(room, arrived),
    room: { channel: 'email', account: posted.room.account, address: posted.room.address },
    inReplyTo: { cardId: posted.id },
    ...(quoted ? { quoted } : {}),
    ...(files ? { files } : {}),
  };
}

export function applied(outcome: string): Worked {
  return { status: 'applied', outcome };
}

export function quarantined(outcome: string): Worked {
  return { status: 'quarantined', outcome };
}
