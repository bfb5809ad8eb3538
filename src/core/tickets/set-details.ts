import { command } from '../kernel/command.ts';
import { DomainError } from '../kernel/errors.ts';
import { confirmation } from './cards.ts';
import { fact } from './history.ts';
import { SetDetails } from './input.ts';
import { mayTriage } from './policies.ts';
import { ticketForUpdate } from './queries.ts';
import type { Ticket } from './ticket.ts';
import { EVENTS, showing } from './ticket.ts';
import { assertCurrent } from './writes.ts';

/** Sets priority, category, due date and next action (C3); the client sees all four. */
export const setDetails = command({
  name: 'ticket.set-details',
  input: SetDetails,
  fields: ['priority', 'category', 'due_on', 'next_action'],
  load: (context, { ticket }) => ticketForUpdate(context, ticket),
  policy: (actor, ticket) => mayTriage(actor, ticket),
  handle: async (context, { version, priority, category, due_on, next_action, whole }, ticket) => {
    await assertCurrent(context, ticket, version);
    const given = (value: string | null | undefined, kept: string | null) =>
      value === undefined ? (whole ? null : kept) : value;
    const after: Ticket = {
      ...ticket,
      version: ticket.version + 1,
      priority: priority ?? ticket.priority,
      category: given(category, ticket.category),
      dueOn: given(due_on, ticket.dueOn),
      nextAction: given(next_action, ticket.nextAction),
    };
    if (sameDetails(ticket, after))
      throw new DomainError('conflict', `#${ticket.number} is like that already.`, { show: showing(ticket.id) });
    await context.sql`
      update ticket set priority = ${after.priority}, category = ${after.category}, due_on = ${after.dueOn}, next_action = ${after.nextAction},
        version = version + 1, updated_at = ${context.now}
      where tenant_id = ${context.actor.tenantId} and id = ${ticket.id}`;
    return {
      events: [fact(EVENTS.detailsSet, ticket, after)],
      output: { id: ticket.id, number: ticket.number, version: after.version },
    };
  },
  reply: ({ id, number }) => confirmation(id, number, `The details of #${number} are saved.`),
});

function sameDetails(one: Ticket, other: Ticket): boolean {
  return (['priority', 'category', 'dueOn', 'nextAction'] as const).every((key) => one[key] === other[key]);
}
