import type { Context } from '../kernel/context.ts';
import { faultOf, requireNone, valueIn } from '../kernel/faults.ts';
import { choice, chosen, line, optional, otherwise } from '../kernel/field.ts';
import { readAmount } from '../kernel/money.ts';
import { readVat } from '../kernel/vat.ts';
import { BY } from './hour-lines.ts';
import type { Rate } from './rates.ts';
import { readRate } from './rates.ts';

/** What is said of hours that are billed. */
export const hourFields = {
  period: chosen({ label: 'Month', none: 'No hours are logged that no invoice bills yet.' }),
  price: optional(
    line({
      label: 'Price of an hour',
      most: 40,
      placeholder: '95.00',
      hint: 'Without tax. Empty for what was set for the project.',
    }),
  ),
  vat: optional(line({ label: 'Tax', most: 140, placeholder: '19', hint: 'Empty for what was set for the project.' })),
  lines: otherwise(
    'month',
    choice(BY, { label: 'Lines', labels: { month: 'One for the month', person: 'One for each person' } }),
  ),
  // Needed, so that nobody bills by a press alone, without the form.
  unsigned: choice(['no', 'yes'], {
    label: 'Hours that the client has not signed',
    labels: { no: 'Are not billed', yes: 'Are billed, and the line says so' },
  }),
};

interface TypedRate {
  price?: string | undefined;
  vat?: string | undefined;
  currency?: string | undefined;
}

/** What an hour costs: what was typed, else what was set for the project. @throws DomainError invalid, beside each field */
export async function rateFor(context: Context, project: string, typed: TypedRate): Promise<Rate> {
  const set = await readRate(context, project);
  const currency = typed.currency ?? set?.currency;
  // A price in another currency than the one that was set needs to be said.
  const [price, vat] = [typed.price, typed.vat];
  const isSet = set !== null && set.currency === currency;
  const missing = 'is needed: no rate was set for this project in that currency';
  requireNone({
    ...(currency === undefined ? { currency: 'is needed: no rate was set for this project' } : {}),
    ...(price === undefined && !isSet ? { price: missing } : {}),
    ...(vat === undefined && set === null ? { vat: 'is needed: no rate was set for this project' } : {}),
  });
  const one = price === undefined ? { value: set?.price ?? 0n } : readAmount(price, currency ?? '');
  const taxed = vat === undefined ? null : readVat(vat);
  requireNone({
    ...faultOf('price', one),
    ...(taxed ? faultOf('vat', taxed) : {}),
    ...('value' in one && one.value <= 0n ? { price: 'is more than 0' } : {}),
  });
  const known = set?.vat;
  if (!taxed && !known) throw new Error('a rate that was set says how it is taxed');
  return { currency: currency ?? '', price: valueIn(one), vat: taxed ? valueIn(taxed) : (known as Rate['vat']) };
}
