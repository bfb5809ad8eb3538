import type { InboxItem, Worked } from '../../core/kernel/inbox.ts';
import type { Connection, Run } from '../connector.ts';
import { applied, duplicate, quarantined } from '../worked.ts';
import type { Payment, StripeAccount } from './account.ts';
import { noteIntent, paymentOfSession } from './find-payment.ts';
import { readStripeEvent, Session } from './payload.ts';
import { disputeTold, refundsOfCharge, refundTold } from './taken-back.ts';
import type { Told } from './told.ts';
import { receive } from './told.ts';

/** What Stripe tells besides, where an account selects more than it needs. All else is kept for people to look at. */
const IGNORED =
  /^(account|application|balance|billing|capability|cash_balance|charge|checkout|coupon|credit_note|customer|entitlements|file|identity|invoice|invoiceitem|issuing|issuing_\w+|mandate|payment_intent|payment_link|payment_method|payout|person|plan|price|product|promotion_code|quote|radar|refund|reporting|review|setup_intent|sigma|source|subscription|subscription_schedule|tax|tax_rate|terminal|topup|transfer|treasury)\./;

/** Works what Stripe tells. Safe to repeat: what it asks for carries request ids made of Stripe's own ids. */
export async function workWebhook(
  account: StripeAccount,
  connection: Connection,
  item: InboxItem,
  run: Run,
): Promise<Worked> {
  const event = readStripeEvent(item.body);
  if (!event) return quarantined('not of a form that Stripe is known to send');
  if (event.account && event.account !== connection.account) return quarantined('about another account of Stripe');
  if (event.livemode !== account.isLive)
    return quarantined(
      event.livemode ? 'about real money, and the key is for tests' : 'a test, and the key is for real money',
    );
  const told: Told = { account, connection, event, run };
  switch (event.type) {
    case 'checkout.session.completed':
    case 'checkout.session.async_payment_succeeded':
      return arrived(told);
    case 'checkout.session.async_payment_failed':
      return notPaid(told);
    case 'checkout.session.expired':
      return ended(told);
    case 'charge.refunded':
      return refundsOfCharge(told);
    case 'refund.created':
    case 'refund.updated':
    case 'refund.failed':
      return refundTold(told);
    case 'charge.dispute.created':
    case 'charge.dispute.closed':
      return disputeTold(told);
    default:
      return IGNORED.test(event.type)
        ? applied(`ignored: ${event.type} changes nothing here`)
        : quarantined(`Stripe sends ${event.type}, which is not known here`);
  }
}

const FOREIGN = applied('not one of ours');

async function sessionOf({ account, connection, event }: Told): Promise<{ session: Session; payment: Payment } | null> {
  const session = Session.parse(event.data.object);
  const payment = await paymentOfSession(account, connection, session);
  return payment && { session, payment };
}

async function arrived(told: Told): Promise<Worked> {
  const found = await sessionOf(told);
  if (!found) return FOREIGN;
  const { session, payment } = found;
  const { account, connection, event, run } = told;
  if (payment.received !== null) return duplicate('it was noted already that it arrived');
  if (session.payment_status !== 'paid') {
    if (payment.status === 'processing' || payment.status === 'failed') return duplicate('that is known already');
    const requestId = `stripe:${connection.account}:processing:${session.id}`;
    await run({ name: 'payment.note-processing', input: { payment: payment.id }, requestId });
    return applied(`the bank is at work on the payment of ${payment.number}`);
  }
  const intent = session.payment_intent;
  if (!intent || session.amount_total === null || !session.currency)
    return quarantined('it is paid, and says neither how much nor by what');
  await noteIntent(account, connection, payment, intent);
  return receive(told, payment, {
    intent,
    ...{ amount: session.amount_total, currency: session.currency, at: event.created },
  });
}

async function notPaid(told: Told): Promise<Worked> {
  const found = await sessionOf(told);
  if (!found) return FOREIGN;
  const { payment, session } = found;
  if (payment.received !== null || payment.status === 'failed') return duplicate('how it ended is known already');
  const requestId = `stripe:${told.connection.account}:failed:${session.id}`;
  const input = { payment: payment.id, reason: 'the bank did not pay' };
  await told.run({ name: 'payment.fail', input, requestId });
  return applied(`the bank did not pay ${payment.number}: its people are told`);
}

async function ended(told: Told): Promise<Worked> {
  const found = await sessionOf(told);
  if (!found) return FOREIGN;
  const { payment, session } = found;
  if (!['asked', 'open'].includes(payment.status)) return duplicate('its link is of no use already');
  const requestId = `stripe:${told.connection.account}:expired:${session.id}`;
  await told.run({ name: 'payment.expire', input: { payment: payment.id }, requestId });
  return applied(`the link of ${payment.number} has ended`);
}
