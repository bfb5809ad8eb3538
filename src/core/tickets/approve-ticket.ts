import { command } from '../kernel/command.ts';
import { confirmation } from './cards.ts';
import { fact } from './history.ts';
import { OnVersion } from './input.ts';
import { mayTriage } from './policies.ts';
import { ticketForUpdate } from './queries.ts';
import { decide, EVENTS } from './ticket.ts';
import { assertCurrent, moveTicket } from './writes.ts';

/** The firm takes the ticket on (C2). */
export const approveTicket = command({
  name: 'ticket.approve',
  input: OnVersion,
  load: (context, { ticket }) => ticketForUpdate(context, ticket),
  policy: (actor, ticket) => mayTriage(actor, ticket),
  handle: async (context, { version }, ticket) => {
    await assertCurrent(context, ticket, version);
    const approved = await moveTicket(context, ticket, decide(ticket, { act: 'approve' }));
    return {
      events: [fact(EVENTS.approved, ticket, approved)],
      output: { id: ticket.id, number: ticket.number, version: approved.version },
    };
  },
  reply: ({ id, number }) => confirmation(id, number, `#${number} is approved.`),
});
