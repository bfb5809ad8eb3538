import type { ZodType } from 'zod';
import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import { DomainError } from '../kernel/errors.ts';
import type { NewEvent } from '../kernel/event.ts';
import { clean } from '../kernel/field.ts';
import type { TicketName } from './queries.ts';
import { bothForUpdate, ticketNamed } from './queries.ts';
import type { TicketRow } from './rows.ts';
import { ticketOf, writeTicket } from './rows.ts';
import { isOpen, mayTriage } from './rules.ts';
import type { Ticket } from './schema.ts';
import { markedDuplicate, ticket } from './ticket.ts';

/** Another ticket, by its number (12 or #12) or its id. */
const Named: ZodType<TicketName> = z
  .string('is needed')
  .transform(clean)
  .pipe(z.union([z.uuid(), z.string().regex(/^#?\d{1,15}$/)], 'write a ticket number, like 12'))
  .transform((name) =>
    name.includes('-') ? { id: name, number: null } : { id: null, number: Number(name.replace('#', '')) },
  );

/** Says that another ticket of the same client is about the same thing (C2). An original is never a duplicate itself. */
export const markDuplicate = ticket.command({
  name: 'ticket.mark-duplicate',
  formerly: ['ticket.duplicate-form'],
  fields: {
    of: Named.meta({
      label: 'Of which ticket?',
      hint: 'The number of another ticket of the same client.',
      placeholder: '12',
    }),
  },
  button: { place: 'more', label: 'Duplicate of' },
  rank: 4,
  form: ({ number }) => ({ title: `#${number} is a duplicate`, submit: 'Mark as duplicate' }),
  who: mayTriage,
  when: isOpen,
  lock: (context, id, { of }) => bothForUpdate(context, id, of),
  handle: async (context, { of }, it) => {
    const original = originalFor(it, await ticketNamed(context, of), of);
    const after: Ticket = { ...it, state: { status: 'duplicate', of: original.id }, version: it.version + 1 };
    const moved = await followOriginal(context, it, original);
    await writeTicket(context, it, after);
    return {
      events: [markedDuplicate.of(it, after, { original: original.number }), ...moved],
      after,
      say: `#${it.number} is a duplicate of #${original.number}.`,
      output: { original: original.number },
    };
  },
});

/** @throws DomainError invalid, beside the field, when it cannot be the original */
function originalFor(it: Ticket, original: Ticket | null, of: TicketName): Ticket {
  const refuse = (say: string) => new DomainError('invalid', say, { fields: { of: say } });
  // One answer for a ticket that is not there, not visible, or another client's: it tells nothing of other clients.
  if (!original || original.clientId !== it.clientId)
    throw refuse(`There is no ticket ${of.number ? `#${of.number}` : 'like that'} of this client.`);
  if (original.id === it.id) throw refuse('A ticket cannot be a duplicate of itself.');
  if (original.state.status === 'duplicate')
    throw refuse(`#${original.number} is a duplicate itself; name its original.`);
  return original;
}

/** Tickets that pointed at what is now a duplicate point at its original, so that no chain begins. */
async function followOriginal({ sql, actor, now }: Context, it: Ticket, original: Ticket): Promise<NewEvent[]> {
  const rows = await sql<TicketRow>`
    update ticket set duplicate_of = ${original.id}, version = version + 1, updated_at = ${now}
    where tenant_id = ${actor.tenantId} and client_id = ${it.clientId} and duplicate_of = ${it.id} returning *`;
  return rows.map(ticketOf).map((after) => {
    const before: Ticket = { ...after, version: after.version - 1, state: { status: 'duplicate', of: it.id } };
    return markedDuplicate.of(before, after, { original: original.number });
  });
}
