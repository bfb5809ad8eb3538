import { z } from 'zod';
import { command } from '../kernel/command.ts';
import { chosen, line, optional } from '../kernel/field.ts';
import { formFor } from '../kernel/form.ts';
import { currencyField, pricedFields, pricedLine, readCurrency } from '../kernel/priced-line.ts';
import { doneCard } from '../kernel/thing-definition.ts';
import { choicesFor, clientOf, readGround } from '../quotes/index.ts';
import { plainLine } from './content.ts';
import { drafted, invoice } from './invoice.ts';
import { BY_HAND, lastValues, storeDraft } from './new-draft.ts';
import { mayBill } from './rules.ts';
import { calledOf } from './wording.ts';

const fields = {
  client: chosen({ label: 'Client', none: 'There is no client yet to bill something to.' }),
  project: optional(chosen({ label: 'Project', hint: 'Without one, the client’s own administrator sees it.' })),
  title: line({ label: 'Title', placeholder: 'Website, second phase', most: 120 }),
  currency: currencyField,
  ...pricedFields,
};

/** Drafts an invoice with its first line. The client sees nothing of it until it is issued. */
export const draftInvoice = command({
  name: 'invoice.draft',
  module: 'billing',
  input: z.strictObject(fields),
  form: formFor({
    title: 'Draft an invoice',
    submit: 'Draft invoice',
    fields,
    who: mayBill,
    ask: async (context, { client, project = null }) => {
      const wanted = client ?? (project ? await clientOf(context, project) : null);
      return {
        values: { ...(await lastValues(context)), client: wanted, project },
        choices: await choicesFor(context, { client: wanted, project }),
      };
    },
  }),
  load: (context, { client, project = null }) => readGround(context, client, project),
  policy: (actor) => mayBill(actor),
  handle: async (context, { title, currency: typed, ...first }, ground) => {
    const currency = readCurrency(typed);
    const lines = [plainLine(pricedLine(first, 1, currency))];
    const made = await storeDraft(context, ground, BY_HAND, { title, currency, lines });
    const say = `${calledOf(made)} is there. ${made.clientName} sees it once you issue it.`;
    return { events: [drafted.of(null, made)], output: invoice.done(made, say) };
  },
  reply: (output) => doneCard(invoice, output),
});
