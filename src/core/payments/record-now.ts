import { placePayment, placeRefund } from '../invoices/index.ts';
import { DomainError } from '../kernel/errors.ts';
import type { NewEvent } from '../kernel/event.ts';
import { recorded as decide } from './decide.ts';
import { payment, recorded } from './payment.ts';
import { writePayment } from './queries.ts';
import { isUnplaced, maySettle } from './rules.ts';
import type { Payment } from './schema.ts';
import { called, NOTE, REFUND_NOTE } from './wording.ts';

/** Records with the invoice what could not be recorded when it came, or went back. */
export const recordNow = payment.command({
  name: 'payment.record',
  button: { label: 'Record now', word: 'RECORD', style: 'primary' },
  rank: 1,
  who: maySettle,
  when: (it) => isUnplaced(it) || 'nothing of it is to be recorded',
  handle: async (context, _input, it) => {
    const whose = { invoice: it.invoiceId, client: it.clientId };
    const currency = it.receivedIn ?? it.currency;
    const events: NewEvent[] = [];
    let after: Payment = it;
    if (it.status === 'kept') {
      // What went back of it already was never the invoice's.
      const amount =
        (it.received ?? 0) - it.refunds.reduce((sum, one) => sum + (one.state === 'failed' ? 0 : one.amount), 0);
      const moved = { amount, currency, at: it.receivedAt ?? context.now, note: NOTE };
      const placed = await placePayment(context, whose, moved);
      if ('why' in placed) throw refused(it, placed.why);
      events.push(...placed.events);
      after = decide(after, placed.entry);
    }
    for (const one of it.refunds.filter(({ state }) => state === 'loose')) {
      const placed = await placeRefund(context, whose, { ...one, currency, at: new Date(one.at), note: REFUND_NOTE });
      if ('why' in placed) throw refused(it, placed.why);
      events.push(...placed.events);
      const isIt = ({ name }: { name: string }) => name === one.name;
      const refunds = after.refunds.map((was) =>
        isIt(was) ? { ...was, state: 'recorded' as const, entry: placed.entry } : was,
      );
      after = { ...after, refunds };
    }
    after = { ...after, version: it.version + 1 };
    await writePayment(context, it, after);
    return { events: [recorded.of(it, after), ...events], after, say: `What was open of ${called(it)} is recorded.` };
  },
});

function refused(it: Payment, why: string): DomainError {
  return new DomainError('conflict', `It still cannot be recorded: ${why}.`, { show: payment.showing(it.id) });
}
