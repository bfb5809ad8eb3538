import { fileBlocks, fileRefs, textIn } from '../conversations/index.ts';
import type { Actor } from '../kernel/actor.ts';
import type { Block, Button, Card } from '../kernel/card.ts';
import type { Message, ShownTicket, Thread } from './schema.ts';
import { ticket as thing } from './ticket.ts';
import { instant } from './wording.ts';

/** The last of what was said, as a part of the ticket's card. */
export function conversation({ messages, earlier }: Thread, actor: Actor): Block[] {
  if (!messages.length) return [];
  return [
    ...(earlier ? [{ kind: 'text' as const, text: `and ${earlier} earlier`, subtle: true }] : []),
    { kind: 'timeline', title: 'Conversation', items: messages.map((message) => said(message, actor, SHORT)) },
  ];
}

/** More of a message than this stands behind "Earlier…" and in the message itself. */
const SHORT = 500;

function said(message: Message, actor: Actor, most: number) {
  return {
    at: instant(message.createdAt, actor),
    who: message.byName,
    text: textIn(message, most),
    ...(message.internal ? { internal: true } : {}),
    ...(message.files ? { files: fileRefs(message) } : {}),
  };
}

/** A stretch of the conversation in full. */
export function threadCard(ticket: ShownTicket, thread: Thread, page: number, actor: Actor): Card {
  const turn = (label: string, to: number): Button => ({
    kind: 'button',
    label,
    press: { target: 'ticket.thread', input: { ticket: ticket.id, page: String(to) } },
  });
  return {
    title: `Conversation on #${ticket.number}`,
    tone: 'neutral',
    blocks: thread.messages.length
      ? [
          ...(thread.earlier ? [{ kind: 'text' as const, text: `and ${thread.earlier} earlier`, subtle: true }] : []),
          { kind: 'timeline', items: thread.messages.map((message) => said(message, actor, Infinity)) },
        ]
      : [{ kind: 'text', text: 'Nothing was said here.' }],
    actions: [
      ...(thread.earlier ? [turn('Earlier…', page + 1)] : []),
      ...(page > 0 ? [turn('Later…', page - 1)] : []),
      thing.opening(ticket.id, `Open #${ticket.number}`),
    ],
    fallback: `The conversation on #${ticket.number} ${ticket.title}`,
    about: { entity: 'ticket', id: ticket.id, version: 0 },
  };
}

/** One reply, question or note, for the thread of the ticket's card. It shows no state of the ticket, so it never grows old. */
export function messageCard(ticket: ShownTicket, message: Message, withQuoted: boolean, actor: Actor): Card {
  const folded = message.quoted !== null && !withQuoted;
  return {
    title: `${message.byName} on #${ticket.number} ${ticket.title}`,
    tone: message.internal ? 'attention' : 'info',
    ...(message.internal ? { status: 'Internal' } : {}),
    blocks: [
      { kind: 'text', text: message.body },
      ...(message.quoted !== null && withQuoted ? [{ kind: 'text' as const, text: message.quoted, subtle: true }] : []),
      ...fileBlocks(message),
      {
        kind: 'text',
        text: [
          instant(message.createdAt, actor),
          ticket.projectName,
          ...(message.internal ? ['only the team sees this'] : []),
          ...(folded ? ['earlier mail is folded away'] : []),
        ].join(' · '),
        subtle: true,
      },
    ],
    actions: [
      // Whoever answers a note answers the team: the public button is not under their thumb here.
      ...thing.buttons(ticket, actor, [message.internal ? 'ticket.note' : 'ticket.reply']),
      thing.opening(ticket.id, `Open #${ticket.number}`),
      ...(folded ? [quotedButton(message)] : []),
    ],
    fallback: `${message.byName} on #${ticket.number}: ${message.body.slice(0, 140).toWellFormed()}`,
    about: { entity: 'ticket', id: ticket.id, version: 0 },
  };
}

function quotedButton(message: Message): Button {
  return {
    kind: 'button',
    label: 'Quoted mail',
    word: 'QUOTED',
    press: { target: 'ticket.message', input: { message: message.id, quoted: 'yes' } },
  };
}
