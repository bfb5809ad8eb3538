import { z } from 'zod';
import { isCurrency } from './currencies.ts';
import type { Faults } from './faults.ts';
import { faultOf, requireNone, valueIn } from './faults.ts';
import { line, otherwise } from './field.ts';
import { amountText, isWritable, moneyText, readAmount, readQuantity, timesQuantity } from './money.ts';
import { readVat, Vat, vatText } from './vat.ts';

/** So much of something at a price, and how it is taxed: what quotes and invoices are made of. */
export const PricedLine = z.strictObject({
  number: z.int().describe('What people call the line'),
  text: z.string().describe('What is delivered or done'),
  quantity: z.string().describe('How many: a decimal like 1.5'),
  unitPrice: z.int().describe('What one costs without tax, in the smallest unit of the currency'),
  vat: Vat.describe('How it is taxed'),
});
export type PricedLine = z.infer<typeof PricedLine>;

/** How many lines a document has at most: as many as every platform shows on one card. */
export const MOST_LINES = 30;

export const pricedFields = {
  text: line({ label: 'What is it?', placeholder: 'Checkout redesign' }),
  quantity: otherwise('1', line({ label: 'Quantity', most: 20, hint: 'Like 1 or 1.5' })),
  price: line({
    label: 'Unit price',
    most: 40,
    placeholder: '1200.50',
    hint: 'Without tax. A discount is below zero.',
  }),
  vat: line({
    label: 'Tax',
    most: 140,
    placeholder: '19',
    hint: 'Per cent; or “reverse charge”; or “exempt: ” and the reason.',
  }),
};

export const currencyField = line({ label: 'Currency', placeholder: 'EUR', hint: 'Three letters, like EUR', most: 3 });

/** What was typed for a line. */
export interface TypedPrice {
  text: string;
  quantity: string;
  price: string;
  vat: string;
}

/**
 * @param more what else is wrong with it, by its price
 * @throws DomainError invalid, beside each field that cannot be understood
 */
export function pricedLine(
  typed: TypedPrice,
  number: number,
  currency: string,
  more: (price: bigint) => Faults = () => ({}),
): PricedLine {
  const quantity = readQuantity(typed.quantity);
  const price = readAmount(typed.price, currency);
  const vat = readVat(typed.vat);
  const isTooMuch = 'value' in quantity && 'value' in price && !isWritable(timesQuantity(price.value, quantity.value));
  requireNone({
    ...faultOf('quantity', quantity),
    ...faultOf('price', price),
    ...faultOf('vat', vat),
    ...('value' in quantity && /^(-|0$)/.test(quantity.value) ? { quantity: 'is more than 0' } : {}),
    ...('value' in price ? more(price.value) : {}),
    ...(isTooMuch ? { price: 'comes, with this quantity, to more than can be written here' } : {}),
  });
  const [many, one, taxed] = [valueIn(quantity), valueIn(price), valueIn(vat)];
  return { number, text: typed.text, quantity: many, unitPrice: Number(one), vat: taxed };
}

/** A line as it stands in its form. */
export function typedPrice({ text, quantity, unitPrice, vat }: PricedLine, currency: string): TypedPrice {
  return { text, quantity, price: amountText({ amount: BigInt(unitPrice), currency }), vat: vatText(vat) };
}

/** @throws DomainError invalid, beside the field, for what is no currency */
export function readCurrency(typed: string): string {
  const currency = typed.toUpperCase();
  if (!isCurrency(currency)) requireNone({ currency: 'is not a currency; write three letters like EUR' });
  return currency;
}

/** What it costs without tax. */
export function netOf({ unitPrice, quantity }: Pick<PricedLine, 'unitPrice' | 'quantity'>): bigint {
  return timesQuantity(BigInt(unitPrice), quantity);
}

/** "2 × €600.00 = €1,200.00 · 19 %" */
export function pricedText(line: PricedLine, currency: string): string {
  const price = moneyText({ amount: BigInt(line.unitPrice), currency });
  const total = moneyText({ amount: netOf(line), currency });
  return `${line.quantity === '1' ? total : `${line.quantity} × ${price} = ${total}`} · ${vatText(line.vat)}`;
}

/** The number of the next line: above all that there are. */
export function nextLine(lines: readonly Pick<PricedLine, 'number'>[]): number {
  return Math.max(0, ...lines.map(({ number }) => number)) + 1;
}

/** @throws DomainError invalid, beside the field, for a line that is not there */
export function lineNumbered<L extends Pick<PricedLine, 'number'>>(lines: readonly L[], number: number): L {
  const line = lines.find((one) => one.number === number);
  if (!line) requireNone({ line: `there is no line ${number}` });
  return line as L;
}
