import type { Context } from '../kernel/context.ts';
import { todayOf } from '../kernel/dates.ts';
import type { NewEvent } from '../kernel/event.ts';
import { invoiceForUpdate } from './queries.ts';
import { dueOf, isOpen, isOwedBack } from './rules.ts';
import type { Invoice } from './schema.ts';
import { calledOf, money, SAYS } from './wording.ts';
import { writePayment, writeRefund } from './write-payment.ts';

/** Money that a tool says has moved, whatever the invoice has become meanwhile. */
export interface Moved {
  /** In the smallest unit. */
  amount: number;
  currency: string;
  at: Date;
  /** How it came, as the client reads it beside the entry. */
  note: string;
}

/** It was recorded as an entry of the invoice; or why it could not be, as the end of a sentence. */
export type Placed = { entry: string; events: NewEvent[] } | { why: string };

/**
 * Records a payment that arrived, in the transaction of whoever heard of it. What cannot be recorded is refused with its reason and
 * not by an error: the money is there all the same.
 */
export async function placePayment(context: Context, whose: Whose, moved: Moved): Promise<Placed> {
  const it = await theirs(context, whose);
  const why = it ? whyNotPaid(it, moved) : 'its invoice is not there';
  if (!it || why !== null) return { why: why ?? '' };
  return writePayment(context, it, entryOf(it, moved));
}

/** The same of what went back to the client. */
export async function placeRefund(context: Context, whose: Whose, moved: Moved): Promise<Placed> {
  const it = await theirs(context, whose);
  const why = it ? whyNotRefunded(it, moved) : 'its invoice is not there';
  if (!it || why !== null) return { why: why ?? '' };
  return writeRefund(context, it, entryOf(it, moved));
}

interface Whose {
  invoice: string;
  client: string;
}

async function theirs(context: Context, { invoice, client }: Whose): Promise<Invoice | null> {
  const it = await invoiceForUpdate(context, invoice);
  return it?.clientId === client ? it : null;
}

/** Why a payment that arrived does not settle the invoice; null where it does. */
function whyNotPaid(it: Invoice, { amount, currency }: Pick<Moved, 'amount' | 'currency'>): string | null {
  const own = it.content.currency;
  if (currency !== own) return `${calledOf(it)} is to be paid in ${own}, and it came in ${currency}`;
  if (!isOpen(it)) return `${calledOf(it)} is ${SAYS[it.state.status]}: nothing is to be paid of it`;
  return amount > dueOf(it) ? `only ${money(dueOf(it), own)} is due of ${calledOf(it)}` : null;
}

/** Why a refund does not settle what is owed to the client; null where it does. */
function whyNotRefunded(it: Invoice, { amount, currency }: Pick<Moved, 'amount' | 'currency'>): string | null {
  const own = it.content.currency;
  if (currency !== own) return `${calledOf(it)} is in ${own}, and it went back in ${currency}`;
  if (!isOwedBack(it)) return `nothing of ${calledOf(it)} is to be paid back: credit it first`;
  return amount > -dueOf(it) ? `only ${money(-dueOf(it), own)} of ${calledOf(it)} is to be paid back` : null;
}

function entryOf({ firmTimezone }: Invoice, { amount, at, note }: Moved) {
  return { amount, day: todayOf(at, firmTimezone), note };
}
