import { todayOf } from '../kernel/dates.ts';
import type { Faults } from '../kernel/faults.ts';
import { faultOf, requireNone, valueIn } from '../kernel/faults.ts';
import { day, line, optional } from '../kernel/field.ts';
import { amountText, readAmount } from '../kernel/money.ts';
import type { Invoice } from './schema.ts';

export const amountField = line({ label: 'Amount', most: 40, placeholder: '1200.50', hint: 'With tax.' });

/** What is said of money that came or went. */
export const paymentFields = {
  amount: amountField,
  day: day({ label: 'When?', hint: 'The day that the bank names.' }),
  note: optional(line({ label: 'Note', placeholder: 'Bank transfer, reference 4711', hint: 'The client sees it.' })),
};

/** The amount in the smallest unit. @throws DomainError invalid, beside each field that cannot be */
export function readPayment(
  { amount: typed, day: on }: { amount: string; day?: string | undefined },
  { content: { currency } }: Invoice,
  today: string,
): number {
  const amount = readAmount(typed, currency);
  const isFuture = on !== undefined && on > today;
  const faults: Faults = {
    ...faultOf('amount', amount),
    ...('value' in amount && amount.value <= 0n ? { amount: 'is more than 0' } : {}),
    ...(isFuture ? { day: `is still to come: today is ${today}` } : {}),
  };
  requireNone(faults);
  return Number(valueIn(amount));
}

/** An amount and today, as they stand in the form. */
export function proposed(amount: number, { content: { currency } }: Invoice, now: Date, timezone: string) {
  return { amount: amountText({ amount: BigInt(amount), currency }), day: todayOf(now, timezone) };
}
