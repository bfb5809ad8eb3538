import type { Placed } from '../invoices/index.ts';
import type { Dispute, Payment, Refund } from './schema.ts';
import { amountOf } from './wording.ts';

/*
 * What becomes of a payment, as pure decisions. They promise, in whatever order the tool tells:
 *  - what came is noted once, and is never dropped: it is recorded with the invoice, or kept with the reason why not;
 *  - whatever went back is noted once by the name that the tool has for it;
 *  - money ends a payment: no link that expires or is withdrawn later takes it back.
 */

export function linked(it: Payment, link: Pick<Payment, 'url' | 'expiresAt'>): Payment {
  return { ...it, ...link, status: 'open' };
}

/** Why what came is not what was asked for; null where it is. */
export function whyOther(it: Payment, came: { amount: number; currency: string }): string | null {
  if (came.currency === it.currency && came.amount === it.amount) return null;
  return `${amountOf(came)} came, and ${amountOf(it)} was asked for`;
}

export function received(it: Payment, came: { amount: number; currency: string; at: Date }, placed: Placed): Payment {
  const money = { received: came.amount, receivedIn: came.currency, receivedAt: came.at };
  return 'entry' in placed
    ? { ...it, ...money, status: 'paid', entryId: placed.entry, reason: null }
    : { ...it, ...money, status: 'kept', reason: placed.why };
}

/** What was kept is recorded after all. */
export function recorded(it: Payment, entry: string): Payment {
  return { ...it, status: 'paid', entryId: entry, reason: null };
}

export function refundNamed({ refunds }: Payment, name: string): Refund | undefined {
  return refunds.find((one) => one.name === name);
}

/**
 * Something went back. Of what the invoice never knew, it knows no refund either.
 * @param placed null where the payment was never recorded
 */
export function refunded(it: Payment, back: Pick<Refund, 'name' | 'amount' | 'at'>, placed: Placed | null): Payment {
  const entry = placed && 'entry' in placed ? placed.entry : null;
  const state = placed === null ? 'settled' : entry ? 'recorded' : 'loose';
  return closedIfBack({ ...it, refunds: [...it.refunds, { ...back, state, entry }] });
}

/** All that was kept went back: nobody has to look at it any more. */
function closedIfBack(it: Payment): Payment {
  const back = it.refunds.reduce((sum, { amount, state }) => sum + (state === 'failed' ? 0 : amount), 0);
  return it.status === 'kept' && back >= (it.received ?? 0) ? { ...it, status: 'closed' } : it;
}

/** A refund that was on its way came back. What was recorded of it stays, and is undone by somebody of the firm. */
export function refundFailed(it: Payment, name: string): Payment {
  const refunds = it.refunds.map((one) => (one.name === name ? { ...one, state: 'failed' as const } : one));
  return { ...it, refunds, status: it.status === 'closed' ? 'kept' : it.status };
}

export function disputed(it: Payment, dispute: Dispute): Payment {
  return { ...it, dispute };
}

/** Somebody of the firm saw to it elsewhere. */
export function closed(it: Payment, reason: string): Payment {
  const refunds = it.refunds.map((one) => (one.state === 'loose' ? { ...one, state: 'settled' as const } : one));
  return { ...it, refunds, reason, status: it.status === 'kept' ? 'closed' : it.status };
}
