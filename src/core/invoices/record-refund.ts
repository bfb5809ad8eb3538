import { todayOf } from '../kernel/dates.ts';
import { invoice, refunded } from './invoice.ts';
import { paymentFields, proposed, readPayment } from './payment-fields.ts';
import { dueOf, isOwedBack, mayBill } from './rules.ts';
import { refund } from './settle.ts';
import { calledOf, money } from './wording.ts';
import { insertEntry, writeInvoice } from './write.ts';

/** Notes what went back to the client, of whom more was paid than is owed since something was credited. */
export const recordRefund = invoice.command({
  name: 'invoice.record-refund',
  fields: paymentFields,
  button: { label: 'Record a refund', word: 'REFUND' },
  rank: 1,
  form: (it, { now, actor }) => ({
    title: `A refund of ${calledOf(it)}`,
    lead: `${money(-dueOf(it), it.content.currency)} is to be paid back.`,
    submit: 'Record refund',
    values: proposed(-dueOf(it), it, now, actor.timezone),
  }),
  who: mayBill,
  when: (it) => isOwedBack(it) || 'nothing is to be paid back',
  handle: async (context, { note = null, day, ...typed }, it) => {
    const amount = readPayment({ ...typed, day }, it, todayOf(context.now, context.actor.timezone));
    const after = { ...refund(it, amount), version: it.version + 1 };
    await writeInvoice(context, it, after);
    const entry = await insertEntry(context, after, { kind: 'refund', day, amount, note });
    const text = money(amount, after.content.currency);
    return {
      events: [refunded.of(it, after, { amount, day, entry })],
      after,
      say: `${text} is recorded as paid back of ${calledOf(after)}.`,
    };
  },
});
