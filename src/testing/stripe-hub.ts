import { stripeWants } from '../integrations/stripe/credentials.ts';
import { openStripe } from '../integrations/stripe/index.ts';
import type { StripeStandIn } from '../simulator/stripe/index.ts';
import { startStripeStandIn } from '../simulator/stripe/index.ts';
import type { TestApp } from './app.ts';
import type { ConnectorHub } from './connector-hub.ts';
import { startConnectorHub } from './connector-hub.ts';

export const KEY = 'rk_test_0123456789abcdef';
export const SECRET = 'whsec_0123456789abcdef';

/** A hub that is connected to a stand-in of Stripe. */
export interface StripeHub extends ConnectorHub {
  stripe: StripeStandIn;
  /** An invoice of Acme's; by default over €119.00. */
  invoiced(more?: { price?: string; vat?: string; currency?: string }): Promise<{ invoice: string; version: number }>;
  /** Acme's approver asks for a link; all that is due by default. Nothing has been done about it yet. */
  asked(invoice: string, amount?: string): Promise<string>;
  /** The page to pay on of a payment. */
  pageOf(payment: string): string;
  /** A row of it. */
  payment(id: string): Promise<Record<string, unknown>>;
  invoice(id: string): Promise<Record<string, unknown>>;
}

export async function startStripeHub(): Promise<StripeHub> {
  let stripe = {} as StripeStandIn;
  const hub = await startConnectorHub(async (app) => {
    stripe = await stripeFor(app, 'acct_1Northwind');
    const connector = await connectorFor(app, stripe);
    return { connector, wants: stripeWants, settled: () => stripe.webhooks.settled(), stop: () => stripe.stop() };
  });
  stripe.webhooks.settings.url = `${hub.url}/webhooks/stripe/${stripe.account}`;
  const { acme, admin } = hub.firm;
  const row = async (table: string, id: string) => {
    const [found] = await hub.query(`select * from ${table} where id = $1`, [id]);
    if (!found) throw new Error(`there is no ${table} ${id}`);
    return found;
  };
  return {
    ...hub,
    stripe,
    invoiced: async ({ price = '100.00', vat = '19', currency = 'EUR' } = {}) => {
      const given = { client: acme.id, project: acme.project, currency, title: 'The shop' };
      const line = { quantity: '1', price, vat, text: 'Checkout' };
      const drafted = (await hub.run(admin, 'invoice.draft', { ...given, ...line })) as Made;
      const { invoice, version } = drafted;
      return (await hub.run(admin, 'invoice.issue', { invoice, version })) as Made;
    },
    asked: async (invoice, amount) => {
      const { gross, paid, credited } = (await row('invoice', invoice)) as Record<string, string>;
      const all = ((Number(gross) - Number(paid) - Number(credited)) / 100).toFixed(2);
      const made = await hub.run(acme.approver, 'invoice.pay', { invoice, amount: amount ?? all });
      return (made as { payment: string }).payment;
    },
    pageOf: (payment) => {
      const session = [...stripe.bank.sessions.values()].find(({ reference }) => reference === payment);
      if (!session) throw new Error(`there is no page for ${payment}`);
      return session.id;
    },
    payment: (id) => row('payment', id),
    invoice: (id) => row('invoice', id),
  };
}

interface Made {
  invoice: string;
  version: number;
}

/** An account of its own, on the app's clock. */
export function stripeFor(app: TestApp, account: string): Promise<StripeStandIn> {
  const now = () => app.clock.now().getTime();
  return startStripeStandIn({ account, key: KEY, webhookSecret: SECRET, retryPauses: [1, 1], now });
}

export function connectorFor(app: TestApp, { url, account }: StripeStandIn, key = KEY) {
  return openStripe({ account, key, webhookSecret: SECRET }, { app, api: url });
}
