import { money } from '../invoices/index.ts';
import type { Payment, Status } from './schema.ts';

/** Inside a sentence: "the payment of 2026-0007 is …". */
export const SAYS: Readonly<Record<Status, string>> = {
  asked: 'asked for',
  open: 'open',
  processing: 'on its way',
  paid: 'paid',
  kept: 'kept',
  closed: 'closed',
  failed: 'failed',
  expired: 'expired',
  withdrawn: 'withdrawn',
};

/** A status as a badge. For the client, money that the firm looks at has arrived. */
export const LABELS: Readonly<Record<Status, string>> = {
  asked: 'The link is being made',
  open: 'To be paid',
  processing: 'On its way',
  paid: 'Paid',
  kept: 'Arrived',
  closed: 'Closed',
  failed: 'Failed',
  expired: 'Expired',
  withdrawn: 'Withdrawn',
};

/** "the payment of 2026-0007" */
export function called({ number }: Pick<Payment, 'number'>): string {
  return `the payment of ${number}`;
}

export function amountOf({ amount, currency }: { amount: number; currency: string }): string {
  return money(amount, currency);
}

/** How what came, or went back, is noted with the invoice. */
export const NOTE = 'Paid online';
export const REFUND_NOTE = 'Paid back online';
