import { command } from '../kernel/command.ts';
import type { Context } from '../kernel/context.ts';
import { DomainError } from '../kernel/errors.ts';
import type { NewEvent } from '../kernel/event.ts';
import { confirmation } from './cards.ts';
import { fact } from './history.ts';
import { MarkDuplicate } from './input.ts';
import { mayTriage } from './policies.ts';
import { ticketAndOriginal } from './queries.ts';
import { ticketOf } from './rows.ts';
import type { Ticket } from './ticket.ts';
import { decide, EVENTS } from './ticket.ts';
import { assertCurrent, moveTicket } from './writes.ts';

/** Says that another ticket of the same client is about the same thing (C2). An original is never a duplicate itself. */
export const markDuplicate = command({
  name: 'ticket.mark-duplicate',
  input: MarkDuplicate,
  fields: ['of'],
  load: (context, { ticket, of }) => ticketAndOriginal(context, ticket, of),
  policy: (actor, { ticket }) => mayTriage(actor, ticket),
  handle: async (context, { version, of }, { ticket, original }) => {
    await assertCurrent(context, ticket, version);
    const found = originalFor(ticket, original, of);
    const state = decide(ticket, { act: 'mark-duplicate', of: found.id });
    const moved = await followOriginal(context, ticket, found);
    const marked = await moveTicket(context, ticket, state);
    return {
      events: [fact(EVENTS.markedDuplicate, ticket, marked, { original: found.number }), ...moved],
      output: { id: ticket.id, number: ticket.number, version: marked.version, original: found.number },
    };
  },
  reply: ({ id, number, original }) => confirmation(id, number, `#${number} is a duplicate of #${original}.`),
});

/** @throws DomainError invalid, beside the field, when it cannot be the original */
function originalFor(ticket: Ticket, original: Ticket | null, of: { number: number | null }): Ticket {
  const refuse = (say: string) => new DomainError('invalid', say, { fields: { of: say } });
  // One answer for a ticket that is not there, not visible, or another client's: it tells nothing of other clients.
  if (!original || original.clientId !== ticket.clientId)
    throw refuse(`There is no ticket ${of.number ? `#${of.number}` : 'like that'} of this client.`);
  if (original.id === ticket.id) throw refuse('A ticket cannot be a duplicate of itself.');
  if (original.state.status === 'duplicate')
    throw refuse(`#${original.number} is a duplicate itself; name its original.`);
  return original;
}

/** Tickets that pointed at what is now a duplicate point at its original, so that no chain begins. */
async function followOriginal({ sql, actor, now }: Context, ticket: Ticket, original: Ticket): Promise<NewEvent[]> {
  const rows = await sql`
    update ticket set duplicate_of = ${original.id}, version = version + 1, updated_at = ${now}
    where tenant_id = ${actor.tenantId} and client_id = ${ticket.clientId} and duplicate_of = ${ticket.id} returning *`;
  return rows.map(ticketOf).map((after) => {
    const before: Ticket = { ...after, version: after.version - 1, state: { status: 'duplicate', of: ticket.id } };
    return fact(EVENTS.markedDuplicate, before, after, { original: original.number });
  });
}
