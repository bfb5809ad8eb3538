import { z } from 'zod';
import { shareOf } from '../kernel/money.ts';
import { netOf } from '../kernel/priced-line.ts';
import type { Totals } from '../kernel/vat.ts';
import { totalsOf, Vat } from '../kernel/vat.ts';
import type { Billed, Content, Line } from './content.ts';

const units = (what: string) => z.int().describe(`${what}, in the smallest unit of the currency`);

const Sum = z.strictObject({
  every: z.enum(['once', 'monthly', 'quarterly', 'yearly']).describe('How often it is billed'),
  net: units('Without tax'),
  shares: z
    .array(
      z.strictObject({
        vat: Vat.describe('How it is taxed'),
        net: units('What is taxed so'),
        tax: units('The tax on it'),
      }),
    )
    .describe('By rate'),
  tax: units('The tax on all of it'),
  gross: units('With tax'),
});
export type Sum = z.infer<typeof Sum>;

/** What a quote comes to with the options that are taken. What comes again is never added to what is billed once. */
export const Price = z.strictObject({
  sums: z.array(Sum).describe('What is billed once comes first, and is always there'),
  deposit: units('What is to be paid on acceptance, tax included'),
});
export type Price = z.infer<typeof Price>;

const EVERY = ['once', 'monthly', 'quarterly', 'yearly'] as const;

export function priceOf(content: Content, taken: readonly number[]): Price {
  const lines = content.lines.filter(({ number, optional }) => !optional || taken.includes(number));
  const sums = EVERY.flatMap((every) => {
    const own = lines.filter(({ billed }) => everyOf(billed) === every);
    return own.length || every === 'once' ? [sumOf(every, totalsOf(own.map(taxed), content.rounding))] : [];
  });
  return { sums, deposit: Number(depositOf(content, BigInt(sums[0]?.gross ?? 0))) };
}

function taxed(line: Line) {
  return { net: netOf(line), vat: line.vat };
}

function everyOf(billed: Billed): Sum['every'] {
  return billed === 'acceptance' || billed === 'completion' ? 'once' : billed;
}

/** Numbers of JSON: a quote has few lines, and none is so great that its sum would not be exact. */
function sumOf(every: Sum['every'], { net, shares, tax, gross }: Totals): Sum {
  return {
    ...{ every, net: Number(net), tax: Number(tax), gross: Number(gross) },
    shares: shares.map((share) => ({ vat: share.vat, net: Number(share.net), tax: Number(share.tax) })),
  };
}

function depositOf({ deposit }: Content, gross: bigint): bigint {
  if (!deposit) return 0n;
  return deposit.kind === 'share' ? shareOf(gross, deposit.rate) : BigInt(deposit.amount);
}
