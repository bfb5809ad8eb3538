import { z } from 'zod';
import { nameOf } from '../kernel/actor.ts';
import { command } from '../kernel/command.ts';
import { faultOf, requireNone, valueIn } from '../kernel/faults.ts';
import { line } from '../kernel/field.ts';
import { formFor } from '../kernel/form.ts';
import { amountText, readAmount } from '../kernel/money.ts';
import { sentence } from '../kernel/thing-definition.ts';
import { isAdmin } from '../people/index.ts';
import { readLimit, writeLimit } from './queries.ts';
import { limitSet } from './quote.ts';

/** It is read as an amount of two digits, whatever the currency of a quote. */
const TWO_DIGITS = 'EUR';

const fields = {
  amount: line({
    label: 'Above which amount?',
    hint: 'In the currency of each quote, with tax. 0 is every quote.',
    placeholder: '10000.00',
    most: 20,
  }),
};

/** Says above which amount a quote is accepted in a chat or on the portal's pages alone, and not by a mail or its link. */
export const setLimit = command({
  name: 'quote.set-limit',
  module: 'billing',
  input: z.strictObject(fields),
  form: formFor({
    title: 'Quotes that take signing in',
    submit: 'Save',
    fields,
    who: isAdmin,
    ask: async (context) => ({
      lead: 'Whoever accepts more than that does so in a chat in which they are linked, or signed in to the portal. Their mail leads them there.',
      values: { amount: await readLimit(context) },
    }),
  }),
  assurance: 'chat',
  load: async (context) => ({ before: await readLimit(context) }),
  policy: (actor) => isAdmin(actor),
  handle: async (context, typed, { before }) => {
    const read = readAmount(typed.amount, TWO_DIGITS);
    requireNone(faultOf('amount', read));
    const value = valueIn(read);
    requireNone(value < 0n ? { amount: 'is 0 or more' } : {});
    const amount = amountText({ amount: value, currency: TWO_DIGITS });
    await writeLimit(context, amount, nameOf(context.actor));
    const { tenantId } = context.actor;
    return {
      events: [
        limitSet.of({ entity: 'firm', id: tenantId }, { amount }, { before: { amount: before }, after: { amount } }),
      ],
      output: { id: tenantId, say: `From now on, quotes above ${amount} take a chat or signing in.` },
    };
  },
  reply: ({ id, say }) => sentence('firm', id, say),
});
