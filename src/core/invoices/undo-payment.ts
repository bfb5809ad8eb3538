import { dayText, todayOf } from '../kernel/dates.ts';
import { requireNone } from '../kernel/faults.ts';
import { chosen, text } from '../kernel/field.ts';
import { invoice, paymentUndone } from './invoice.ts';
import { isIssued, mayBill } from './rules.ts';
import type { Entry, Invoice } from './schema.ts';
import { undo } from './settle.ts';
import { calledOf, money } from './wording.ts';
import { insertEntry, writeInvoice } from './write.ts';

/** Takes back a payment that was recorded by mistake. Both stay: what was recorded, and that it was taken back. */
export const undoPayment = invoice.command({
  name: 'invoice.undo-payment',
  fields: {
    payment: chosen({ label: 'Payment', none: 'No payment is recorded.' }),
    reason: text({ label: 'Why?', least: 3, hint: 'The client sees this.' }),
  },
  button: { label: 'Undo a payment', word: 'UNDO', style: 'danger', place: 'more' },
  form: (it) => ({
    title: `Undo a payment of ${calledOf(it)}`,
    submit: 'Undo payment',
    choices: { payment: standing(it).map((entry) => ({ value: entry.id, label: entryText(entry) })) },
  }),
  who: mayBill,
  when: (it) => isIssued(it) && (standing(it).length > 0 || 'no payment is recorded'),
  handle: async (context, { payment, reason }, it) => {
    const entry = standing(it).find(({ id }) => id === payment);
    if (!entry) requireNone({ payment: 'is not recorded, or was taken back already' });
    const { amount, day } = entry as Entry;
    const after = { ...undo(it, amount), version: it.version + 1 };
    await writeInvoice(context, it, after);
    const today = todayOf(context.now, it.firmTimezone);
    const kept = { kind: 'undo', day: today, amount: -amount, note: reason, reverses: payment } as const;
    const taken = await insertEntry(context, after, kept);
    return {
      events: [paymentUndone.of(it, after, { amount: Math.abs(amount), day, entry: taken, reason })],
      after,
      say: `${entryText(entry as Entry)} is taken back; both stay on record.`,
    };
  },
});

/** What was paid or paid back, and was not taken back. */
function standing({ entries }: Invoice): Entry[] {
  return entries.filter(({ kind, undone }) => (kind === 'payment' || kind === 'refund') && !undone);
}

/** "€50.00 of 3 Dec 2026" */
function entryText({ kind, amount, currency, day }: Entry): string {
  return `${money(Math.abs(amount), currency)}${kind === 'refund' ? ' paid back' : ''} of ${dayText(day)}`;
}
