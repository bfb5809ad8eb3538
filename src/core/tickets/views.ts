import { z } from 'zod';
import { fileActions } from '../conversations/index.ts';
import type { Context } from '../kernel/context.ts';
import { DomainError } from '../kernel/errors.ts';
import { allow, there } from '../kernel/thing-definition.ts';
import { view } from '../kernel/view.ts';
import { ticketCard } from './cards.ts';
import { messageCard, threadCard } from './conversation-cards.ts';
import { mineCard, queueCard, SIZE } from './list-cards.ts';
import { ticketsOf, triageCounts, triageQueue } from './lists.ts';
import type { ShownTicket } from './queries.ts';
import { readMessage, readThread, readTicket } from './queries.ts';
import { isTeam, mayRead } from './rules.ts';

const Page = z.coerce.number().int().min(0).default(0);

/** How many messages a ticket's card shows: enough to answer, short enough for a phone. */
const LAST = 5;

/** A ticket, with what was said last. */
export const showTicket = view({
  name: 'ticket.show',
  module: 'tickets',
  input: z.strictObject({ ticket: z.uuid() }),
  show: async (context, { ticket }) => {
    const [shown, thread] = await Promise.all([found(context, ticket), readThread(context, ticket, LAST)]);
    return ticketCard(shown, thread, context.actor);
  },
});

/** The whole conversation, a page at a time, the newest page first. */
export const showThread = view({
  name: 'ticket.thread',
  module: 'tickets',
  input: z.strictObject({ ticket: z.uuid(), page: Page }),
  show: async (context, { ticket, page }) => {
    const [shown, thread] = await Promise.all([found(context, ticket), readThread(context, ticket, SIZE, page)]);
    return threadCard(shown, thread, page, context.actor);
  },
});

/** One reply, question or note. `quoted` unfolds the earlier mail that came with it. */
export const showMessage = view({
  name: 'ticket.message',
  module: 'tickets',
  input: z.strictObject({ message: z.uuid(), quoted: z.literal('yes').optional() }),
  show: async (context, { message, quoted }) => {
    const one = there(await readMessage(context, message));
    allow(mayRead(context.actor, one.ticket));
    const card = messageCard(one.ticket, one.message, quoted === 'yes', context.actor);
    return { ...card, actions: [...card.actions, ...fileActions(one.message, 'ticket.message', context)] };
  },
});

/** The team's triage queue (C2). */
export const showQueue = view({
  name: 'ticket.queue',
  module: 'tickets',
  input: z.strictObject({ page: Page }),
  show: async (context, { page }) => {
    if (!isTeam(context.actor)) throw new DomainError('forbidden', 'The triage queue is for the team.');
    const [tickets, counts] = await Promise.all([triageQueue(context, page, SIZE), triageCounts(context)]);
    return queueCard(context.newId(), tickets, page, counts, context.actor);
  },
});

/** What a contact may see of tickets; what somebody of the team owns. */
export const showMine = view({
  name: 'ticket.mine',
  module: 'tickets',
  input: z.strictObject({ page: Page }),
  show: async (context, { page }) =>
    mineCard(context.newId(), await ticketsOf(context, page, SIZE), page, context.actor),
});

async function found(context: Context, id: string): Promise<ShownTicket> {
  const ticket = there(await readTicket(context, id));
  allow(mayRead(context.actor, ticket));
  return ticket;
}
