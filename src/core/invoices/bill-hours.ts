import { z } from 'zod';
import { billHours as bill, billableChoices, billableForUpdate, monthText, projectOfPeriod } from '../hours/index.ts';
import { command } from '../kernel/command.ts';
import type { Context } from '../kernel/context.ts';
import { optional } from '../kernel/field.ts';
import { formFor } from '../kernel/form.ts';
import { currencyField, readCurrency } from '../kernel/priced-line.ts';
import { doneCard, there } from '../kernel/thing-definition.ts';
import { readGround } from '../quotes/index.ts';
import { hourFields, rateFor } from './hour-fields.ts';
import { hourLines, requireRoomFor, requireSigned } from './hour-lines.ts';
import { drafted, invoice } from './invoice.ts';
import { BY_HAND, lastValues, storeDraft } from './new-draft.ts';
import { readRate } from './rates.ts';
import { mayBill } from './rules.ts';
import { typedRate } from './set-rate.ts';
import { calledOf } from './wording.ts';

const fields = {
  ...hourFields,
  currency: optional(currencyField.meta({ ...currencyField.meta(), hint: 'Empty for what was set for the project.' })),
};

/** What is proposed for the month for which the form is opened. */
async function proposedFor(context: Context, period: string | null): Promise<Partial<ReturnType<typeof typedRate>>> {
  const project = period && (await projectOfPeriod(context, period));
  const rate = project ? await readRate(context, project) : null;
  if (rate) return typedRate(rate);
  // Of any month the project's own rate is meant, where it has one: nothing is proposed in its place.
  return period ? lastValues(context) : {};
}

/** Drafts an invoice of a month's hours: all that count for the client, which are not changed any more then. */
export const billHours = command({
  name: 'invoice.bill-hours',
  module: 'billing',
  input: z.strictObject(fields),
  form: formFor({
    title: 'Bill hours',
    submit: 'Draft invoice',
    fields,
    who: mayBill,
    ask: async (context, { period = null }) => ({
      values: { ...(await proposedFor(context, period)), period, unsigned: 'no' },
      choices: { period: await billableChoices(context, { wanted: period }) },
    }),
  }),
  load: (context, { period }) => billableForUpdate(context, period),
  policy: (actor) => mayBill(actor),
  handle: async (context, { lines: by, unsigned, currency: typed, ...priced }, it) => {
    requireSigned(it, unsigned);
    const currency = typed === undefined ? undefined : readCurrency(typed);
    const rate = await rateFor(context, it.projectId, { ...priced, currency });
    const lines = hourLines(it, rate, by, 1);
    requireRoomFor(lines, 0);
    const ground = there(await readGround(context, it.clientId, it.projectId));
    const content = { title: `Hours of ${monthText(it.month)}`, currency: rate.currency, lines };
    const made = await storeDraft(context, ground, BY_HAND, content);
    const billed = await bill(context, it, made.id);
    const say = `${calledOf(made)} bills ${it.called}. ${made.clientName} sees it once you issue it.`;
    return { events: [drafted.of(null, made), billed], output: invoice.done(made, say) };
  },
  reply: (output) => doneCard(invoice, output),
});
