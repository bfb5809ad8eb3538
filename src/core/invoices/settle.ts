import { daysAfter, dayText } from '../kernel/dates.ts';
import { requireNone } from '../kernel/faults.ts';
import { netOf } from '../kernel/priced-line.ts';
import type { VatShare } from '../kernel/vat.ts';
import { apportion } from '../kernel/vat.ts';
import type { Content } from './content.ts';
import { agreedLines } from './content.ts';
import { grossOf } from './draft.ts';
import { canCredit, canVoid, dueOf, isDraft, isIssued, isOpen, isOwedBack } from './rules.ts';
import type { Invoice, Issued } from './schema.ts';
import { calledOf, money, refusal, SAYS } from './wording.ts';

/*
 * Issuing, paying and correcting, as pure decisions: the invoice as it is and what somebody records → the invoice as it becomes, or a
 * DomainError. They promise, whoever asks in whatever order:
 *  - what was issued is never changed, and has the number that it got;
 *  - what was paid, what was credited and what is due come to what was billed, to the smallest unit;
 *  - nothing is open of which nothing is due, and nothing is paid or credited of what is void.
 */

/** Days to pay where a draft says nothing else. */
const DAYS_TO_PAY = 14;

/** A deposit invoice that a draft takes off, as it is now. */
export type Deposit = Pick<Invoice, 'id' | 'state' | 'gross' | 'credited' | 'deductedIn'>;

/** @throws DomainError conflict for a draft that cannot be issued on that day; asked before a number is taken */
export function requireIssuable(it: Invoice, on: string, deposits: readonly Deposit[]): void {
  if (!isDraft(it)) throw refusal(it, `${calledOf(it)} is ${SAYS[it.state.status]} already.`);
  if (!it.content.lines.length) throw refusal(it, 'It has no lines yet. Add what you bill.');
  if (grossOf(it.content) < 0)
    throw refusal(it, 'It comes to less than nothing. What is given back is a credit note on the invoice it is about.');
  if (it.dueOn !== null && it.dueOn < on)
    throw refusal(it, `${dayText(it.dueOn)} is over. Give it a later day to pay under “Terms”.`);
  for (const id of deductedBy(it.content)) requireDeposit(it, id, deposits);
}

/** The deposit invoices that lines take off. */
export function deductedBy({ lines }: Content): string[] {
  return [...new Set(lines.flatMap(({ deducts }) => (deducts === null ? [] : [deducts])))].sort();
}

/** A deposit is taken off once, as a whole, and as it is now. */
function requireDeposit(it: Invoice, id: string, deposits: readonly Deposit[]): void {
  const deposit = deposits.find((one) => one.id === id);
  const lines = it.content.lines.filter(({ deducts }) => deducts === id);
  const taken = lines.reduce((sum, line) => sum + Number(netOf(line)) + (line.tax ?? 0), 0);
  const isWhole = deposit !== undefined && isIssued(deposit) && taken === deposit.credited - deposit.gross;
  if (isWhole && deposit.deductedIn === null) return;
  const numbers = lines.map(({ number }) => number).join(' and ');
  const why = isWhole ? 'another invoice takes off already' : 'is not what it was';
  throw refusal(it, `Line ${numbers} takes off a deposit that ${why}. Remove it, or bill the quote anew.`);
}

/** It gets its number. From now on it stays as it is. */
export function issue(it: Invoice, issued: Issued, deposits: readonly Deposit[]): Invoice {
  requireIssuable(it, issued.on, deposits);
  const dueOn = it.dueOn ?? daysAfter(issued.on, DAYS_TO_PAY);
  return settled({ ...it, dueOn, state: { status: 'open', issued } });
}

/** How it stands by what was paid and credited. */
function settled(it: Invoice): Invoice {
  const { state } = it;
  if (state.status === 'draft' || state.status === 'void') return it;
  return { ...it, state: { ...state, status: standingOf(it) } };
}

function standingOf(it: Invoice): 'open' | 'partly_paid' | 'paid' | 'credited' {
  if (it.credited > 0 && it.credited >= it.gross) return 'credited';
  if (dueOf(it) <= 0) return 'paid';
  return it.paid > 0 ? 'partly_paid' : 'open';
}

/** @throws DomainError invalid beside the field, for more than is due */
export function pay(it: Invoice, amount: number): Invoice {
  requireStanding(it, isOpen(it), 'nothing is to be paid of it');
  const due = dueOf(it);
  if (amount > due) requireNone({ amount: `is more than the ${money(due, it.content.currency)} that is due` });
  return settled({ ...it, paid: it.paid + positive(amount) });
}

/** More was paid than is owed since something was credited: a part of it goes back. */
export function refund(it: Invoice, amount: number): Invoice {
  requireStanding(it, isOwedBack(it), 'nothing is to be paid back');
  const owed = -dueOf(it);
  if (amount > owed) requireNone({ amount: `is more than the ${money(owed, it.content.currency)} to be paid back` });
  return settled({ ...it, paid: it.paid - positive(amount) });
}

/** A payment or refund was recorded by mistake. `amount` is what it changed of what is owed: below zero for a payment. */
export function undo(it: Invoice, amount: number): Invoice {
  requireStanding(it, isIssued(it) && it.kind !== 'credit', 'nothing was paid of it');
  const paid = it.paid + amount;
  if (paid < 0) throw refusal(it, 'What was paid back is more than what would be left. Undo that first.');
  return settled({ ...it, paid });
}

/** Nothing is due by it any more. It keeps its number; a draft, which has none, is discarded. */
export function voided(it: Invoice, ended: { byName: string; at: Date; reason: string }): Invoice {
  const can = canVoid(it);
  requireStanding(it, can === true, typeof can === 'string' ? can : 'it is void already');
  const issued = it.state.status === 'draft' ? null : (it.state.issued ?? null);
  return { ...it, state: { status: 'void', issued, ended } };
}

/** A part of what was billed, or all that is left of it, is not owed. */
export function credit(it: Invoice, amount: number): Invoice {
  const can = canCredit(it);
  requireStanding(it, can === true, typeof can === 'string' ? can : 'it was not issued');
  const left = it.gross - it.credited;
  if (amount > left)
    requireNone({ amount: `is more than the ${money(left, it.content.currency)} that can still be credited` });
  return settled({ ...it, credited: it.credited + positive(amount) });
}

/**
 * The credit note itself: with the tax of the parts that it takes back.
 * @param left what of the invoice was not credited before, by rate
 */
export function creditNote(
  it: Invoice,
  { amount, reason, left }: { amount: number; reason: string; left: readonly VatShare[] },
  facts: { id: string; seq: number; issued: Issued },
): Invoice {
  const { content, ...whose } = it;
  const number = calledOf(it);
  const text = `Credit on ${number}`;
  const parts = apportion(BigInt(amount), left).filter(({ net, tax }) => net !== 0n || tax !== 0n);
  const lines = agreedLines(parts, 1, { text });
  const { id, seq, issued } = facts;
  return {
    ...whose,
    ...{ id, seq, version: 1, kind: 'credit', corrects: { id: it.id, number }, quoteId: it.quoteId, part: null },
    content: { ...content, lines, notes: reason },
    ...{ gross: amount, paid: 0, credited: 0, dueOn: null, deductedIn: null, remindedAt: null, overdueAt: null },
    ...{ entries: [], state: { status: 'credited', issued }, createdAt: issued.at },
  };
}

function requireStanding(it: Invoice, isPossible: boolean, why: string): void {
  if (!isPossible) throw refusal(it, `${calledOf(it)} is ${SAYS[it.state.status]}: ${why}.`);
}

/** @throws DomainError invalid, beside the field */
function positive(amount: number): number {
  if (amount <= 0) requireNone({ amount: 'is more than 0' });
  return amount;
}
