import type { Examples, Made } from '../../testing/examples.ts';

const on =
  (name: string, typed: Made = {}) =>
  (made: Made): Made => ({ ...typed, payment: made[name] ?? '' });
const AT = '2026-11-02T10:00:00.000Z';
const LATER = '2999-01-01T00:00:00.000Z';

export const examples: Examples = {
  make: async ({ client, mark, firm, owner, run }) => {
    // The firm has an account that takes payments: else nothing can be paid online.
    await owner(
      `insert into connection (tenant_id, id, tool, account) values ($1, gen_random_uuid(), 'stripe', $2) on conflict do nothing`,
      [firm.tenantId, `acct_${firm.tenantId}`],
    );
    const invoiced = async () => {
      const drafted = await run('admin', 'invoice.draft', {
        ...{ client: client.id, project: client.project, currency: 'EUR', title: `Shop of ${mark}` },
        ...{ quantity: '2', price: '600.00', vat: '19', text: `Checkout for ${mark}` },
      });
      return run('admin', 'invoice.issue', { invoice: drafted.invoice, version: drafted.version });
    };
    const asked = async () => {
      const { invoice } = await invoiced();
      const { payment } = await run('approver', 'invoice.pay', { invoice, amount: '100.00' });
      return { invoice, payment } as { invoice: string; payment: string };
    };
    const [open, bare, paid, kept] = [await asked(), await asked(), await asked(), await asked()];
    const link = { url: 'https://pay.example/1', expires: LATER };
    await run('connector', 'payment.note-link', { payment: open.payment, ...link });
    const money = { currency: 'EUR', at: AT };
    await run('connector', 'payment.receive', { payment: paid.payment, amount: 10_000, ...money });
    // Less than was asked for came by it: the firm says whether that is recorded.
    await run('connector', 'payment.receive', { payment: kept.payment, amount: 9_000, ...money });
    return { invoice: open.invoice, payment: open.payment, bare: bare.payment, paid: paid.payment, kept: kept.payment };
  },
  more: {
    'invoice.pay': { input: { amount: '50.00' } },
    'payment.note-link': { input: on('bare', { url: 'https://pay.example/2', expires: LATER }) },
    'payment.receive': { input: { amount: '10000', currency: 'EUR', at: AT } },
    'payment.fail': { input: { reason: 'the bank did not pay' } },
    'payment.note-refund': { input: on('paid', { refund: 're_1', amount: '5000', at: AT, outcome: 'done' }) },
    'payment.note-dispute': {
      input: on('paid', { dispute: 'dp_1', amount: '5000', reason: 'fraudulent', state: 'open' }),
    },
    'payment.record': { input: on('kept') },
    'payment.close': { input: on('kept', { reason: 'Paid back by hand' }) },
    'payment.withdraw-above': { input: { due: '0' } },
  },
};
