import { todayOf } from '../kernel/dates.ts';
import { invoice } from './invoice.ts';
import { paymentFields, proposed, readPayment } from './payment-fields.ts';
import { dueOf, isOpen, mayBill } from './rules.ts';
import { calledOf, dueText, money } from './wording.ts';
import { writePayment } from './write-payment.ts';

/** Notes what the client paid: all that is due, or a part. */
export const recordPayment = invoice.command({
  name: 'invoice.record-payment',
  fields: paymentFields,
  button: { label: 'Record a payment', word: 'PAYMENT', style: 'primary' },
  rank: 1,
  form: (it, { now, actor }) => ({
    title: `A payment of ${calledOf(it)}`,
    lead: `${dueText(it)}.`,
    submit: 'Record payment',
    values: proposed(dueOf(it), it, now, actor.timezone),
  }),
  who: mayBill,
  when: (it) => isOpen(it) || 'nothing is to be paid of it',
  handle: async (context, { note = null, day, ...typed }, it) => {
    const amount = readPayment({ ...typed, day }, it, todayOf(context.now, context.actor.timezone));
    const { after, entry, events } = await writePayment(context, it, { amount, day, note });
    const rest = isOpen(after) ? `${dueText(after)}.` : 'It is paid.';
    return {
      events,
      after,
      output: { payment: entry },
      say: `${money(amount, after.content.currency)} is recorded as paid of ${calledOf(after)}. ${rest}`,
    };
  },
});
