import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { showView } from '../../core/kernel/registry.ts';
import { signed } from '../../simulator/stripe/webhooks.ts';
import { as } from '../../testing/firm.ts';
import type { StripeHub } from '../../testing/stripe-hub.ts';
import { SECRET, startStripeHub } from '../../testing/stripe-hub.ts';

let hub: StripeHub;

beforeAll(async () => {
  hub = await startStripeHub();
});
afterAll(() => hub?.close());
beforeEach(() => hub.settle());

const { stringify } = JSON;
const invoiceAt = (id: string) => hub.invoice(id);
/** An invoice with a link that was made. */
async function linked(more: Parameters<StripeHub['invoiced']>[0] = {}, amount?: string) {
  const { invoice } = await hub.invoiced(more);
  const payment = await hub.asked(invoice, amount);
  await hub.settle();
  return { invoice, payment };
}
/** The same, paid by card. */
async function paid(more: Parameters<StripeHub['invoiced']>[0] = {}, amount?: string) {
  const made = await linked(more, amount);
  const intent = hub.stripe.bank.pay(hub.pageOf(made.payment));
  await hub.settle();
  return { ...made, intent };
}
const entriesOf = (invoice: string) =>
  hub.query(
    `select kind, amount::int, by_name from invoice_entry where invoice_id = $1 and kind <> 'issued' order by at, id`,
    [invoice],
  );
const toldOf = async (payment: string) =>
  (await hub.query('select name from event where entity_id = $1 order by seq', [payment])).map(({ name }) => name);
const lastDelivery = async () =>
  (await hub.query('select kind, status, outcome from inbox order by seq desc limit 1'))[0];
const cardFor = (person: string, payment: string) =>
  showView(hub.app, as(hub.firm, person), { target: 'payment.show', input: { payment } });
/** Sends a webhook with one's own body, signed with the right secret or another. */
async function post(event: object, secret = SECRET, late = 0): Promise<number> {
  const now = () => hub.app.clock.now().getTime() - late;
  const body = stringify(event);
  const headers = { 'stripe-signature': signed(body, { secret, now }) };
  return (await fetch(`${hub.url}/webhooks/stripe/${hub.stripe.account}`, { method: 'POST', body, headers })).status;
}

describe('“Pay”', () => {
  test('gives a link as soon as it is made, and what is paid by it settles the invoice', async () => {
    const { invoice, payment } = await linked();
    const { acme } = hub.firm;
    expect(await cardFor(acme.approver, payment)).toMatchObject({
      status: 'To be paid',
      actions: [
        { kind: 'link', label: 'Pay €119.00', url: expect.stringContaining('/c/pay/') },
        { label: expect.stringMatching(/^Open/) },
      ],
    });

    hub.stripe.bank.pay(hub.pageOf(payment));
    await hub.settle();

    expect(await invoiceAt(invoice)).toMatchObject({ status: 'paid', look_at: null });
    expect(await entriesOf(invoice)).toEqual([{ kind: 'payment', amount: -11_900, by_name: 'stripe' }]);
    expect(await hub.payment(payment)).toMatchObject({ status: 'paid', loose: false });
    expect((await cardFor(acme.approver, payment)).status).toBe('Paid');
  });

  test('by whoever is faster than the link leads to where it is looked for again', async () => {
    const { invoice } = await hub.invoiced();
    const payment = await hub.asked(invoice);
    const early = await cardFor(hub.firm.acme.approver, payment);
    await hub.settle();

    const again = { label: 'Look again', press: { target: 'payment.show', input: { payment } } };
    expect(early.actions).toContainEqual(expect.objectContaining(again));
    expect((await cardFor(hub.firm.acme.approver, payment)).actions).not.toContainEqual(
      expect.objectContaining({ label: 'Look again' }),
    );
  });

  test('of a part leaves the rest, in as many payments as somebody likes', async () => {
    const { invoice } = await paid({}, '19.00');
    expect(await invoiceAt(invoice)).toMatchObject({ status: 'partly_paid' });

    const rest = await hub.asked(invoice);
    await hub.settle();
    hub.stripe.bank.pay(hub.pageOf(rest));
    await hub.settle();

    expect(await invoiceAt(invoice)).toMatchObject({ status: 'paid' });
    expect(await entriesOf(invoice)).toHaveLength(2);
  });

  test.each([
    ['119.01', /more than the €119.00 that is due/],
    ['0', /more than 0/],
    ['-5', /more than 0/],
    ['1,000', /more than one way/],
  ])('of %s is refused beside the field', async (amount, why) => {
    const { invoice } = await hub.invoiced();
    await expect(hub.asked(invoice, amount)).rejects.toMatchObject({
      detail: { fields: { amount: expect.stringMatching(why) } },
    });
  });

  test('twice gives one link, to whoever of the client asks', async () => {
    const { invoice, payment } = await linked();
    const again = await hub.asked(invoice);
    const other = (await hub.run(hub.firm.acme.clientAdmin, 'invoice.pay', { invoice, amount: '119.00' })) as {
      payment: string;
    };
    await hub.settle();

    expect([again, other.payment]).toEqual([payment, payment]);
    expect(await toldOf(payment)).toEqual([
      'payment.asked',
      'payment.linked',
      'payment.link-wanted',
      'payment.link-wanted',
    ]);
  });

  test('is for the client alone, who may read billing', async () => {
    const { invoice } = await hub.invoiced();
    const { admin, acme, globex } = hub.firm;
    for (const person of [admin, acme.viewer, acme.feedback, globex.clientAdmin])
      await expect(hub.run(person, 'invoice.pay', { invoice, amount: '1.00' })).rejects.toMatchObject({
        code: expect.stringMatching(/forbidden|not_found/),
      });
  });

  test('is offered where the firm has an account that takes payments, and nowhere else', async () => {
    const { invoice } = await hub.invoiced();
    const labels = async () => {
      const card = await showView(hub.app, as(hub.firm, hub.firm.acme.approver), {
        target: 'invoice.show',
        input: { invoice },
      });
      return card.actions.map(({ label }) => label);
    };
    expect(await labels()).toContain('Pay…');
    await hub.query(`update connection set status = 'broken' where tool = 'stripe'`);
    try {
      expect(await labels()).not.toContain('Pay…');
      await expect(hub.asked(invoice)).rejects.toMatchObject({
        say: expect.stringContaining('cannot be paid online now'),
      });
    } finally {
      await hub.query(`update connection set status = 'active' where tool = 'stripe'`);
    }
  });

  test('asks Stripe for exactly that, at the pinned version, under a key of its own', async () => {
    const { payment } = await linked();
    const call = hub.stripe.calls.findLast(({ route }) => route === 'create');
    expect(call).toMatchObject({
      version: '2026-10-28.endive',
      key: `parley-payment-${payment}`,
      body: {
        mode: 'payment',
        client_reference_id: payment,
        line_items: [{ quantity: '1', price_data: { currency: 'eur', unit_amount: '11900' } }],
        payment_intent_data: { metadata: { parley_payment: payment } },
      },
    });
  });

  test('of what Stripe never takes ends, and who asked is told why', async () => {
    hub.stripe.failNext('create', { status: 400, code: 'amount_too_small' });
    const { invoice } = await hub.invoiced();
    const payment = await hub.asked(invoice, '0.01');
    await hub.settle();

    expect(await hub.payment(payment)).toMatchObject({
      status: 'failed',
      reason: 'it is less than can be paid online',
    });
  });
});

describe('money in other units', () => {
  test.each([
    ['JPY', '5000', '0', '5000', 5000, 5000],
    ['KWD', '5.120', '0', '5.120', 5120, 5120],
    ['ISK', '700', '0', '700', 70_000, 700],
  ])('of %s %s comes as Stripe counts it', async (currency, price, vat, amount, atStripe, ours) => {
    const { invoice, payment } = await linked({ currency, price, vat }, amount);
    expect(hub.stripe.bank.session(hub.pageOf(payment)).amount).toBe(atStripe);

    hub.stripe.bank.pay(hub.pageOf(payment));
    await hub.settle();

    expect(await entriesOf(invoice)).toMatchObject([{ kind: 'payment', amount: -ours }]);
    expect(await invoiceAt(invoice)).toMatchObject({ status: 'paid' });
  });

  test('that Stripe does not take to the last digit are asked for otherwise', async () => {
    const { payment } = await linked({ currency: 'KWD', price: '5.124', vat: '0' }, '5.124');
    expect(await hub.payment(payment)).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('to the hundredth'),
    });
  });
});

describe('money that the invoice does not take', () => {
  test('because it was paid by two pages is kept, and shown to the firm', async () => {
    const { invoice } = await hub.invoiced();
    const all = await hub.asked(invoice);
    const part = await hub.asked(invoice, '100.00');
    await hub.settle();
    // Both were open in the browser before either was paid.
    hub.stripe.webhooks.hold();
    hub.stripe.bank.pay(hub.pageOf(all));
    hub.stripe.bank.pay(hub.pageOf(part));
    hub.stripe.webhooks.release();
    await hub.settle();

    expect(await invoiceAt(invoice)).toMatchObject({ status: 'paid', paid: expect.anything() });
    expect(await entriesOf(invoice)).toHaveLength(1);
    expect(await hub.payment(part)).toMatchObject({
      status: 'kept',
      loose: true,
      reason: expect.stringContaining('is paid'),
    });
    const { admin, acme } = hub.firm;
    expect(stringify(await cardFor(admin, part))).toContain('could not be recorded');
    expect(stringify(await cardFor(acme.approver, part))).not.toContain('could not be recorded');
  });

  test('because it is void is kept, and closed when it was paid back', async () => {
    const { invoice, payment } = await linked();
    hub.stripe.webhooks.hold();
    const intent = hub.stripe.bank.pay(hub.pageOf(payment));
    const { version } = await invoiceAt(invoice);
    await hub.run(hub.firm.admin, 'invoice.void', { invoice, version, reason: 'A mistake' });
    hub.stripe.webhooks.release();
    await hub.settle();
    expect(await hub.payment(payment)).toMatchObject({ status: 'kept', reason: expect.stringContaining('is void') });
    expect(await toldOf(payment)).toContain('payment.kept');

    hub.stripe.bank.refund(intent.id, 11_900);
    await hub.settle();

    expect(await hub.payment(payment)).toMatchObject({ status: 'closed', loose: false });
    expect(await entriesOf(invoice)).toMatchObject([{ kind: 'void' }]);
  });

  test.each([
    ['another amount', { amount: 100 }, '€1.00 came, and €119.00 was asked for'],
    ['another currency', { currency: 'usd' }, '$119.00 came, and €119.00 was asked for'],
  ])('because it is %s is kept', async (_, other, reason) => {
    const { invoice, payment } = await linked();
    Object.assign(hub.stripe.bank.session(hub.pageOf(payment)), other);
    hub.stripe.bank.pay(hub.pageOf(payment));
    await hub.settle();

    expect(await hub.payment(payment)).toMatchObject({ status: 'kept', reason });
    expect(await entriesOf(invoice)).toEqual([]);
  });

  test('is recorded by the firm once the invoice takes it, and not before', async () => {
    const { invoice, version } = await hub.invoiced();
    const payment = await hub.asked(invoice);
    await hub.settle();
    hub.stripe.webhooks.hold();
    hub.stripe.bank.pay(hub.pageOf(payment));
    const { admin } = hub.firm;
    const byHand = { invoice, version, amount: '119.00', day: '2026-01-01' };
    const { payment: entry } = (await hub.run(admin, 'invoice.record-payment', byHand)) as { payment: string };
    hub.stripe.webhooks.release();
    await hub.settle();
    const record = async () =>
      hub.run(admin, 'payment.record', { payment, version: (await hub.payment(payment)).version });
    await expect(record()).rejects.toMatchObject({ say: expect.stringContaining('still cannot be recorded') });

    const now = (await invoiceAt(invoice)).version;
    await hub.run(admin, 'invoice.undo-payment', { invoice, version: now, payment: entry, reason: 'It came online' });
    await record();

    expect(await hub.payment(payment)).toMatchObject({ status: 'paid', loose: false });
    expect(await invoiceAt(invoice)).toMatchObject({ status: 'paid' });
  });
});

describe('links by which more could be paid than is due', () => {
  test('end when the rest was paid otherwise, also in Stripe', async () => {
    const { invoice, version } = await hub.invoiced();
    const payment = await hub.asked(invoice);
    const part = await hub.asked(invoice, '19.00');
    await hub.settle();

    const byHand = { invoice, version, amount: '100.00', day: '2026-01-01' };
    await hub.run(hub.firm.admin, 'invoice.record-payment', byHand);
    await hub.settle();

    expect(await hub.payment(payment)).toMatchObject({ status: 'withdrawn' });
    expect(hub.stripe.bank.session(hub.pageOf(payment)).status).toBe('expired');
    expect(await hub.payment(part)).toMatchObject({ status: 'open' });
  });

  test('that nobody used end by themselves, and a new one is made', async () => {
    const { invoice, payment } = await linked();
    hub.stripe.bank.expire(hub.pageOf(payment));
    await hub.settle();
    expect(await hub.payment(payment)).toMatchObject({ status: 'expired' });

    expect(await hub.asked(invoice)).not.toBe(payment);
  });
});

describe('a payment from a bank', () => {
  test('is on its way until the bank has paid', async () => {
    const { invoice, payment } = await linked();
    hub.stripe.bank.pay(hub.pageOf(payment), 'bank');
    await hub.settle();
    expect(await hub.payment(payment)).toMatchObject({ status: 'processing' });
    expect(await invoiceAt(invoice)).toMatchObject({ status: 'open' });

    hub.stripe.bank.clear(hub.pageOf(payment));
    await hub.settle();
    expect(await invoiceAt(invoice)).toMatchObject({ status: 'paid' });
  });

  test('that the bank does not make is told to who asked and to the firm', async () => {
    const { invoice, payment } = await linked();
    hub.stripe.bank.pay(hub.pageOf(payment), 'bank');
    hub.stripe.bank.clear(hub.pageOf(payment), false);
    await hub.settle();

    expect(await hub.payment(payment)).toMatchObject({ status: 'failed' });
    expect(await toldOf(payment)).toContain('payment.failed');
    expect(await invoiceAt(invoice)).toMatchObject({ status: 'open' });
  });
});

describe('a refund', () => {
  test('after a credit note is recorded once, however often and in whatever order Stripe tells', async () => {
    const { invoice, payment, intent } = await paid();
    const { version } = await invoiceAt(invoice);
    await hub.run(hub.firm.admin, 'invoice.credit', { invoice, version, amount: '19.00', reason: 'A part was late' });
    hub.stripe.webhooks.hold();
    hub.stripe.bank.refund(intent.id, 1_900);
    hub.stripe.webhooks.release((waiting) => waiting.reverse());
    await hub.settle();
    hub.stripe.webhooks.resend(2);
    await hub.settle();

    expect(await entriesOf(invoice)).toMatchObject([
      { kind: 'payment' },
      { kind: 'credit' },
      { kind: 'refund', amount: 1_900 },
    ]);
    expect(await hub.payment(payment)).toMatchObject({ loose: false, refunds: [{ amount: 1_900, state: 'recorded' }] });
  });

  test('that nothing is owed for is shown to the firm, and recorded after the credit note', async () => {
    const { invoice, payment, intent } = await paid();
    hub.stripe.bank.refund(intent.id, 5_000);
    await hub.settle();
    expect(await entriesOf(invoice)).toHaveLength(1);
    expect(await hub.payment(payment)).toMatchObject({ loose: true, refunds: [{ state: 'loose' }] });
    expect(await toldOf(payment)).toContain('payment.refund-loose');

    const { version } = await invoiceAt(invoice);
    const { admin } = hub.firm;
    await hub.run(admin, 'invoice.credit', { invoice, version, amount: '50.00', reason: 'A part was late' });
    await hub.run(admin, 'payment.record', { payment, version: (await hub.payment(payment)).version });

    expect(await hub.payment(payment)).toMatchObject({ loose: false, refunds: [{ state: 'recorded' }] });
    expect((await entriesOf(invoice)).map(({ kind }) => kind)).toEqual(['payment', 'credit', 'refund']);
  });

  test('that is on its way counts when it has arrived, and is told of when it does not', async () => {
    const { payment, intent } = await paid();
    const refund = hub.stripe.bank.refund(intent.id, 100, 'pending');
    await hub.settle();
    expect(await hub.payment(payment)).toMatchObject({ refunds: [] });

    hub.stripe.bank.answerRefund(refund.id, 'succeeded');
    await hub.settle();
    expect(await hub.payment(payment)).toMatchObject({ refunds: [{ state: 'loose' }] });

    hub.stripe.bank.answerRefund(refund.id, 'failed');
    await hub.settle();
    expect(await hub.payment(payment)).toMatchObject({ loose: false, refunds: [{ state: 'failed' }] });
  });

  test('that is told of before its payment has Stripe asked, and the payment is noted first', async () => {
    const { invoice, payment } = await linked();
    hub.stripe.webhooks.hold();
    const intent = hub.stripe.bank.pay(hub.pageOf(payment));
    hub.stripe.bank.refund(intent.id, 11_900);
    hub.stripe.webhooks.release((waiting) => waiting.reverse());
    await hub.settle();

    expect(await entriesOf(invoice)).toMatchObject([{ kind: 'payment', amount: -11_900 }]);
    expect(await hub.payment(payment)).toMatchObject({ status: 'paid', refunds: [{ amount: 11_900, state: 'loose' }] });
  });
});

test('a dispute is told to the firm, and how it ended', async () => {
  const { payment, intent } = await paid();
  const dispute = hub.stripe.bank.dispute(intent.id);
  await hub.settle();
  expect(await hub.payment(payment)).toMatchObject({ loose: true, dispute: { state: 'open', amount: 11_900 } });

  hub.stripe.webhooks.hold();
  hub.stripe.bank.endDispute(dispute.id, 'lost');
  hub.stripe.webhooks.release();
  hub.stripe.webhooks.resend(2);
  await hub.settle();

  expect(await hub.payment(payment)).toMatchObject({ loose: false, dispute: { state: 'lost' } });
  expect((await toldOf(payment)).filter((name) => name === 'payment.disputed')).toHaveLength(2);
  expect(stringify(await cardFor(hub.firm.acme.approver, payment))).not.toContain('dispute');
});

describe('a webhook', () => {
  const arrived = (payment: string, more: object = {}) => ({
    ...{ object: 'event', created: Math.floor(hub.app.clock.now().getTime() / 1000), livemode: false },
    ...{ id: `evt_${crypto.randomUUID().replaceAll('-', '')}`, type: 'checkout.session.completed' },
    data: {
      object: {
        ...{ id: 'cs_test_forged', object: 'checkout.session', client_reference_id: payment, payment_status: 'paid' },
        ...{ amount_total: 11_900, currency: 'eur', payment_intent: 'pi_forged', ...more },
      },
    },
  });

  test('that somebody else signed, or that is late, is not taken', async () => {
    const { payment } = await linked();
    expect(await post(arrived(payment), 'whsec_of_somebody_else')).toBe(401);
    expect(await post(arrived(payment), SECRET, 301_000)).toBe(401);
    expect(await hub.payment(payment)).toMatchObject({ status: 'open' });
  });

  test('of another page that names our payment changes nothing', async () => {
    const { payment } = await linked();
    expect(await post(arrived(payment))).toBe(200);
    await hub.settle();

    expect(await hub.payment(payment)).toMatchObject({ status: 'open' });
    expect(await lastDelivery()).toMatchObject({ status: 'applied', outcome: 'not one of ours' });
  });

  test.each([
    ['about real money where the key is for tests', { livemode: true }, 'about real money, and the key is for tests'],
    ['about another account', { account: 'acct_1Other' }, 'about another account of Stripe'],
  ])('%s is kept for people', async (_, more, outcome) => {
    const { payment } = await linked();
    await post({ ...arrived(payment), ...more });
    await hub.settle();

    expect(await lastDelivery()).toMatchObject({ status: 'quarantined', outcome });
    expect(await hub.payment(payment)).toMatchObject({ status: 'open' });
  });

  test('of the firm’s other business in Stripe is counted and left alone', async () => {
    const { bank } = hub.stripe;
    const foreign = bank.open({
      ...{ amount: 100, currency: 'eur', reference: 'order-17', metadata: {}, intentMetadata: {}, description: null },
      ...{ name: 'A book', adaptive: true, successUrl: 'https://shop.example/', cancelUrl: null },
    });
    const intent = bank.pay(foreign.id);
    bank.refund(intent.id, 100);
    bank.tell('customer.created', { id: 'cus_1', object: 'customer' });
    await hub.settle();

    const rows = await hub.query('select status, outcome from inbox order by seq desc limit 4');
    expect(rows.map(({ status }) => status)).toEqual(['applied', 'applied', 'applied', 'applied']);
  });
});
