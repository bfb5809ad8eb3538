import { z } from 'zod';
import { command } from '../kernel/command.ts';
import { event } from '../kernel/event.ts';
import { faultOf, requireNone, valueIn } from '../kernel/faults.ts';
import { chosen } from '../kernel/field.ts';
import { formFor } from '../kernel/form.ts';
import { amountText, moneyText, readAmount } from '../kernel/money.ts';
import { currencyField, pricedFields, readCurrency } from '../kernel/priced-line.ts';
import { sentence } from '../kernel/thing-definition.ts';
import { readVat, vatText } from '../kernel/vat.ts';
import { choicesFor, clientOf, readGround } from '../quotes/index.ts';
import { lastValues } from './new-draft.ts';
import type { Rate } from './rates.ts';
import { readRate, writeRate } from './rates.ts';
import { mayBill } from './rules.ts';
import { markOf, requireSeen, seenField } from './seen.ts';

const fields = {
  project: chosen({ label: 'Project', none: 'There is no open project to set a rate for.' }),
  price: pricedFields.price.meta({
    ...pricedFields.price.meta(),
    label: 'Price of an hour',
    placeholder: '95.00',
    hint: 'Without tax. Months that are billed from now on propose it.',
  }),
  vat: pricedFields.vat,
  currency: currencyField,
};

/** What an hour costs is the firm's own: clients read what is billed. */
const rateSet = event({
  name: 'invoice.rate-set',
  data: z.object({
    project: z.uuid(),
    currency: z.string().describe('The code of ISO 4217'),
    price: z.string().describe('Without tax, in the smallest unit of the currency: digits'),
  }),
  says: ({ price, currency }) => `set what an hour costs: ${moneyText({ amount: BigInt(price), currency })}`,
  audience: [],
});

/** Says what an hour of a project costs from now on. What was billed stays as it is. */
export const setRate = command({
  name: 'invoice.set-rate',
  module: 'billing',
  input: z.strictObject({ ...fields, ...seenField }),
  form: formFor({
    title: 'What an hour costs',
    submit: 'Save',
    fields,
    who: mayBill,
    ask: async (context, { project = null }) => {
      const rate = project ? await readRate(context, project) : null;
      return {
        values: { ...(rate ? typedRate(rate) : await lastValues(context)), project },
        choices: { project: (await choicesFor(context, { project })).project },
        ...(project ? { seen: markOf(project, rate?.noted ?? null) } : {}),
      };
    },
  }),
  load: async (context, { project }) => {
    const client = await clientOf(context, project);
    const ground = client && (await readGround(context, client, project));
    return ground ? { ground, before: await readRate(context, project) } : null;
  },
  policy: (actor) => mayBill(actor),
  handle: async (context, { project, seen, ...typed }, { ground, before }) => {
    const show = { target: 'invoice.set-rate', input: { project } };
    const now = before ? { ...typedRate(before) } : {};
    const wanted = { ...typed, currency: typed.currency.toUpperCase() };
    const saving = { whose: project, noted: before?.noted ?? null, now, wanted, fields, show };
    requireSeen(seen, saving, context.actor.timezone);
    const rate = readRated(typed);
    const place = { clientId: ground.clientId, projectId: project };
    await writeRate(context, place, rate, before?.noted.version ?? 0);
    const price = moneyText({ amount: rate.price, currency: rate.currency });
    const facts = { project, currency: rate.currency, price: String(rate.price) };
    const audited = { ...(before ? { before: typedRate(before) } : {}), after: typedRate(rate) };
    return {
      events: [rateSet.of({ entity: 'project', id: project }, facts, { ...place, ...audited })],
      output: { id: project, say: `An hour of ${ground.projectName} costs ${price} without tax from now on.` },
    };
  },
  reply: ({ id, say }) => sentence('project', id, say),
});

/** @throws DomainError invalid, beside each field that cannot be understood */
function readRated(typed: { price: string; vat: string; currency: string }): Rate {
  const currency = readCurrency(typed.currency);
  const price = readAmount(typed.price, currency);
  const vat = readVat(typed.vat);
  requireNone({
    ...faultOf('price', price),
    ...faultOf('vat', vat),
    ...('value' in price && price.value <= 0n ? { price: 'is more than 0' } : {}),
  });
  return { currency, price: valueIn(price), vat: valueIn(vat) };
}

/** A rate as it stands in a form. */
export function typedRate({ currency, price, vat }: Rate) {
  return { currency, price: amountText({ amount: price, currency }), vat: vatText(vat) };
}
