import { z } from 'zod';
import type { Read } from './money.ts';
import { rateText, readRate, shareOf } from './money.ts';
import { oneLine } from './text.ts';

/** How value added tax stands to what is sold. */
export const Vat = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('rate').describe('Taxed by the firm'),
    rate: z.int().min(0).max(10_000).describe('In hundredths of a per cent: 1900 is 19 %'),
  }),
  z.strictObject({ kind: z.literal('reverse-charge').describe('The client accounts for the tax') }),
  z.strictObject({
    kind: z.literal('exempt').describe('Not taxed'),
    reason: z.string().describe('Why not, as the law names it'),
  }),
]);
export type Vat = z.infer<typeof Vat>;

/** Where tax is rounded to the smallest unit: on each line, or once for all lines of one rate. */
export const ROUNDINGS = ['document', 'line'] as const;
export type Rounding = (typeof ROUNDINGS)[number];

/** What a line costs without tax, already rounded, and how it is taxed. */
export interface Taxed {
  net: bigint;
  vat: Vat;
}

/** All lines that are taxed alike. */
export interface VatShare extends Taxed {
  tax: bigint;
}

export interface Totals {
  net: bigint;
  /** In the order in which each first stood in the lines. */
  shares: VatShare[];
  tax: bigint;
  gross: bigint;
}

/** Adds up lines. The parts always come to the whole: net and tax of the shares to those of all, and both together to the gross. */
export function totalsOf(lines: readonly Taxed[], rounding: Rounding): Totals {
  const shares = new Map<string, VatShare>();
  for (const { net, vat } of lines) {
    const key = JSON.stringify([vat.kind, vat.kind === 'rate' ? vat.rate : vat.kind === 'exempt' ? vat.reason : '']);
    const share = shares.get(key) ?? { net: 0n, vat, tax: 0n };
    shares.set(key, { vat, net: share.net + net, tax: share.tax + taxOn(net, vat) });
  }
  const taxed = [...shares.values()].map((share) =>
    rounding === 'line' ? share : { ...share, tax: taxOn(share.net, share.vat) },
  );
  const net = sum(taxed.map((share) => share.net));
  const tax = sum(taxed.map((share) => share.tax));
  return { net, shares: taxed, tax, gross: net + tax };
}

function taxOn(net: bigint, vat: Vat): bigint {
  return vat.kind === 'rate' ? shareOf(net, vat.rate) : 0n;
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((all, one) => all + one, 0n);
}

/** "19 %", "Reverse charge", "Exempt: education (§ 4 No. 21 UStG)" */
export function vatText(vat: Vat): string {
  switch (vat.kind) {
    case 'rate':
      return rateText(vat.rate);
    case 'reverse-charge':
      return 'Reverse charge';
    case 'exempt':
      return `Exempt: ${vat.reason}`;
  }
}

const REASON = 120;

/** Reads what `vatText` writes, and a rate as people type it. */
export function readVat(text: string): Read<Vat> {
  const words = oneLine(text);
  if (/^reverse[ -]charge$/i.test(words)) return { value: { kind: 'reverse-charge' } };
  const [, reason] = /^exempt\b[\s:,]*(.*)$/i.exec(words) ?? [];
  if (reason !== undefined) {
    if (!reason) return { fault: 'says why it is exempt: write it like exempt: education' };
    return reason.length > REASON
      ? { fault: `gives the reason in at most ${REASON} characters` }
      : { value: { kind: 'exempt', reason } };
  }
  const rate = readRate(words);
  if ('fault' in rate) return { fault: `${rate.fault}, or reverse charge, or exempt: and the reason` };
  return { value: { kind: 'rate', rate: rate.value } };
}
