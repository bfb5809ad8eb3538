import type { Message } from '../conversations/index.ts';
import { messageBlocks } from '../conversations/index.ts';
import type { Actor } from '../kernel/actor.ts';
import type { Button, Card } from '../kernel/card.ts';
import type { ShownTicket } from './schema.ts';
import { ticket as thing } from './ticket.ts';
import { timeText } from './wording.ts';

/** One reply, question or note, for the thread of the ticket's card. It shows no state of the ticket, so it never grows old. */
export function messageCard(ticket: ShownTicket, message: Message, withQuoted: boolean, actor: Actor): Card {
  const folded = message.quoted !== null && !withQuoted;
  return {
    title: `${message.byName} on #${ticket.number} ${ticket.title}`,
    tone: message.internal ? 'attention' : 'info',
    ...(message.internal ? { status: 'Internal' } : {}),
    blocks: messageBlocks(message, withQuoted, (at) => timeText(at, actor), ticket.projectName),
    actions: [
      // Whoever answers a note answers the team: the public button is not under their thumb here.
      ...thing.buttons(ticket, actor, [message.internal ? 'ticket.note' : 'ticket.reply']),
      openButton(ticket),
      ...(folded ? [quotedButton(message)] : []),
    ],
    fallback: `${message.byName} on #${ticket.number}: ${message.body.slice(0, 140).toWellFormed()}`,
    about: { entity: 'ticket', id: ticket.id, version: 0 },
  };
}

/** The way back to the ticket. */
export function openButton({ id, number }: ShownTicket): Button {
  return thing.opening(id, `Open #${number}`);
}

function quotedButton(message: Message): Button {
  return {
    kind: 'button',
    label: 'Quoted mail',
    word: 'QUOTED',
    press: { target: 'ticket.message', input: { message: message.id, quoted: 'yes' } },
  };
}
