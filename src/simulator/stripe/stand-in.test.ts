import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Stripe } from 'stripe';
import { specFile } from '../../testing/specs.ts';
import type { StripeStandIn } from './index.ts';
import { startStripeStandIn } from './index.ts';
import { accountShape, chargeShape, disputeShape, refundShape } from './shapes.ts';

const KEY = 'sk_test_0123456789';
let stripe: StripeStandIn;
let sdk: Stripe;

beforeAll(async () => {
  stripe = await startStripeStandIn({ account: 'acct_1', key: KEY, webhookSecret: 'whsec_12345678' });
  const { hostname, port } = new URL(stripe.url);
  sdk = new Stripe(KEY, { host: hostname, port, protocol: 'http', maxNetworkRetries: 0, telemetry: false });
});
afterAll(() => stripe?.stop());

const asked = {
  mode: 'payment' as const,
  line_items: [
    { quantity: 1, price_data: { currency: 'eur', unit_amount: 11_900, product_data: { name: '2026-0007' } } },
  ],
  success_url: 'https://parley.example/',
};

describe('the stand-in of Stripe', () => {
  test('gives one page for one key, and refuses the key for another', async () => {
    const options = { idempotencyKey: 'one' };
    const [first, second] = [
      await sdk.checkout.sessions.create(asked, options),
      await sdk.checkout.sessions.create(asked, options),
    ];
    expect(second.id).toBe(first.id);
    await expect(
      sdk.checkout.sessions.create({ ...asked, cancel_url: 'https://other.example/' }, options),
    ).rejects.toMatchObject({
      type: 'StripeIdempotencyError',
    });
  });

  test('refuses what Stripe does not know, and a key that is not its own', async () => {
    const strange = { ...asked, colour: 'red' } as never;
    await expect(sdk.checkout.sessions.create(strange)).rejects.toMatchObject({
      code: 'parameter_unknown',
      param: 'colour',
    });
    const { hostname, port } = new URL(stripe.url);
    const other = new Stripe('sk_test_other', { host: hostname, port, protocol: 'http' });
    await expect(other.accounts.retrieveCurrent()).rejects.toMatchObject({ type: 'StripeAuthenticationError' });
  });

  test('has a page on which somebody pays, once', async () => {
    const { id, url } = await sdk.checkout.sessions.create(asked);
    const page = await (await fetch(String(url))).text();
    expect(page).toContain('Pay €119.00 by card');

    const press = () =>
      fetch(String(url), { method: 'POST', body: new URLSearchParams({ how: 'card' }), redirect: 'manual' });
    expect((await press()).headers.get('location')).toBe(asked.success_url);
    await press();

    const { payment_intent: intent } = stripe.bank.shapeOf(stripe.bank.session(id));
    expect(await sdk.paymentIntents.retrieve(String(intent))).toMatchObject({
      status: 'succeeded',
      amount_received: 11_900,
    });
    expect(stripe.bank.events.filter(({ data }) => (data.object as { id: string }).id === id)).toHaveLength(1);
  });

  test('lists events by pages, the newest first', async () => {
    stripe.bank.tell('customer.created', { id: 'cus_1', object: 'customer' });
    const all = await sdk.events.list({ limit: 1, types: ['checkout.session.completed', 'customer.created'] });
    expect(all).toMatchObject({ has_more: true, data: [{ type: 'customer.created' }] });
  });
});

const FIXTURES = specFile('stripe-2026-08-fixtures.json');

if (FIXTURES) {
  const { resources } = JSON.parse(readFileSync(FIXTURES, 'utf8')) as {
    resources: Record<string, Record<string, unknown>>;
  };
  /** Fields of Stripe's examples that objects which were made in this way never have. */
  const NEVER: Readonly<Record<string, readonly string[]>> = {
    'checkout.session': ['ui_mode'],
    payment_intent: ['source', 'managed_payments'],
    charge: ['source', 'refunds'],
  };

  describe('its objects', () => {
    test('have the fields that Stripe’s own examples have, of their kinds', async () => {
      const { id } = await sdk.checkout.sessions.create(asked);
      const open = stripe.bank.shapeOf(stripe.bank.session(id));
      const intent = stripe.bank.pay(id);
      const refund = stripe.bank.refund(intent.id, 100);
      const dispute = stripe.bank.dispute(intent.id);
      const shapes = {
        'checkout.session': open,
        payment_intent: stripe.bank.intentShape(intent.id),
        refund: refundShape(refund),
        charge: chargeShape(intent, 100),
        dispute: disputeShape(dispute),
        event: stripe.bank.events.at(-1) ?? {},
      };
      const faults = Object.entries(shapes).flatMap(([name, shape]) =>
        faultsOf(name, shape as Record<string, unknown>),
      );
      expect(faults).toEqual([]);
      const account = accountShape('acct_1', 'Northwind Studio');
      expect(Object.keys(account).filter((key) => !(key in (resources.account ?? {})))).toEqual([]);
    });

    test('that have another form would be noticed', () => {
      expect(faultsOf('refund', { ...resources.refund, amount: '100', colour: 'red' })).toEqual([
        'refund.amount is a string',
        'refund.colour is none of Stripe’s',
      ]);
    });
  });

  /** What is missing, what is not Stripe's, and what is of another kind than in the example; null stands for any. */
  function faultsOf(name: string, shape: Record<string, unknown>): string[] {
    const example = resources[name] ?? {};
    const never = NEVER[name] ?? [];
    const missing = Object.keys(example).filter((key) => !(key in shape) && !never.includes(key));
    return [
      ...missing.map((key) => `${name}.${key} is missing`),
      ...Object.entries(shape).flatMap(([key, value]) => {
        if (never.includes(key)) return [];
        if (!(key in example)) return [`${name}.${key} is none of Stripe’s`];
        const is = example[key];
        const differ = is !== null && value !== null && typeof is !== typeof value;
        return differ ? [`${name}.${key} is a ${typeof value}`] : [];
      }),
    ];
  }
}
