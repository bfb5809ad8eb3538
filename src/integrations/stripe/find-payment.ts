import type { Context } from '../../core/kernel/context.ts';
import { isUuid } from '../../core/kernel/uuid.ts';
import { asConnector } from '../as-connector.ts';
import { claim, nameClaimed, scopeOf } from '../claims.ts';
import type { Connection } from '../connector.ts';
import { noteReceived, readRef } from '../refs.ts';
import type { Payment, StripeAccount } from './account.ts';
import { INTENT, LINK, readPayment } from './account.ts';
import type { Session } from './payload.ts';
import { Intent } from './payload.ts';

/**
 * The payment that a page of Stripe's is for: as it was noted, or, where nobody came to note it, as the page itself says. A second
 * page that names the same payment is not ours.
 */
export function paymentOfSession(
  account: StripeAccount,
  connection: Connection,
  session: Session,
): Promise<Payment | null> {
  const scope = scopeOf(connection);
  return asConnector(account.app, connection, async (context) => {
    const noted = await readRef(context.sql, scope, LINK, { externalId: session.id });
    if (noted) return readPayment(account, context, noted.id);
    const payment = await marked(account, context, session.client_reference_id);
    if (!payment) return null;
    const thing = { entity: LINK, id: payment.id, clientId: payment.clientId };
    await claim(context.sql, scope, thing, context.now);
    await nameClaimed(context.sql, scope, { ...thing, externalId: session.id }, context.now);
    const named = await readRef(context.sql, scope, LINK, { id: payment.id });
    return named?.externalId === session.id ? payment : null;
  });
}

/** Notes by what a payment arrived: refunds and disputes name nothing else. */
export async function noteIntent(
  account: StripeAccount,
  connection: Connection,
  payment: Payment,
  intent: string,
): Promise<void> {
  const thing = { entity: INTENT, id: payment.id, clientId: payment.clientId };
  await asConnector(account.app, connection, ({ sql }) => noteReceived(sql, scopeOf(connection), thing, intent));
}

/** The payment that arrived by that, as it was noted; null where it is none of ours, or was not told yet. */
export function paymentOfIntent(
  account: StripeAccount,
  connection: Connection,
  intent: string,
): Promise<Payment | null> {
  return asConnector(account.app, connection, async (context) => {
    const noted = await readRef(context.sql, scopeOf(connection), INTENT, { externalId: intent });
    return noted && readPayment(account, context, noted.id);
  });
}

/** What Stripe says of it, asked where a refund was told of before the payment; null where it is none of ours. */
export async function askForIntent(account: StripeAccount, connection: Connection, name: string) {
  const { client, app } = account;
  const intent = Intent.parse(await client.ask(() => client.stripe.paymentIntents.retrieve(name)));
  const payment = await asConnector(app, connection, (context) =>
    marked(account, context, intent.metadata?.parley_payment),
  );
  return payment && { intent, payment };
}

function marked(account: StripeAccount, context: Context, id: string | null | undefined): Promise<Payment | null> {
  return id && isUuid(id) ? readPayment(account, context, id) : Promise.resolve(null);
}
