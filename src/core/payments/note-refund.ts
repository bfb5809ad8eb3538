import { z } from 'zod';
import { placeRefund } from '../invoices/index.ts';
import type { Context } from '../kernel/context.ts';
import type { NewEvent } from '../kernel/event.ts';
import type { Handled } from '../kernel/thing-command.ts';
import { refunded as decide, refundFailed, refundNamed } from './decide.ts';
import { moment, toolsName, units } from './given.ts';
import { payment, refunded, refundLoose } from './payment.ts';
import { writePayment } from './queries.ts';
import { isTool, isUnpaid } from './rules.ts';
import type { Payment } from './schema.ts';
import { amountOf, called, REFUND_NOTE } from './wording.ts';

/**
 * Something went back to whoever paid, or (`failed`) came back on its way there. It is recorded once with the invoice where that much
 * is owed to the client; else the firm is told.
 */
export const noteRefund = payment.command({
  name: 'payment.note-refund',
  given: { refund: toolsName, amount: units, at: moment, outcome: z.enum(['done', 'failed']) },
  version: 'optional',
  button: [],
  who: isTool,
  when: (it, _actor, input) => {
    if (isUnpaid(it)) return 'nothing arrived that could go back';
    if (!input) return true;
    const known = refundNamed(it, input.refund);
    if (input.outcome === 'done') return !known || 'this refund is known already';
    return (known && known.state !== 'failed') || 'no such refund is known';
  },
  handle: (context, { outcome, ...back }, it) =>
    outcome === 'failed' ? cameBack(context, it, back.refund) : wentBack(context, it, back),
});

async function wentBack(
  context: Context,
  it: Payment,
  { refund, amount, at }: { refund: string; amount: number; at: string },
): Promise<Handled<Payment>> {
  const moved = { amount, currency: it.receivedIn ?? it.currency, at: new Date(at), note: REFUND_NOTE };
  const whose = { invoice: it.invoiceId, client: it.clientId };
  const placed = it.entryId === null ? null : await placeRefund(context, whose, moved);
  const after = { ...decide(it, { name: refund, amount, at }, placed), version: it.version + 1 };
  await writePayment(context, it, after);
  const noted = refunded.of(it, after, { refund, back: amount });
  const more: NewEvent[] = placed
    ? 'why' in placed
      ? [refundLoose.of(it, after, { refund, reason: placed.why })]
      : placed.events
    : [];
  return { events: [noted, ...more], after, say: `${amountOf(moved)} of ${called(it)} went back.` };
}

async function cameBack(context: Context, it: Payment, refund: string): Promise<Handled<Payment>> {
  const after = { ...refundFailed(it, refund), version: it.version + 1 };
  await writePayment(context, it, after);
  const reason = 'it did not arrive, and the money came back. Undo the refund at the invoice if it is recorded there';
  return {
    events: [refundLoose.of(it, after, { refund, reason })],
    after,
    say: `A refund of ${called(it)} did not arrive.`,
  };
}
