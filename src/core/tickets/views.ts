import { z } from 'zod';
import { Message, messageCard, Thread, threadOf } from '../conversations/index.ts';
import type { Button } from '../kernel/card.ts';
import type { Context } from '../kernel/context.ts';
import { allow, there } from '../kernel/thing-definition.ts';
import { view } from '../kernel/view.ts';
import { ticketCard } from './cards.ts';
import { countThread, pageOfThread, readMessage, readThread, readTicket } from './queries.ts';
import { mayRead } from './rules.ts';
import { ShownTicket } from './schema.ts';
import { ticket as thing } from './ticket.ts';
import { timeText } from './wording.ts';

/** How many messages a ticket's card shows: enough to answer, short enough for a phone. */
const LAST = 5;

/** A ticket, with what was said last. */
export const showTicket = view({
  name: 'ticket.show',
  module: 'tickets',
  input: z.strictObject({ ticket: z.uuid() }),
  output: z.strictObject({
    ticket: ShownTicket.describe('The ticket as it is'),
    thread: Thread.describe('What was said last'),
  }),
  read: async (context, { ticket: id }) => {
    const [ticket, thread] = await Promise.all([found(context, id), readThread(context, id, LAST)]);
    return { ticket, thread };
  },
  card: ({ ticket, thread }, { actor }) => ticketCard(ticket, thread, actor),
});

/** The whole conversation. */
export const showThread = threadOf({
  name: 'ticket.thread',
  thing,
  shown: ShownTicket,
  found,
  page: pageOfThread,
  count: countThread,
  when: (actor) => (at) => timeText(at, actor),
  back: openButton,
});

/** One reply, question or note. `quoted` unfolds the earlier mail that came with it. */
export const showMessage = view({
  name: 'ticket.message',
  module: 'tickets',
  input: z.strictObject({ message: z.uuid(), quoted: z.literal('yes').optional() }),
  output: z.strictObject({
    ticket: ShownTicket.describe('What it is about'),
    message: Message.describe('What was said'),
  }),
  read: async (context, { message }) => {
    const one = there(await readMessage(context, message));
    allow(mayRead(context.actor, one.ticket));
    return one;
  },
  card: ({ ticket, message }, drawing, { quoted }) => {
    const when = (at: Date) => timeText(at, drawing.actor);
    const about = { thing, it: ticket, name: `#${ticket.number} ${ticket.title}`, where: ticket.projectName };
    return messageCard({ ...about, when, back: openButton(ticket) }, message, quoted === 'yes', drawing);
  },
});

/** The way back to the ticket. */
function openButton({ id, number }: ShownTicket): Button {
  return thing.opening(id, `Open #${number}`);
}

async function found(context: Context, id: string): Promise<ShownTicket> {
  const ticket = there(await readTicket(context, id));
  allow(mayRead(context.actor, ticket));
  return ticket;
}
