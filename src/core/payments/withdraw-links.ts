import { z } from 'zod';
import { invoice, readInvoice } from '../invoices/index.ts';
import { isSystem } from '../kernel/actor.ts';
import { command } from '../kernel/command.ts';
import { DomainError } from '../kernel/errors.ts';
import type { NewEvent } from '../kernel/event.ts';
import { doneCard } from '../kernel/thing-definition.ts';
import { withdrawn } from './payment.ts';
import { waitingForUpdate, writePayment } from './queries.ts';

/**
 * Less is due of an invoice now: the links by which more could be paid are withdrawn. A command of its own because it is about
 * several payments at once, and the clock's side alone asks for it.
 */
export const withdrawLinks = command({
  name: 'payment.withdraw-above',
  input: z.strictObject({ invoice: z.uuid(), due: z.coerce.number().int() }),
  load: (context, { invoice: id }) => readInvoice(context, id),
  policy: isSystem,
  handle: async (context, { invoice: id, due }, it) => {
    const events: NewEvent[] = [];
    for (const one of await waitingForUpdate(context, id, due)) {
      const after = { ...one, status: 'withdrawn' as const, version: one.version + 1 };
      await writePayment(context, one, after);
      events.push(withdrawn.of(one, after));
    }
    const [first, ...more] = events;
    if (!first) throw new DomainError('conflict', 'No more could be paid by any link than is due.');
    return { events: [first, ...more], output: invoice.done(it, `${events.length} links are withdrawn.`) };
  },
  reply: (output) => doneCard(invoice, output),
});
