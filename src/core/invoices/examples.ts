import type { Examples, Made } from '../../testing/examples.ts';
import { markOf } from './seen.ts';

/** What is typed where nothing is proposed. */
const TYPED = { quantity: '2', price: '600.00', vat: '19' };

const HOURS = { price: '95.00', vat: '19', unsigned: 'yes' };

/** One of the others in place of the invoice that is to be paid. */
const on =
  (name: string, typed: Made = {}) =>
  (made: Made): Made => ({ ...typed, invoice: made[name] ?? '' });

/** Each of the examples bills a month of its own, because a project has one of each. */
let months = 0;

function nextMonth(): string {
  months += 1;
  return new Date(Date.UTC(1700, months, 1)).toISOString().slice(0, 7);
}

export const examples: Examples = {
  make: async ({ client, firm, mark, owner, run }) => {
    const place = { client: client.id, project: client.project, currency: 'EUR' };
    const line = { ...TYPED, text: `Checkout for ${mark}` };
    // What an e-invoice needs. The firm is everybody's, and bears no mark.
    const seenOf = async (whose: string | null) => {
      const [row] = (await owner(
        'select version, by_name as "byName", updated_at as at from billing_party where tenant_id = $1 and client_id is not distinct from $2',
        [firm.tenantId, whose],
      )) as unknown as Parameters<typeof markOf>[1][];
      return { seen: markOf(whose ?? firm.tenantId, row ?? null) };
    };
    const seller = { name: 'Northwind Studio', country: 'DE', taxId: 'DE123456789' };
    await run('admin', 'invoice.set-seller', { ...seller, ...(await seenOf(null)) });
    const buyer = { client: client.id, name: `Company of ${mark}`, country: 'DE' };
    await run('admin', 'invoice.set-buyer', { ...buyer, ...(await seenOf(client.id)) });
    // A month that no invoice bills.
    const worked = (month: string) => ({
      project: client.project,
      time: '2h',
      note: `For ${mark}`,
      day: `${month}-12`,
    });
    const { period } = await run('admin', 'hours.log', worked(nextMonth()));
    const drafted = () => run('admin', 'invoice.draft', { ...place, ...line, title: `Shop of ${mark}` });
    const issued = async () => {
      const { invoice, version } = await drafted();
      return run('admin', 'invoice.issue', { invoice, version });
    };
    const paid = async (amount: string) => {
      const { invoice, version } = await issued();
      return run('admin', 'invoice.record-payment', { invoice, version, amount, day: '2026-11-02' });
    };
    const [draft, open, partly, owed] = [await drafted(), await issued(), await paid('100.00'), await paid('1428.00')];
    const credit = { invoice: owed.invoice, version: owed.version, amount: '50.00', reason: 'A part was late' };
    await run('admin', 'invoice.credit', credit);
    // Due before the world of the examples began.
    const over = await drafted();
    const [{ seq }] = (await owner('select seq from invoice where id = $1', [over.invoice])) as [{ seq: number }];
    await owner(
      `update invoice set status = 'open', number = $2, year = 2025, serial = $3, issued_on = '2025-12-20', issued_at = '2025-12-20',
        issued_by_name = 'Ada', due_on = '2026-01-05', look_at = '2026-01-06' where id = $1`,
      [over.invoice, `2025-X${seq}`, 100_000 + seq],
    );
    const offer = await run('admin', 'quote.draft', { ...place, ...line, title: `Shop of ${mark}` });
    const terms = { title: `Shop of ${mark}`, expiresOn: '2999-12-31', deposit: '30 %' };
    const set = await run('admin', 'quote.set-terms', { quote: offer.quote, version: offer.version, ...terms });
    const { quote, hash } = await run('admin', 'quote.send', { quote: offer.quote, version: set.version });
    await run('approver', 'quote.accept', { quote, hash, take: 'none' });
    const made = { invoice: open.invoice, draft: draft.invoice, partly: partly.invoice, owed: owed.invoice, quote };
    await run('admin', 'invoice.reply', { invoice: open.invoice, body: `By transfer, ${mark}.` });
    const [message] = await owner('select id from message where invoice_id = $1', [open.invoice]);
    const more = { payment: partly.payment, over: over.invoice, period, message: message?.id };
    return { ...made, ...more } as Record<string, string>;
  },
  more: {
    'invoice.draft': { input: { ...TYPED, currency: 'EUR', title: 'Another shop', text: 'Checkout' } },
    'invoice.bill-quote': { input: { what: 'acceptance' } },
    'invoice.bill-hours': { input: { ...HOURS, currency: 'EUR' } },
    'invoice.add-hours': { input: on('draft', HOURS) },
    'invoice.set-rate': { input: { price: '95.00', vat: '19', currency: 'EUR' } },
    'invoice.issue': { input: on('draft') },
    'invoice.record-refund': { input: on('owed', { amount: '20.00' }) },
    'invoice.add-line': { input: on('draft', { ...TYPED, text: 'Training' }) },
    'invoice.change-line': { input: on('draft', { line: '1', price: '650.00' }) },
    'invoice.remove-line': { input: on('draft', { line: '1' }) },
    'invoice.set-terms': { input: on('draft', { title: 'The shop' }) },
    'invoice.credit': { input: { amount: '10.00' } },
    'invoice.statement': { input: { period: 'year' } },
    'invoice.undo-payment': { input: on('partly') },
    'invoice.remind': { input: on('over') },
    'invoice.note-overdue': { input: on('over') },
  },
};
