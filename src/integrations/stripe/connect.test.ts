import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { egressOf } from '../../core/kernel/egress.ts';
import { connectProven } from '../../core/kernel/proven.ts';
import type { StripeStandIn } from '../../simulator/stripe/index.ts';
import type { TestApp } from '../../testing/app.ts';
import { testApp } from '../../testing/app.ts';
import type { OwnerQuery } from '../../testing/database.ts';
import { asOwner } from '../../testing/database.ts';
import type { TestFirm } from '../../testing/firm.ts';
import { as, makeFirm } from '../../testing/firm.ts';
import { KEY, SECRET, stripeFor } from '../../testing/stripe-hub.ts';
import { proveAccount } from './prove.ts';

let app: TestApp;
let firms: { ours: TestFirm; theirs: TestFirm };
let accounts: { first: StripeStandIn; second: StripeStandIn };
let query: OwnerQuery;

beforeAll(async () => {
  app = await testApp();
  firms = { ours: await makeFirm(app.database), theirs: await makeFirm(app.database, 'Southwind') };
  accounts = { first: await stripeFor(app, 'acct_1First'), second: await stripeFor(app, 'acct_1Second') };
  query = asOwner(app.database);
});
afterAll(async () => {
  await accounts?.first.stop();
  await accounts?.second.stop();
  await app?.close();
});

const prove = (stripe: StripeStandIn, typed: { key?: string; webhookSecret?: string } = {}, before: unknown = null) =>
  proveAccount(
    { key: KEY, ...typed },
    {
      ...{ clock: app.clock, publicUrl: 'https://parley.example', egress: egressOf([]), api: stripe.url },
      credentialsOf: async () => before,
    },
  );

async function connect(firm: TestFirm, stripe: StripeStandIn): Promise<{ id: string; isNew: boolean }> {
  const { account, name, credentials } = await prove(stripe, { webhookSecret: SECRET });
  const who = as(firm, firm.admin) as Parameters<typeof connectProven>[1];
  return connectProven(app, who, { tool: 'stripe', account, name, credentials }, crypto.randomUUID());
}

describe('an account of Stripe', () => {
  test('is proven by a call that works, and where its webhook leads is said with the events to select', async () => {
    const proof = await prove(accounts.first);

    expect(proof).toMatchObject({
      account: 'acct_1First',
      name: 'Northwind Studio',
      credentials: { webhookSecret: null },
    });
    const told = JSON.stringify(proof.told);
    expect(told).toContain('https://parley.example/webhooks/stripe/acct_1First');
    expect(told).toContain('checkout.session.async_payment_succeeded');
    expect(told).not.toContain(KEY);
  });

  test('keeps the secret of its webhook when only the key is typed anew', async () => {
    const before = { account: 'acct_1First', key: KEY, webhookSecret: SECRET };
    expect(await prove(accounts.first, {}, before)).toMatchObject({ credentials: { webhookSecret: SECRET } });
  });

  test('whose key may not do what is needed is refused beside the field', async () => {
    accounts.first.failNext('sessions', { status: 403 });
    await expect(prove(accounts.first)).rejects.toMatchObject({
      detail: { fields: { key: expect.stringContaining('permissions') } },
    });
  });

  test('belongs to one firm, and a firm has one', async () => {
    const { ours, theirs } = firms;
    expect(await connect(ours, accounts.first)).toMatchObject({ isNew: true });

    await expect(connect(theirs, accounts.first)).rejects.toMatchObject({
      say: expect.stringContaining('connected by another firm'),
    });
    await expect(connect(ours, accounts.second)).rejects.toMatchObject({
      say: expect.stringContaining('money comes to one account'),
    });
    expect(await connect(ours, accounts.first)).toMatchObject({ isNew: false });
    expect(await connect(theirs, accounts.second)).toMatchObject({ isNew: true });
  });

  test('is one for each firm by the database as well', async () => {
    const insert = 'insert into connection (tenant_id, id, tool, account) values ($1, gen_random_uuid(), $2, $3)';
    await expect(query(insert, [firms.ours.tenantId, 'stripe', 'acct_1Third'])).rejects.toThrow(
      'connection_one_that_pays',
    );
  });

  test('has its key and secret nowhere but sealed', async () => {
    const rows = await query(
      `select to_jsonb(c)::text as row from connection c union all select encode(sealed, 'escape') from credentials
        union all select to_jsonb(e)::text from event e union all select to_jsonb(a)::text from audit a`,
      [],
    );
    const all = JSON.stringify(rows);
    expect(rows.length).toBeGreaterThan(2);
    expect(all).not.toContain(KEY);
    expect(all).not.toContain(SECRET);
  });
});
