import { z } from 'zod';
import { command } from '../kernel/command.ts';
import { chosen } from '../kernel/field.ts';
import { formFor } from '../kernel/form.ts';
import { sentence } from '../kernel/thing-definition.ts';
import { clientChoices } from '../people/index.ts';
import { notedOf, readBuyer } from './parties.ts';
import { buyerFields, partyNamed, partyOf } from './party.ts';
import { setParty } from './party-events.ts';
import { mayBill } from './rules.ts';
import { markOf, seenField } from './seen.ts';
import { readClient } from './statement-queries.ts';

const fields = {
  client: chosen({ label: 'Client', none: 'There is no client yet to bill something to.' }),
  ...buyerFields,
};

/** Says how a client is named on what is issued from now on. */
export const setBuyer = command({
  name: 'invoice.set-buyer',
  module: 'billing',
  input: z.strictObject({ ...fields, ...seenField }),
  form: formFor({
    title: 'How a client is billed',
    submit: 'Save',
    fields,
    who: mayBill,
    ask: async (context, { client }) => {
      const named = client ? await readClient(context, client) : null;
      const known = client && named && ((await readBuyer(context, client)) ?? partyNamed(named.name));
      return {
        lead: 'It stands on each invoice that is issued from now on. E-invoices need a country, and a VAT id for reverse charge.',
        values: { ...(known || {}), client: client ?? null },
        choices: { client: await clientChoices(context) },
        ...(client ? { seen: markOf(client, await notedOf(context, client)) } : {}),
      };
    },
  }),
  load: async (context, { client }) => {
    const named = await readClient(context, client);
    return named && { before: await readBuyer(context, client) };
  },
  policy: (actor) => mayBill(actor),
  handle: async (context, { client, seen, ...typed }, { before }) => {
    const after = partyOf(typed);
    const said = await setParty(context, client, { before, after, seen });
    return { events: [said], output: { id: client, say: `From now on, invoices are to ${after.name}.` } };
  },
  reply: ({ id, say }) => sentence('client', id, say),
});
