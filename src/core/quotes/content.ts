import { z } from 'zod';
import { dayText } from '../kernel/dates.ts';
import { moneyText, rateText } from '../kernel/money.ts';
import { PricedLine, pricedText } from '../kernel/priced-line.ts';
import { ROUNDINGS } from '../kernel/vat.ts';

/** When a line is billed; the last three come again and again. */
export const BILLED = ['acceptance', 'completion', 'monthly', 'quarterly', 'yearly'] as const;
export type Billed = (typeof BILLED)[number];

export const Line = PricedLine.extend({
  billed: z.enum(BILLED).describe('When it is billed'),
  optional: z.boolean().describe('Whether the client chooses to take it'),
  cycle: z
    .strictObject({
      id: z.uuid().describe('The cycle’s id'),
      name: z.string().describe('What it is called'),
      hash: z.string().describe('The hash of the scope that is agreed on'),
    })
    .nullable()
    .describe('The cycle that becomes official when the line is accepted'),
});
export type Line = z.infer<typeof Line>;

export const Deposit = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('share').describe('A part of what is billed once'),
    rate: z.int().describe('In hundredths of a per cent'),
  }),
  z.strictObject({
    kind: z.literal('amount').describe('That much, tax included'),
    amount: z.int().describe('In the smallest unit of the currency'),
  }),
]);
export type Deposit = z.infer<typeof Deposit>;

/** What the client accepts. Its day of expiry is a calendar day on the client's calendar. */
export const Content = z.strictObject({
  number: z.int().describe('The number of the quote'),
  title: z.string().describe('What it is for'),
  currency: z.string().describe('The code of ISO 4217'),
  lines: z.array(Line).describe('What is offered'),
  rounding: z.enum(ROUNDINGS).describe('Where tax is rounded: on each line, or once for each rate'),
  deposit: Deposit.nullable().describe('What is to be paid when it is accepted'),
  notes: z.string().nullable().describe('Terms in words'),
  expiresOn: z.iso.date().describe('The last day on which it can be accepted'),
});
export type Content = z.infer<typeof Content>;

const BILLED_SAYS: Readonly<Record<Billed, string>> = {
  acceptance: 'billed on acceptance',
  completion: 'billed on completion',
  monthly: 'every month',
  quarterly: 'every quarter',
  yearly: 'every year',
};

/** "2 × €1,200.00 = €2,400.00 · 19 % · billed on completion" */
export function lineText(line: Line, currency: string): string {
  return [
    pricedText(line, currency),
    BILLED_SAYS[line.billed],
    ...(line.cycle ? [`cycle ${line.cycle.name}`] : []),
  ].join(' · ');
}

export function depositText(deposit: Deposit | null, currency: string): string {
  if (!deposit) return 'none';
  return deposit.kind === 'share' ? rateText(deposit.rate) : moneyText({ amount: BigInt(deposit.amount), currency });
}

/** What is different in `after`, in short lines. The number of the quote is no difference: a copy has another one. */
export function diffContent(before: Content, after: Content): string[] {
  const changed = (label: string, was: string, is: string) => (was === is ? [] : [`${label}: ${was} → ${is}`]);
  const old = new Map(before.lines.map((line) => [line.number, line]));
  const now = new Map(after.lines.map((line) => [line.number, line]));
  const written = (content: Content, line: Line) =>
    `${line.text}${line.optional ? ' (option)' : ''}, ${lineText(line, content.currency)}`;
  return [
    ...changed('Title', before.title, after.title),
    ...after.lines.filter(({ number }) => !old.has(number)).map((line) => `Added: ${written(after, line)}`),
    ...before.lines.filter(({ number }) => !now.has(number)).map((line) => `Removed: ${written(before, line)}`),
    ...after.lines.flatMap((line) => {
      const was = old.get(line.number);
      return was ? changed(`Line ${line.number}`, written(before, was), written(after, line)) : [];
    }),
    ...changed('Deposit', depositText(before.deposit, before.currency), depositText(after.deposit, after.currency)),
    ...changed('Valid until', dayText(before.expiresOn), dayText(after.expiresOn)),
    ...changed('Notes', before.notes ?? 'none', after.notes ?? 'none'),
    ...changed('Tax is rounded', before.rounding, after.rounding),
    ...scopesChanged(old, after.lines),
  ];
}

/** A cycle of the same name whose scope is another one. */
function scopesChanged(old: ReadonlyMap<number, Line>, after: readonly Line[]): string[] {
  return after.flatMap(({ number, cycle }) => {
    const was = old.get(number)?.cycle;
    return cycle && was && was.hash !== cycle.hash ? [`The scope of ${cycle.name} is another one`] : [];
  });
}
