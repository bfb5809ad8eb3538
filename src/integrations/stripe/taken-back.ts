import type { Worked } from '../../core/kernel/inbox.ts';
import { applied, duplicate, quarantined } from '../worked.ts';
import type { Payment } from './account.ts';
import { fromStripe } from './amounts.ts';
import { askForIntent, noteIntent, paymentOfIntent } from './find-payment.ts';
import { Charge, Dispute, Refund } from './payload.ts';
import type { Told } from './told.ts';
import { receive } from './told.ts';

/** A refund that Stripe made or tried. What is still on its way is told of again. */
export async function refundTold(told: Told): Promise<Worked> {
  const refund = Refund.parse(told.event.data.object);
  const payment = await paidBy(told, refund.payment_intent);
  return payment ? note(told, payment, refund) : applied('not one of ours');
}

/** The same for accounts that select this event alone: the refunds themselves are asked for. */
export async function refundsOfCharge(told: Told): Promise<Worked> {
  const charge = Charge.parse(told.event.data.object);
  const payment = await paidBy(told, charge.payment_intent);
  if (!payment) return applied('not one of ours');
  const { client } = told.account;
  const { data } = await client.ask(() => client.stripe.refunds.list({ charge: charge.id, limit: 100 }));
  let worked = duplicate('its refunds are known already');
  for (const one of data.reverse()) {
    const outcome = await note(told, payment, Refund.parse(one));
    if (outcome.status !== 'duplicate') worked = outcome;
  }
  return worked;
}

async function note(
  { connection, run }: Pick<Told, 'connection' | 'run'>,
  payment: Payment,
  refund: Refund,
): Promise<Worked> {
  const failed = refund.status === 'failed' || refund.status === 'canceled';
  if (!failed && refund.status !== 'succeeded') return applied(`a refund of ${payment.number} is on its way`);
  const before = payment.refunds.find(({ name }) => name === refund.id);
  if (failed ? before?.state === 'failed' || !before : before)
    return duplicate(before ? 'this refund is known already' : 'it did not arrive, and nothing was noted of it');
  const back = fromStripe(refund.amount, refund.currency);
  if (!back) return quarantined(`${refund.amount} ${refund.currency} went back, which cannot be written here`);
  const at = new Date(refund.created * 1000).toISOString();
  const input = {
    payment: payment.id,
    refund: refund.id,
    amount: back.amount,
    at,
    outcome: failed ? 'failed' : 'done',
  };
  const requestId = `stripe:${connection.account}:refund:${refund.id}${failed ? ':failed' : ''}`;
  const { say } = (await run({ name: 'payment.note-refund', input, requestId })) as { say: string };
  return applied(say);
}

/** Whoever paid takes it back through their bank, or that has ended. */
export async function disputeTold(told: Told): Promise<Worked> {
  const dispute = Dispute.parse(told.event.data.object);
  const payment = await paidBy(told, dispute.payment_intent);
  if (!payment) return applied('not one of ours');
  const disputed = fromStripe(dispute.amount, dispute.currency);
  if (!disputed) return quarantined(`${dispute.amount} ${dispute.currency} are disputed, which cannot be written here`);
  const state = stateOf(dispute.status);
  const input = { payment: payment.id, dispute: dispute.id, amount: disputed.amount, reason: dispute.reason, state };
  const requestId = `stripe:${told.connection.account}:dispute:${dispute.id}:${state}`;
  const before = payment.dispute?.name === dispute.id ? payment.dispute : null;
  if (before && (before.state !== 'open' || state === 'open'))
    return duplicate('how this dispute stands is known already');
  await told.run({ name: 'payment.note-dispute', input, requestId });
  return applied(`the dispute about ${payment.number} is ${state}: the firm is told`);
}

/** A warning that was closed cost nothing. */
function stateOf(status: string): 'open' | 'won' | 'lost' {
  if (status === 'lost') return 'lost';
  return status === 'won' || status === 'warning_closed' || status === 'prevented' ? 'won' : 'open';
}

/** The payment that arrived by that. Told of before the payment itself, Stripe is asked, and it is noted first. */
async function paidBy(told: Told, intent: string | null | undefined): Promise<Payment | null> {
  if (!intent) return null;
  const { account, connection, event } = told;
  const known = await paymentOfIntent(account, connection, intent);
  if (known && known.received !== null) return known;
  const asked = await askForIntent(account, connection, intent);
  if (!asked) return null;
  const { payment } = asked;
  if (payment.received === null) {
    await noteIntent(account, connection, payment, intent);
    const { amount_received: amount, currency } = asked.intent;
    if (amount > 0) await receive(told, payment, { intent, amount, currency, at: event.created });
  }
  return payment;
}
