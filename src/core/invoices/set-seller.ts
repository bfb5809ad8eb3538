import { z } from 'zod';
import { command } from '../kernel/command.ts';
import { formFor } from '../kernel/form.ts';
import { sentence } from '../kernel/thing-definition.ts';
import { notedOf, readFirmName, readSeller } from './parties.ts';
import { partyNamed, partyOf, sellerFields } from './party.ts';
import { setParty } from './party-events.ts';
import { mayNameSeller } from './rules.ts';
import { markOf, seenField } from './seen.ts';

/** Says how the firm is named on what it issues from now on. */
export const setSeller = command({
  name: 'invoice.set-seller',
  module: 'billing',
  input: z.strictObject({ ...sellerFields, ...seenField }),
  form: formFor({
    title: 'How you bill',
    submit: 'Save',
    fields: sellerFields,
    who: mayNameSeller,
    ask: async (context) => ({
      lead: 'It stands on each invoice that is issued from now on. E-invoices need a country and a VAT id or tax number.',
      values: (await readSeller(context)) ?? partyNamed(await readFirmName(context)),
      seen: markOf(context.actor.tenantId, await notedOf(context, null)),
    }),
  }),
  // Clients pay to the account that stands there.
  assurance: 'chat',
  load: async (context) => ({ before: await readSeller(context) }),
  policy: (actor) => mayNameSeller(actor),
  handle: async (context, { seen, ...typed }, { before }) => {
    const after = partyOf(typed);
    const said = await setParty(context, null, { before, after, seen });
    const say = `From now on, invoices are from ${after.name}.`;
    return { events: [said], output: { id: context.actor.tenantId, say } };
  },
  reply: ({ id, say }) => sentence('firm', id, say),
});
