import { command } from '../kernel/command.ts';
import { confirmation } from './cards.ts';
import { fact } from './history.ts';
import { Progress } from './input.ts';
import { mayProgress } from './policies.ts';
import { ticketForUpdate } from './queries.ts';
import { decide, EVENTS, SAYS } from './ticket.ts';
import { assertCurrent, moveTicket } from './writes.ts';

/** Says that work has begun or is done. A tool in which the work is done gives no version: it says what is. */
export const progressTicket = command({
  name: 'ticket.progress',
  input: Progress,
  load: (context, { ticket }) => ticketForUpdate(context, ticket),
  policy: (actor, ticket) => mayProgress(actor, ticket),
  handle: async (context, { status, version }, ticket) => {
    if (version !== undefined) await assertCurrent(context, ticket, version);
    const state = decide(ticket, { act: status === 'resolved' ? 'resolve' : 'start' });
    const moved = await moveTicket(context, ticket, state);
    return {
      events: [fact(EVENTS.progressed, ticket, moved)],
      output: { id: ticket.id, number: ticket.number, version: moved.version, status },
    };
  },
  reply: ({ id, number, status }) => confirmation(id, number, `#${number} is ${SAYS[status]}.`),
});
