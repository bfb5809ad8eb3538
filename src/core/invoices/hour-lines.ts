import type { Billable } from '../hours/index.ts';
import { monthText } from '../hours/index.ts';
import { requireNone } from '../kernel/faults.ts';
import { divide, isWritable } from '../kernel/money.ts';
import { MOST_LINES, netOf } from '../kernel/priced-line.ts';
import type { Line } from './content.ts';
import { plainLine } from './content.ts';
import type { Rate } from './rates.ts';

/*
 * Hours as lines of an invoice. A month's minutes are hours in hundredths, rounded to the nearest once for the whole month; by person
 * they are shared out so that the lines come to exactly that. What a line costs follows from its hours and its price as of any other
 * line: once more rounded, to the smallest unit of the currency, a half away from zero.
 */

export const BY = ['month', 'person'] as const;
export type By = (typeof BY)[number];

type Month = Pick<Billable, 'projectName' | 'month' | 'minutes' | 'people' | 'standing'> & { period: { id: string } };

/** Hours in hundredths. */
export function hundredthsOf(minutes: number): bigint {
  return divide(BigInt(minutes) * 100n, 60n);
}

/** The lines that bill a month. @throws DomainError invalid, beside the field, where they come to more than can be written */
export function hourLines(it: Month, { price, vat }: Rate, by: By, first: number): Line[] {
  const text = `Hours of ${monthText(it.month)}, ${it.projectName}${STANDS[it.standing]}`;
  const parts =
    by === 'month' ? [{ text, hundredths: hundredthsOf(it.minutes), minutes: it.minutes }] : byPerson(it, text);
  const lines = parts.map(({ hundredths, minutes, ...part }, index): Line => {
    const priced = {
      number: first + index,
      text: part.text,
      quantity: decimal(hundredths),
      unitPrice: Number(price),
      vat,
    };
    return { ...plainLine(priced), hours: { period: it.period.id, minutes } };
  });
  if (lines.some((line) => !isWritable(netOf(line))))
    requireNone({ price: 'comes, with these hours, to more than can be written here' });
  return lines;
}

/** What stands on the line of what the client has not signed. */
const STANDS: Readonly<Record<Billable['standing'], string>> = {
  signed: '',
  disputed: ' (disputed by the client)',
  unsigned: ' (not signed by the client)',
};

/** The hundredths of the month, shared out by whole ones: those who lose most by rounding down get one more. */
function byPerson({ people, minutes }: Month, text: string) {
  const floors = people.map((one) => (BigInt(one.minutes) * 100n) / 60n);
  const left = Number(hundredthsOf(minutes) - floors.reduce((sum, one) => sum + one, 0n));
  const losers = people
    .map((one, index) => ({ index, lost: (one.minutes * 100) % 60 }))
    .sort((one, other) => other.lost - one.lost || one.index - other.index)
    .slice(0, left)
    .map(({ index }) => index);
  return people.map((one, index) => ({
    text: `${text}: ${one.name}`,
    minutes: one.minutes,
    hundredths: (floors[index] ?? 0n) + (losers.includes(index) ? 1n : 0n),
  }));
}

/** "12.5": as quantities are written, without needless zeros. */
function decimal(hundredths: bigint): string {
  const part = String(hundredths % 100n)
    .padStart(2, '0')
    .replace(/0+$/, '');
  return `${hundredths / 100n}${part ? `.${part}` : ''}`;
}

/** Lines behind those of a draft. @throws DomainError invalid, beside the field, where a document holds no more */
export function requireRoomFor(lines: readonly Line[], before: number): void {
  if (lines.length + before > MOST_LINES)
    requireNone({ lines: `would be more than the ${MOST_LINES} that an invoice has: take one for the month` });
}

/** @throws DomainError invalid, beside the field, where the client has not signed the month and nobody said to bill it all the same */
export function requireSigned(
  { standing, called }: Pick<Billable, 'standing' | 'called'>,
  unsigned: 'no' | 'yes',
): void {
  if (standing === 'signed' || unsigned === 'yes') return;
  const why = standing === 'disputed' ? 'The client disputes' : 'The client has not signed';
  requireNone({ unsigned: `${why} ${called}. Choose to bill it all the same, or wait` });
}
