import { z } from 'zod';
import { netOf, PricedLine, pricedText } from '../kernel/priced-line.ts';
import type { Totals, VatShare } from '../kernel/vat.ts';
import { ROUNDINGS, totalsOf, Vat } from '../kernel/vat.ts';

export const Line = PricedLine.extend({
  tax: z
    .int()
    .nullable()
    .describe('The tax on it where what it comes to with tax was agreed on; null where it follows from the rate'),
  deducts: z.uuid().nullable().describe('The deposit invoice that is taken off by it'),
  hours: z
    .strictObject({
      period: z.uuid().describe('The project’s month'),
      minutes: z.int().describe('How much of it was worked'),
    })
    .optional()
    .describe('The hours that it bills, if it does: all lines of a month together bill all of it'),
});
export type Line = z.infer<typeof Line>;

/** What is billed. Once it is issued it stays as it is. */
export const Content = z.strictObject({
  title: z.string().describe('What it is for'),
  currency: z.string().describe('The code of ISO 4217'),
  lines: z.array(Line).describe('What is billed'),
  rounding: z.enum(ROUNDINGS).describe('Where tax is rounded: on each line, or once for each rate'),
  notes: z.string().nullable().describe('Terms in words'),
});
export type Content = z.infer<typeof Content>;

/** A line that is priced by its own rate. */
export function plainLine(line: PricedLine): Line {
  return { ...line, tax: null, deducts: null };
}

/** Lines for amounts that were agreed on with tax: one for each way of taxing. */
export function agreedLines(
  shares: readonly VatShare[],
  first: number,
  { text, deducts = null }: { text: string; deducts?: string | null },
): Line[] {
  return shares.map(({ vat, net, tax }, index) => ({
    ...{ number: first + index, text, quantity: '1', unitPrice: Number(net), vat, tax: Number(tax), deducts },
  }));
}

/** What it comes to. */
export function sumsOf({ lines, rounding }: Pick<Content, 'lines' | 'rounding'>): Totals {
  const taxed = lines.map((line) => ({
    ...{ net: netOf(line), vat: line.vat },
    ...(line.tax === null ? {} : { tax: BigInt(line.tax) }),
  }));
  return totalsOf(taxed, rounding);
}

/** What is left of shares when others are taken off. */
export function without(shares: readonly VatShare[], others: readonly VatShare[]): VatShare[] {
  const taken = others.map(({ vat, net, tax }) => ({ vat, net: -net, tax: -tax }));
  return totalsOf([...shares, ...taken], 'document').shares.filter(({ net, tax }) => net !== 0n || tax !== 0n);
}

const shareUnits = (what: string) => z.int().describe(`${what}, in the smallest unit of the currency`);

/** What it comes to, as data. */
export const Sums = z.strictObject({
  net: shareUnits('Without tax'),
  shares: z
    .array(
      z.strictObject({
        vat: Vat.describe('How it is taxed'),
        net: shareUnits('What is taxed so'),
        tax: shareUnits('The tax on it'),
      }),
    )
    .describe('By rate'),
  tax: shareUnits('The tax on all of it'),
  gross: shareUnits('With tax'),
});
export type Sums = z.infer<typeof Sums>;

/** Numbers of JSON: no invoice comes to so much that they would not be exact. */
export function dataOf({ net, shares, tax, gross }: Totals): Sums {
  return {
    ...{ net: Number(net), tax: Number(tax), gross: Number(gross) },
    shares: shares.map((share) => ({ vat: share.vat, net: Number(share.net), tax: Number(share.tax) })),
  };
}

/** What is different in `after`, in short lines. */
export function diffContent(before: Content, after: Content): string[] {
  const changed = (label: string, was: string, is: string) => (was === is ? [] : [`${label}: ${was} → ${is}`]);
  const old = new Map(before.lines.map((line) => [line.number, line]));
  const now = new Map(after.lines.map((line) => [line.number, line]));
  const written = (content: Content, line: Line) => `${line.text}, ${pricedText(line, content.currency)}`;
  return [
    ...changed('Title', before.title, after.title),
    ...after.lines.filter(({ number }) => !old.has(number)).map((line) => `Added: ${written(after, line)}`),
    ...before.lines.filter(({ number }) => !now.has(number)).map((line) => `Removed: ${written(before, line)}`),
    ...after.lines.flatMap((line) => {
      const was = old.get(line.number);
      return was ? changed(`Line ${line.number}`, written(before, was), written(after, line)) : [];
    }),
    ...changed('Notes', before.notes ?? 'none', after.notes ?? 'none'),
    ...changed('Tax is rounded', before.rounding, after.rounding),
  ];
}
