import { DomainError } from '../../core/kernel/errors.ts';
import type { Event } from '../../core/kernel/event.ts';
import { runCommand } from '../../core/kernel/registry.ts';
import { asConnector } from '../as-connector.ts';
import { claim, nameClaimed, scopeOf } from '../claims.ts';
import type { Connection } from '../connector.ts';
import { readRef } from '../refs.ts';
import type { Payment, StripeAccount } from './account.ts';
import { LINK, readPayment } from './account.ts';
import { toStripe, whyNotTaken } from './amounts.ts';
import { isPast, neverOf } from './patience.ts';
import { sessionOf } from './session.ts';

/** Stripe forgets an idempotency key after a day. A link that was not made by then is not made any more. */
const KEY_HOURS = 23;

/** Makes the link of a payment, once, or ends it. */
export async function pushPayment(account: StripeAccount, connection: Connection, event: Event): Promise<void> {
  const found = await asConnector(account.app, connection, async (context) => ({
    payment: await readPayment(account, context, event.about.id),
    link: await readRef(context.sql, scopeOf(connection), LINK, { id: event.about.id }),
  }));
  const { payment, link } = found;
  if (!payment || payment.received !== null) return;
  if (event.name === 'payment.withdrawn') {
    if (link?.externalId) await endLink(account, link.externalId);
    return;
  }
  // Noted already, by a try that ended before it could say so: then the same key gives the same once more.
  const isTold = link?.externalId && payment.status !== 'asked';
  if (isTold || !['asked', 'open'].includes(payment.status)) return;
  await makeLink(account, connection, payment);
}

/** The same key gives the same link, however often it is asked for and whatever became of the answer. */
async function makeLink(account: StripeAccount, connection: Connection, payment: Payment): Promise<void> {
  const { app, client } = account;
  const amount = toStripe(payment);
  if (amount === null) return fail(account, connection, payment, whyNotTaken(payment.currency));
  const age = app.clock.now().getTime() - payment.askedAt.getTime();
  if (age > KEY_HOURS * 3_600_000) return fail(account, connection, payment, 'its link could not be made in time');
  const thing = { entity: LINK, id: payment.id, clientId: payment.clientId };
  await asConnector(app, connection, ({ sql, now }) => claim(sql, scopeOf(connection), thing, now));
  const page = `${app.publicUrl}/`;
  const session = await client
    .ask(() =>
      client.stripe.checkout.sessions.create(sessionOf(payment, amount, page), {
        idempotencyKey: `parley-payment-${payment.id}`,
      }),
    )
    .catch((error: unknown) => {
      const never = neverOf(error, payment.currency);
      if (never === null) throw error;
      return never;
    });
  if (typeof session === 'string') return fail(account, connection, payment, session);
  await asConnector(app, connection, ({ sql, now }) =>
    nameClaimed(sql, scopeOf(connection), { ...thing, externalId: session.id }, now),
  );
  if (!session.url) return fail(account, connection, payment, 'Stripe made no link for it');
  const expires = new Date(session.expires_at * 1000).toISOString();
  await say(account, connection, {
    name: 'payment.note-link',
    input: { payment: payment.id, url: session.url, expires },
    requestId: `stripe:${connection.account}:link:${session.id}`,
  });
}

/** One that was used, or has ended, is left as it is: its webhook says so. */
async function endLink({ client }: StripeAccount, session: string): Promise<void> {
  await client
    .ask(() => client.stripe.checkout.sessions.expire(session))
    .catch((error: unknown) => {
      if (!isPast(error)) throw error;
    });
}

function fail(account: StripeAccount, connection: Connection, payment: Payment, reason: string): Promise<void> {
  return say(account, connection, {
    name: 'payment.fail',
    input: { payment: payment.id, reason },
    requestId: `stripe:${connection.account}:not-made:${payment.id}`,
  });
}

/** What the payment takes no more was said before, or does not matter any more. */
async function say(
  { app }: StripeAccount,
  { tenantId, tool, account }: Connection,
  request: { name: string; input: object; requestId: string },
): Promise<void> {
  await runCommand(app, { kind: 'integration', tenantId, connector: tool, account }, request).catch(
    (error: unknown) => {
      if (!(error instanceof DomainError && error.code === 'conflict')) throw error;
    },
  );
}
