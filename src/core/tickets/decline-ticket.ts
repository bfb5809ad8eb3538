import { command } from '../kernel/command.ts';
import { confirmation } from './cards.ts';
import { fact } from './history.ts';
import { Decline } from './input.ts';
import { mayTriage } from './policies.ts';
import { ticketForUpdate } from './queries.ts';
import { decide, EVENTS } from './ticket.ts';
import { assertCurrent, moveTicket } from './writes.ts';

/** The firm does not take the ticket on, and tells the client why (C2). */
export const declineTicket = command({
  name: 'ticket.decline',
  input: Decline,
  fields: ['reason'],
  load: (context, { ticket }) => ticketForUpdate(context, ticket),
  policy: (actor, ticket) => mayTriage(actor, ticket),
  handle: async (context, { version, reason }, ticket) => {
    await assertCurrent(context, ticket, version);
    const declined = await moveTicket(context, ticket, decide(ticket, { act: 'decline', reason }));
    return {
      events: [fact(EVENTS.declined, ticket, declined)],
      output: { id: ticket.id, number: ticket.number, version: declined.version },
    };
  },
  reply: ({ id, number }) => confirmation(id, number, `#${number} is declined; the client sees the reason.`),
});
