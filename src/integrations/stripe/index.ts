import type { Connector, ConnectorTools, LoadedConnector } from '../connector.ts';
import { stripeAccount } from './account.ts';
import { stripeClient } from './client.ts';
import type { StripeCredentials } from './credentials.ts';
import { refusalOf } from './patience.ts';
import { readStripeEvent } from './payload.ts';
import { stripePlatform } from './platform.ts';
import { proveAccount } from './prove.ts';
import { pullEvents } from './pull.ts';
import { pushPayment } from './push.ts';
import { isSigned } from './signature.ts';
import { workWebhook } from './webhook.ts';

/** Stripe: a page to pay on per payment, and what came by it. */
export async function openStripe(credentials: StripeCredentials, tools: ConnectorTools): Promise<Connector> {
  const { app, egress, api } = tools;
  const client = stripeClient({ key: credentials.key, egress, api }, app.clock);
  const account = stripeAccount(app, client, credentials);
  return {
    name: 'stripe',
    account: credentials.account,
    push: (connection, event) => pushPayment(account, connection, event),
    pull: (connection, cursor) => pullEvents(account, connection, cursor, app.clock.now()),
    webhook: {
      verify: (raw, headers) => isSigned(raw, headers['stripe-signature'], credentials.webhookSecret, app.clock),
      read: (raw) => {
        const event = readStripeEvent(raw);
        return event && { deliveryId: event.id, kind: event.type };
      },
      work: (connection, item, run) => workWebhook(account, connection, item, run),
    },
    close: async () => client.close(),
  };
}

export const kind: LoadedConnector<StripeCredentials> = {
  open: openStripe,
  platform: stripePlatform,
  prove: proveAccount,
  refusal: refusalOf,
};
