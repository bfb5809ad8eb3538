import { dayText, todayOf } from '../kernel/dates.ts';
import { DomainError } from '../kernel/errors.ts';
import { moneyText } from '../kernel/money.ts';
import { dueOf, isOpen } from './rules.ts';
import type { Invoice, ListedInvoice, Status } from './schema.ts';

/** Inside a sentence: "2026-0007 is …". */
export const SAYS: Readonly<Record<Status, string>> = {
  draft: 'a draft',
  open: 'open',
  partly_paid: 'partly paid',
  paid: 'paid',
  credited: 'credited',
  void: 'void',
};

/** A status as a badge. */
export const LABELS: Readonly<Record<Status, string>> = {
  draft: 'Draft',
  open: 'Open',
  partly_paid: 'Partly paid',
  paid: 'Paid',
  credited: 'Credited',
  void: 'Void',
};

/** What kind of document it is. */
export const KIND_LABELS: Readonly<Record<Invoice['kind'], string>> = {
  invoice: 'Invoice',
  deposit: 'Deposit invoice',
  credit: 'Credit note',
};

/** "2026-0007", or "Draft 12" */
export function called({ number, seq }: Pick<ListedInvoice, 'number' | 'seq'>): string {
  return number ?? `Draft ${seq}`;
}

export function numberOf({ state }: Pick<Invoice, 'state'>): string | null {
  return 'issued' in state ? (state.issued?.number ?? null) : null;
}

export function calledOf(it: Pick<Invoice, 'state' | 'seq'>): string {
  return called({ number: numberOf(it), seq: it.seq });
}

/** What a word of a mail can hold of a number. */
export function digitsOf(number: string): string {
  return number.replaceAll(/\D/g, '');
}

export function money(amount: number, currency: string): string {
  return moneyText({ amount: BigInt(amount), currency });
}

/** Is its last day to pay over, on the client's calendar? */
export function isOverdue(it: Pick<Invoice, 'state' | 'dueOn' | 'timezone'>, now: Date): boolean {
  return isOpen(it) && it.dueOn !== null && todayOf(now, it.timezone) > it.dueOn;
}

export function shown({ id }: Pick<Invoice, 'id'>) {
  return { target: 'invoice.show', input: { invoice: id } };
}

export function refusal(it: Pick<Invoice, 'id'>, say: string): DomainError {
  return new DomainError('conflict', say, { show: shown(it) });
}

/** "€50.00 of €119.00 is due by 10 Dec 2026" */
export function dueText(it: Invoice): string {
  const { currency } = it.content;
  const due = dueOf(it);
  const of = due === it.gross ? '' : ` of ${money(it.gross, currency)}`;
  return `${money(due, currency)}${of} is due${it.dueOn ? ` by ${dayText(it.dueOn)}` : ''}`;
}
