import { todayOf } from '../kernel/dates.ts';
import { invoice } from './invoice.ts';
import { paymentFields, proposed, readPayment } from './payment-fields.ts';
import { dueOf, isOwedBack, mayBill } from './rules.ts';
import { calledOf, money } from './wording.ts';
import { writeRefund } from './write-payment.ts';

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
    const { after, events } = await writeRefund(context, it, { amount, day, note });
    const text = money(amount, after.content.currency);
    return {
      events,
      after,
      say: `${text} is recorded as paid back of ${calledOf(after)}.`,
    };
  },
});
