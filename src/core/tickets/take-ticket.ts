import { command } from '../kernel/command.ts';
import { DomainError } from '../kernel/errors.ts';
import { confirmation } from './cards.ts';
import { fact } from './history.ts';
import { OnTicket } from './input.ts';
import { mayTriage, personOf } from './policies.ts';
import { ticketForUpdate } from './queries.ts';
import { assertFits, EVENTS, showing } from './ticket.ts';

/** "I'll take this": the owner is who presses (C3), also when somebody else had it before. */
export const takeTicket = command({
  name: 'ticket.take',
  input: OnTicket,
  load: (context, { ticket }) => ticketForUpdate(context, ticket),
  policy: (actor, ticket) => mayTriage(actor, ticket),
  handle: async ({ sql, actor, now }, _input, ticket) => {
    const owner = personOf(actor);
    assertFits(ticket, 'take');
    if (ticket.ownerId === owner.personId)
      throw new DomainError('conflict', `#${ticket.number} is yours already.`, { show: showing(ticket.id) });
    await sql`update ticket set owner_id = ${owner.personId}, owner_name = ${owner.name}, version = version + 1, updated_at = ${now}
      where tenant_id = ${owner.tenantId} and id = ${ticket.id}`;
    const taken = { ...ticket, ownerId: owner.personId, ownerName: owner.name, version: ticket.version + 1 };
    return {
      events: [fact(EVENTS.taken, ticket, taken, { from: ticket.ownerName })],
      output: { id: ticket.id, number: ticket.number, version: taken.version, from: ticket.ownerName },
    };
  },
  reply: ({ id, number, from }) =>
    confirmation(id, number, from ? `#${number} is yours now; ${from} had it before.` : `#${number} is yours now.`),
});
