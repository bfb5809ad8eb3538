import { z } from 'zod';
import type { Read } from './money.ts';
import { divide, rateText, readRate, shareOf, WHOLE } from './money.ts';
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
  /** The tax on it, where what it comes to with tax was agreed on; else it follows from the rate. */
  tax?: bigint;
}

/** All lines that are taxed alike. */
export interface VatShare extends Taxed {
  tax: bigint;
}

/** While lines are added up: the tax that was agreed on, and what tax is still to be reckoned on. */
interface Gathered extends VatShare {
  agreed: bigint;
  open: bigint;
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
  const shares = new Map<string, Gathered>();
  for (const { net, vat, tax } of lines) {
    const key = JSON.stringify([vat.kind, vat.kind === 'rate' ? vat.rate : vat.kind === 'exempt' ? vat.reason : '']);
    const share = shares.get(key) ?? { net: 0n, vat, tax: 0n, agreed: 0n, open: 0n };
    shares.set(key, {
      ...{ vat, net: share.net + net, tax: share.tax + (tax ?? taxOn(net, vat)) },
      ...{ agreed: share.agreed + (tax ?? 0n), open: share.open + (tax === undefined ? net : 0n) },
    });
  }
  const taxed = [...shares.values()].map(({ agreed, open, ...share }) =>
    rounding === 'line' ? share : { ...share, tax: agreed + taxOn(open, share.vat) },
  );
  const net = sum(taxed.map((share) => share.net));
  const tax = sum(taxed.map((share) => share.tax));
  return { net, shares: taxed, tax, gross: net + tax };
}

/**
 * An amount with tax, divided among ways of taxing as these stand to each other: a deposit of what is billed, a credit of a part. The
 * parts come to the amount exactly; all of it is the shares as they are.
 * @throws RangeError where the shares come to nothing
 */
export function apportion(gross: bigint, shares: readonly VatShare[]): VatShare[] {
  const total = sum(shares.map(({ net, tax }) => net + tax));
  if (total <= 0n) throw new RangeError('there is nothing to take a part of');
  if (gross === total) return [...shares];
  let passed = 0n;
  let given = 0n;
  return shares.map(({ vat, net, tax }) => {
    passed += net + tax;
    const part = divide(gross * passed, total) - given;
    given += part;
    const taxed = vat.kind === 'rate' ? divide(part * BigInt(vat.rate), WHOLE + BigInt(vat.rate)) : 0n;
    return { vat, net: part - taxed, tax: taxed };
  });
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
