import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { acting } from '../../testing/acting.ts';
import type { TestApp } from '../../testing/app.ts';
import { testApp } from '../../testing/app.ts';
import { asOwner } from '../../testing/database.ts';
import type { TestClient, TestFirm } from '../../testing/firm.ts';
import { as, makeFirm } from '../../testing/firm.ts';
import type { Who } from '../kernel/actor.ts';
import { buttonsOf } from '../kernel/card.ts';
import { withActor } from '../kernel/context.ts';
import type { EventRow } from '../kernel/event.ts';
import { eventOf } from '../kernel/event.ts';
import { readView, runCommand, showView } from '../kernel/registry.ts';
import { invoices } from './index.ts';
import { invoiceSchedule } from './schedule.ts';
import type { Balance, Invoice, ListedInvoice, StatementLine } from './schema.ts';

// Long, because all commands stand on one shared set-up: a database takes seconds to open.
interface Done {
  invoice: string;
  number: string | null;
  version: number;
  status: string;
  gross: number;
  due: number;
  payment: string;
  say: string;
}

let app: TestApp;
let firm: TestFirm;
let staff: Who;
let approver: Who;
let viewer: Who;
let clientAdmin: Who;
let system: Who;
let count = 0;

beforeAll(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
  staff = as(firm, firm.admin);
  approver = as(firm, firm.acme.approver, 'mail', 'email');
  viewer = as(firm, firm.acme.viewer);
  clientAdmin = as(firm, firm.acme.clientAdmin);
  system = { kind: 'system', tenantId: firm.tenantId, reason: 'test' };
  goTo('2026-11-26T12:00:00Z');
});
afterAll(() => app.close());

/** Sets the hub's clock; the tests of a file run in their order. */
function goTo(instant: string): void {
  app.clock.jump(Date.parse(instant) - app.clock.now().getTime());
}

const owner = (text: string, values: unknown[] = []) => asOwner(app.database)(text, values);

async function run(who: Who, name: string, input: Record<string, unknown>): Promise<Done> {
  return (await runCommand(app, who, { name, input, requestId: `test ${++count}` })).output as Done;
}

const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'was allowed',
    (error: { code: string; say: string; detail: { changes?: string[]; fields?: object } }) => error,
  );

const LINE = { text: 'Checkout', quantity: '1', price: '100.00', vat: '19' };

async function drafted(more: Record<string, unknown> = {}, client: TestClient = firm.acme): Promise<Done> {
  const place = { client: client.id, project: client.project };
  return run(staff, 'invoice.draft', { ...place, title: 'Shop', currency: 'EUR', ...LINE, ...more });
}

/** Of €119.00, unless something else is said. */
async function issued(more: Record<string, unknown> = {}, client: TestClient = firm.acme): Promise<Done> {
  const { invoice, version } = await drafted(more, client);
  return run(staff, 'invoice.issue', { invoice, version });
}

const pay = ({ invoice, version }: Done, amount: string, more: Record<string, unknown> = {}) =>
  run(staff, 'invoice.record-payment', { invoice, version, amount, day: '2026-11-25', ...more });
const credit = ({ invoice, version }: Done, amount: string) =>
  run(staff, 'invoice.credit', { invoice, version, amount, reason: 'A part was late' });
const makeVoid = ({ invoice, version }: Pick<Done, 'invoice' | 'version'>) =>
  run(staff, 'invoice.void', { invoice, version, reason: 'Billed twice' });
const show = (who: Who, { invoice }: Pick<Done, 'invoice'>) =>
  showView(app, who, { target: 'invoice.show', input: { invoice } });
const read = async (who: Who, { invoice }: Pick<Done, 'invoice'>) =>
  (await readView(app, who, { target: 'invoice.show', input: { invoice } })) as {
    invoice: Invoice;
    due: number;
    overdue: boolean;
    sums: { net: number; tax: number; gross: number };
  };
const eventsOf = async (id: string) =>
  (await owner('select name from event where entity_id = $1 order by seq', [id])).map(({ name }) => name);
const numbersOf = async (tenantId: string) =>
  (
    await owner('select number from invoice where tenant_id = $1 and number is not null order by serial', [tenantId])
  ).map(({ number }) => number);
/** What the entries of an invoice come to: what is owed by it. */
const owedBy = async (id: string) =>
  Number(
    (await owner('select coalesce(sum(amount), 0) as owed from invoice_entry where invoice_id = $1', [id]))[0]?.owed,
  );

/** Does what follows from the events about a thing, as the hub does after each. */
async function followUp(id: string): Promise<void> {
  const rows = (await owner('select * from event where entity_id = $1 order by seq', [id])) as unknown as EventRow[];
  for (const event of rows.map(eventOf))
    for (const { on, next } of invoices.reactions) {
      const request = on === event.name ? next(event) : null;
      if (request) await runCommand(app, system, { ...request, requestId: `${event.id}:${request.name}` });
    }
}

/** Runs what the clock asks for, as the hub does every few minutes. */
async function sweep(): Promise<void> {
  const rows = await owner('select id from parley_due_invoices($1) where tenant_id = $2', [
    app.clock.now(),
    firm.tenantId,
  ]);
  const ids = rows.map(({ id }) => String(id));
  const due = ids.length ? await withActor(app, system, (context) => invoiceSchedule.due(context, ids)) : [];
  for (const request of due) await runCommand(app, system, request);
}

describe('a draft', () => {
  test('is the firm’s alone: no contact sees it by its id, in a list, or with SQL of their own', async () => {
    const draft = await drafted();

    for (const who of [approver, viewer, clientAdmin]) {
      expect(await refusal(show(who, draft))).toMatchObject({ code: 'not_found' });
      expect(await acting(app, who, (attempt) => attempt('select id from invoice where number is null'))).toEqual([]);
      for (const text of ['select last from invoice_counter', 'select parley_next_invoice(2026)'])
        await expect(acting(app, who, (attempt) => attempt(text))).rejects.toMatchObject({ code: 'forbidden' });
    }
  });

  test('is refused beside the field, in a currency that is none and with amounts that cannot be', async () => {
    expect(await refusal(drafted({ currency: 'DEM' }))).toMatchObject({
      detail: { fields: { currency: expect.any(String) } },
    });
    expect(await refusal(drafted({ quantity: '-3', price: '1e9' }))).toMatchObject({
      detail: { fields: { quantity: 'is more than 0', price: 'is not a number; write it like 1200.50' } },
    });
    expect(await refusal(drafted({ quantity: '1000000', price: '99999999' }))).toMatchObject({
      detail: { fields: { price: 'comes, with this quantity, to more than can be written here' } },
    });
    expect(await refusal(drafted({ currency: 'JPY', price: '100.50' }))).toMatchObject({
      detail: { fields: { price: 'JPY has no digits behind the point' } },
    });
  });

  test('is written line by line, and says what changed to whoever presses on an old card', async () => {
    const { invoice, version } = await drafted();
    const added = await run(staff, 'invoice.add-line', { invoice, version, ...LINE, text: 'Photos', quantity: '2.5' });
    await run(staff, 'invoice.change-line', { invoice, version: added.version, line: 2, ...LINE, text: 'Pictures' });

    const stale = await refusal(run(staff, 'invoice.remove-line', { invoice, version, line: 1 }));

    expect(stale).toMatchObject({ code: 'stale' });
    expect(JSON.stringify(stale)).toContain(
      'Line 2: Photos, 2.5 × €100.00 = €250.00 · 19 % → Pictures, €100.00 · 19 %',
    );
    expect((await read(staff, { invoice })).sums).toMatchObject({ net: 20_000, tax: 3_800, gross: 23_800 });
  });

  test('without lines, of less than nothing, or due on a day that is over is not issued, and takes no number', async () => {
    const before = await numbersOf(firm.tenantId);
    const empty = await drafted();
    const bare = await run(staff, 'invoice.remove-line', { invoice: empty.invoice, version: empty.version, line: 1 });
    const less = await drafted({ price: '-1' });
    const late = await drafted();
    const set = { invoice: late.invoice, version: late.version, title: 'Shop', dueOn: '2026-11-25' };
    const over = await run(staff, 'invoice.set-terms', set);

    for (const [{ invoice, version }, say] of [
      [bare, 'It has no lines yet'],
      [less, 'It comes to less than nothing'],
      [over, '25 Nov 2026 is over'],
    ] as const)
      expect(await refusal(run(staff, 'invoice.issue', { invoice, version }))).toMatchObject({
        ...{ code: 'conflict', say: expect.stringContaining(say) },
      });
    expect(await numbersOf(firm.tenantId)).toEqual(before);
  });

  test('that is discarded leaves no number, and the client hears nothing of it', async () => {
    const draft = await drafted();
    const { status, number } = await makeVoid(draft);

    expect([status, number]).toEqual(['void', null]);
    const [row] = (await owner(`select * from event where entity_id = $1 and name = 'invoice.voided'`, [
      draft.invoice,
    ])) as unknown as EventRow[];
    const told = invoices.announcements
      .filter(({ on }) => on === 'invoice.voided')
      .flatMap(({ audience }) => (row ? audience(eventOf(row)) : []));
    expect(told).toEqual([{ audience: 'internal' }]);
    expect(await refusal(show(approver, draft))).toMatchObject({ code: 'not_found' });
  });
});

describe('issuing', () => {
  test('numbers the invoices of a firm and year one after the other, each firm by itself', async () => {
    const before = (await numbersOf(firm.tenantId)).length;
    const numbers = [(await issued()).number, (await issued()).number, (await credit(await issued(), '1.00')).number];
    const rival = await makeFirm(app.database, 'Rival & Sons');
    const theirs = await run(as(rival, rival.admin), 'invoice.draft', {
      ...{ client: rival.acme.id, title: 'Theirs', currency: 'KWD', ...LINE, price: '1.125' },
    });
    const other = await run(as(rival, rival.admin), 'invoice.issue', { invoice: theirs.invoice, version: 1 });

    expect(numbers).toEqual([1, 2, 3].map((more) => `2026-${String(before + more).padStart(4, '0')}`));
    // The credit note has the number behind the invoice that it is about.
    expect(await numbersOf(firm.tenantId)).toHaveLength(before + 4);
    expect([other.number, other.gross]).toEqual(['2026-0001', 1_339]);
  });

  test('counts each year anew, by the firm’s calendar', async () => {
    // Berlin is in the new year, and New York and UTC are not.
    goTo('2026-12-31T23:30:00Z');
    const first = await issued();
    goTo('2026-11-26T12:00:00Z');
    const old = await issued();

    expect(first.number).toBe('2027-0001');
    expect(old.number).toMatch(/^2026-/);
    expect((await read(staff, first)).invoice.state).toMatchObject({ issued: { on: '2027-01-01' } });
  });

  test('shows the client what is due, without anything to press that is the firm’s', async () => {
    const open = await issued();
    const card = await show(approver, open);

    expect(card.title).toBe(`Invoice ${open.number} Shop`);
    expect(JSON.stringify(card)).toContain('€119.00 is to be paid by the end of 10 Dec 2026 (America/New_York).');
    expect(buttonsOf(card).map(({ label }) => label)).toEqual(['PDF', 'Reply…', 'Statement']);
    for (const who of [viewer, as(firm, firm.acme.feedback), as(firm, firm.globex.approver)])
      expect(await refusal(show(who, open))).toMatchObject({ code: expect.stringMatching(/^(forbidden|not_found)$/) });
  });

  test('is for people who may edit billing, and neither for a member, the system nor the client', async () => {
    const { invoice, version } = await drafted();

    for (const who of [as(firm, firm.member), system, approver, clientAdmin])
      expect(await refusal(run(who, 'invoice.issue', { invoice, version }))).toMatchObject({
        code: expect.stringMatching(/^(forbidden|not_found)$/),
      });
  });

  test('of nothing is paid at once', async () => {
    const { invoice, status } = await issued({ price: '0', vat: '0' });

    expect(status).toBe('paid');
    expect(await eventsOf(invoice)).toEqual(['invoice.drafted', 'invoice.issued', 'invoice.paid']);
  });

  test.each([
    ['EUR', '19.99', '19', 2_379],
    ['JPY', '1999', '10', 2_199],
    ['KWD', '1.999', '5', 2_099],
    ['EUR', '19.99', '0', 1_999],
    ['EUR', '19.99', 'reverse charge', 1_999],
    ['EUR', '19.99', 'exempt: education', 1_999],
  ])('in %s of %s at %s comes to %i of the smallest unit', async (currency, price, vat, gross) => {
    expect(await issued({ currency, price, vat })).toMatchObject({ gross, due: gross });
  });

  test('leaves something that nobody changes, whatever they write to the tables', async () => {
    const { invoice, version } = await issued();
    const forged = [
      `update invoice set content = '{}' where id = '${invoice}'`,
      `update invoice set number = '2026-9999' where id = '${invoice}'`,
      `update invoice set gross = 1 where id = '${invoice}'`,
      `update invoice set title = 'Something else' where id = '${invoice}'`,
      `update invoice set issued_by_name = 'Somebody else' where id = '${invoice}'`,
      `update invoice set status = 'draft', number = null, year = null, serial = null, issued_on = null, issued_at = null,
        issued_by_name = null where id = '${invoice}'`,
      `update invoice set status = 'paid' where id = '${invoice}'`,
      `update invoice set status = 'partly_paid' where id = '${invoice}'`,
      `update invoice set status = 'credited' where id = '${invoice}'`,
    ];

    for (const text of forged) {
      for (const who of [approver, staff]) await expect(acting(app, who, (attempt) => attempt(text))).rejects.toThrow();
      await expect(owner(text)).rejects.toMatchObject({ code: '23514' });
    }
    for (const text of [
      `delete from invoice where id = '${invoice}'`,
      'update invoice_entry set amount = 1',
      'delete from invoice_entry',
    ])
      for (const who of [staff, approver, system])
        await expect(acting(app, who, (attempt) => attempt(text))).rejects.toMatchObject({ code: 'forbidden' });
    expect(await refusal(run(staff, 'invoice.add-line', { invoice, version, ...LINE }))).toMatchObject({
      code: 'conflict',
    });
  });

  test('that fails gives its number back, and nobody takes one without issuing something', async () => {
    const before = await numbersOf(firm.tenantId);
    const failed = acting(app, staff, async (attempt) => {
      await attempt('select parley_next_invoice(2026)');
      throw new Error('the machine stopped');
    });
    await expect(failed).rejects.toThrow('the machine stopped');
    await expect(acting(app, staff, (attempt) => attempt('select parley_next_invoice(2026)'))).rejects.toThrow(
      /nothing was issued under it/,
    );

    const { number } = await issued();

    expect(number).toBe(`2026-${String(before.length).padStart(4, '0')}`);
  });
});

describe('payments', () => {
  test('come in parts until nothing is due', async () => {
    const open = await issued();
    const part = await pay(open, '19.00', { note: 'Bank transfer' });
    const rest = await pay(part, '100.00');

    expect(part).toMatchObject({ status: 'partly_paid', due: 10_000 });
    expect(part.say).toBe(`€19.00 is recorded as paid of ${open.number}. €100.00 of €119.00 is due by 10 Dec 2026.`);
    expect(rest).toMatchObject({ status: 'paid', due: 0 });
    expect(await eventsOf(open.invoice)).toEqual([
      ...['invoice.drafted', 'invoice.issued', 'invoice.payment-recorded', 'invoice.payment-recorded', 'invoice.paid'],
    ]);
    expect(await owedBy(open.invoice)).toBe(0);
  });

  test('of more than is due are refused with what is due, and so are those that cannot be', async () => {
    const part = await pay(await issued(), '100.00');

    expect(await refusal(pay(part, '19.01'))).toMatchObject({
      ...{ code: 'invalid', detail: { fields: { amount: 'is more than the €19.00 that is due' } } },
    });
    for (const [amount, fault] of [
      ['0', 'is more than 0'],
      ['-5', 'is more than 0'],
      ['1.234,5.6', 'can be read in more than one way; write it like 1200.50'],
      ['5.001', 'EUR has 2 digits behind the point'],
      ['99999999999999999', 'is more than can be written here'],
    ] as const)
      expect(await refusal(pay(part, amount))).toMatchObject({ detail: { fields: { amount: fault } } });
    expect(await refusal(pay(part, '1.00', { day: '2026-11-27' }))).toMatchObject({
      detail: { fields: { day: 'is still to come: today is 2026-11-26' } },
    });
    expect(await owedBy(part.invoice)).toBe(1_900);
  });

  test('of a draft, of what is paid, void or a credit note are refused with how it stands', async () => {
    const [open, gone] = [await issued(), await issued()];
    const paid = await pay(open, '119.00');
    const note = await owner('select id from invoice where corrects = $1', [
      (await credit(await issued(), '9.00')).invoice,
    ]);

    for (const [it, say] of [
      [await drafted(), /is a draft: nothing is to be paid of it/],
      [paid, /is paid: nothing is to be paid of it/],
      [await makeVoid(gone), /is void: nothing is to be paid of it/],
      [{ ...open, invoice: String(note[0]?.id), version: 1 }, /is credited: nothing is to be paid of it/],
    ] as const)
      expect(await refusal(pay(it, '1.00'))).toMatchObject({ code: 'conflict', say: expect.stringMatching(say) });
  });

  test('that were recorded by mistake are taken back once, and both stay on record', async () => {
    const paid = await pay(await issued(), '119.00');
    const { invoice, payment } = paid;
    const undo = (version: number) =>
      run(staff, 'invoice.undo-payment', { invoice, version, payment, reason: 'Wrong client' });

    const undone = await undo(paid.version);
    const again = await refusal(undo(undone.version));

    expect(undone).toMatchObject({ status: 'open', due: 11_900 });
    expect(again).toMatchObject({ code: 'conflict', say: expect.stringContaining('no payment is recorded') });
    const kept = await owner(
      'select kind, amount::int, note from invoice_entry where invoice_id = $1 order by at, amount desc',
      [invoice],
    );
    expect(kept.map(({ kind, amount }) => [kind, amount])).toEqual([
      ['issued', 11_900],
      ['payment', -11_900],
      ['undo', 11_900],
    ]);
    expect((await owner(`select command from audit where entity_id = $1 order by at`, [invoice])).at(-1)).toEqual({
      command: 'invoice.undo-payment',
    });
  });

  test('of another invoice are not taken back here', async () => {
    const [one, other] = [await pay(await issued(), '19.00'), await pay(await issued(), '19.00')];
    const { invoice, version } = one;

    expect(
      await refusal(run(staff, 'invoice.undo-payment', { invoice, version, payment: other.payment, reason: 'Theirs' })),
    ).toMatchObject({ detail: { fields: { payment: 'is not recorded, or was taken back already' } } });
  });

  test('twice at once from two people are one, and the other is told', async () => {
    const open = await issued();

    const both = await Promise.allSettled([pay(open, '119.00'), pay(open, '119.00')]);

    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await owedBy(open.invoice)).toBe(0);
  });
});

describe('voiding', () => {
  test('keeps the number, says why, and leaves nothing due', async () => {
    const open = await issued();
    const gone = await makeVoid(open);

    expect(gone).toMatchObject({ status: 'void', number: open.number, due: 0 });
    expect((await read(approver, open)).due).toBe(0);
    expect(JSON.stringify(await show(approver, open))).toContain('Billed twice');
    expect(await owedBy(open.invoice)).toBe(0);
    for (const change of [`status = 'open', reason = null`, `reason = 'Another one'`])
      await expect(owner(`update invoice set ${change} where id = $1`, [open.invoice])).rejects.toMatchObject({
        code: '23514',
      });
  });

  test('is for what was never paid: afterwards there are credit notes', async () => {
    const part = await pay(await issued(), '19.00');
    const credited = await credit(await issued(), '19.00');

    expect(await refusal(makeVoid(part))).toMatchObject({
      say: expect.stringContaining('something was paid; credit it'),
    });
    expect(await refusal(makeVoid(credited))).toMatchObject({
      say: expect.stringContaining('a part of it was credited'),
    });
  });
});

describe('a credit note', () => {
  test('is an invoice of its own that takes back a part with its tax', async () => {
    const open = await issued();
    const after = await credit(open, '11.90');
    const [row] = await owner('select id, number, gross::int from invoice where corrects = $1', [open.invoice]);
    const note = { invoice: String(row?.id) };

    expect(after).toMatchObject({ status: 'open', due: 10_710 });
    expect((await read(approver, note)).sums).toMatchObject({ net: 1_000, tax: 190, gross: 1_190 });
    expect((await read(approver, note)).due).toBe(0);
    const [told] = await owner(`select data from event where entity_id = $1 and name = 'invoice.issued'`, [row?.id]);
    expect(told?.data).toMatchObject({ kind: 'credit', gross: 1_190, due: 0 });
    const card = await show(approver, note);
    expect([card.title, card.status]).toEqual([`Credit note ${row?.number} Shop`, 'Credit note']);
    expect(buttonsOf(card).map(({ label }) => label)).toContain(`Open ${open.number}`);
    expect(await owedBy(open.invoice)).toBe(10_710);
  });

  test('of what was paid leaves something to be paid back, and not more than that', async () => {
    const paid = await pay(await issued(), '119.00');
    const owed = await credit(paid, '19.00');
    const refund = (it: Done, amount: string) =>
      run(staff, 'invoice.record-refund', { invoice: it.invoice, version: it.version, amount, day: '2026-11-26' });

    expect(owed).toMatchObject({ status: 'paid', due: -1_900 });
    expect(await refusal(refund(owed, '19.01'))).toMatchObject({
      detail: { fields: { amount: 'is more than the €19.00 to be paid back' } },
    });
    expect(await refund(owed, '19.00')).toMatchObject({ status: 'paid', due: 0 });
    expect(await owedBy(owed.invoice)).toBe(0);
  });

  test('of all that is still due leaves it paid, and whatever waits for that goes on', async () => {
    const part = await pay(await issued(), '100.00');
    const settled = await credit(part, '19.00');
    await credit(settled, '10.00');

    expect(settled).toMatchObject({ status: 'paid', due: 0 });
    expect((await eventsOf(part.invoice)).filter((name) => name === 'invoice.paid')).toHaveLength(1);
  });

  test('of all of it leaves nothing of any rate, and nothing more to credit', async () => {
    const { invoice, version } = await drafted({ price: '33.33' });
    const added = await run(staff, 'invoice.add-line', { invoice, version, ...LINE, price: '0.07', vat: '7' });
    const open = await run(staff, 'invoice.issue', { invoice, version: added.version });
    const part = await credit(open, '13.37');
    const all = await credit(part, (part.due / 100).toFixed(2));

    expect(all).toMatchObject({ status: 'credited', due: 0 });
    const rows = await owner('select content from invoice where corrects = $1', [invoice]);
    const lines = rows.flatMap(({ content }) => (content as Invoice['content']).lines);
    const of = (rate: number) => lines.filter(({ vat }) => vat.kind === 'rate' && vat.rate === rate);
    const sum = (all: { unitPrice: number; tax: number | null }[]) => [
      all.reduce((one, { unitPrice }) => one + unitPrice, 0),
      all.reduce((one, { tax }) => one + (tax ?? 0), 0),
    ];
    expect([sum(of(1900)), sum(of(700))]).toEqual([
      [3_333, 633],
      [7, 0],
    ]);
    expect(await refusal(credit(all, '0.01'))).toMatchObject({
      say: expect.stringContaining('nothing is left to credit'),
    });
  });

  test('of more than is left is refused with what is left', async () => {
    expect(await refusal(credit(await credit(await issued(), '100.00'), '19.01'))).toMatchObject({
      detail: { fields: { amount: 'is more than the €19.00 that can still be credited' } },
    });
  });
});

describe('by itself', () => {
  test('an invoice is reminded of three days before, on the day and after it, and noted overdue, each once', async () => {
    const { invoice } = await issued();
    for (let day = 27; day < 27 + 45; day += 1)
      for (const hour of ['04:59', '05:00', '13:59', '14:00', '14:05']) {
        goTo(new Date(Date.parse(`2026-11-01T${hour}:00Z`) + (day - 1) * 86_400_000).toISOString());
        await sweep();
      }
    const events = await owner(
      `select name, data ->> 'days' as days, at from event where entity_id = $1 and name in ('invoice.reminded', 'invoice.overdue') order by seq`,
      [invoice],
    );

    expect(events.map(({ name, days, at }) => [name, days, (at as Date).toISOString().slice(0, 16)])).toEqual([
      ['invoice.reminded', '-3', '2026-12-07T14:00'],
      ['invoice.reminded', '0', '2026-12-10T14:00'],
      ['invoice.overdue', null, '2026-12-11T05:00'],
      ['invoice.reminded', '7', '2026-12-17T14:00'],
      ['invoice.reminded', '14', '2026-12-24T14:00'],
    ]);
    expect((await read(approver, { invoice })).overdue).toBe(true);
    expect((await show(approver, { invoice })).status).toBe('Overdue');
  });

  test('nobody is reminded from the moment a payment settles it, also where the reminder was asked for already', async () => {
    goTo('2026-11-26T12:00:00Z');
    const open = await issued();
    goTo('2026-12-07T14:00:00Z');
    const due = await withActor(app, system, (context) => invoiceSchedule.due(context, [open.invoice]));
    await pay(open, '119.00');

    expect(due.map(({ name }) => name)).toEqual(['invoice.remind']);
    for (const request of due)
      expect(await refusal(runCommand(app, system, request))).toMatchObject({ code: 'conflict' });
    goTo('2027-02-01T14:00:00Z');
    await sweep();
    expect(await eventsOf(open.invoice)).not.toContain('invoice.reminded');
    expect(await eventsOf(open.invoice)).not.toContain('invoice.overdue');
    goTo('2026-11-26T12:00:00Z');
  });
});

describe('a quote', () => {
  const LAUNCH = { text: 'Launch', price: '400', billed: 'completion' };

  /** Accepted: 600.01 on acceptance, 400 on completion (where that is not left out), each and 19 %, and a deposit. */
  async function accepted(deposit = '30 %', more: readonly Record<string, unknown>[] = [LAUNCH]): Promise<string> {
    const place = { client: firm.acme.id, project: firm.acme.project, title: 'Shop', currency: 'EUR' };
    const made = await run(staff, 'quote.draft', { ...place, ...LINE, price: '600.01' });
    const { quote } = made as unknown as { quote: string };
    let { version } = made;
    for (const line of more) ({ version } = await run(staff, 'quote.add-line', { quote, version, ...LINE, ...line }));
    const terms = { quote, version, title: 'Shop', expiresOn: '2026-12-24', deposit };
    const set = await run(staff, 'quote.set-terms', terms);
    const sent = (await run(staff, 'quote.send', { quote, version: set.version })) as unknown as { hash: string };
    await run(approver, 'quote.accept', { quote, hash: sent.hash, take: 'none' });
    await followUp(quote);
    await followUp(quote);
    return quote;
  }
  const bill = (quote: string, what: string) => run(staff, 'invoice.bill-quote', { quote, what });
  const depositOf = async (quote: string) => {
    const [row] = await owner(`select id, version from invoice where quote_id = $1 and part = 'deposit'`, [quote]);
    return { invoice: String(row?.id), version: Number(row?.version) };
  };

  test('that is accepted leaves a draft of the deposit, once, with the tax of what is billed', async () => {
    const quote = await accepted();
    const rows = await owner('select id, status, kind, gross::int from invoice where quote_id = $1', [quote]);

    // 30 % of 1,190.01
    expect(rows).toMatchObject([{ status: 'draft', kind: 'deposit', gross: 35_700 }]);
    expect((await read(staff, { invoice: String(rows[0]?.id) })).sums).toMatchObject({ net: 30_000, tax: 5_700 });
  });

  test('is billed part by part, each once, and what is billed last takes the deposit off with its tax', async () => {
    const quote = await accepted();
    const deposit = await run(staff, 'invoice.issue', await depositOf(quote));
    const first = await bill(quote, 'acceptance');
    const last = await bill(quote, 'completion');

    expect([first.gross, last.gross]).toEqual([71_401, 47_600 - 35_700]);
    for (const what of ['acceptance', 'completion', 'once', 'deposit'])
      expect(await refusal(bill(quote, what))).toMatchObject({
        code: 'conflict',
        say: expect.stringContaining('already'),
      });
    const done = await run(staff, 'invoice.issue', { invoice: last.invoice, version: last.version });
    expect(deposit.gross + first.gross + done.gross).toBe(119_001);
    expect(await refusal(makeVoid({ ...deposit }))).toMatchObject({
      say: expect.stringContaining('another invoice takes it off'),
    });
    expect(await refusal(credit({ ...deposit }, '1.00'))).toMatchObject({
      say: expect.stringContaining('another invoice takes it off'),
    });
  });

  test('whose deposit is not issued yet is not billed to its end, so that nobody pays it twice', async () => {
    const quote = await accepted();
    const said = await refusal(bill(quote, 'completion'));
    await bill(quote, 'acceptance');
    await makeVoid(await depositOf(quote));
    const last = await bill(quote, 'completion');

    expect(said).toMatchObject({ code: 'conflict', say: expect.stringMatching(/^Draft \d+ asks for the deposit/) });
    expect(last.gross).toBe(47_600);
    expect(await refusal(bill(quote, 'deposit'))).toMatchObject({ say: expect.stringContaining('already') });
  });

  test('whose deposit is more than what is billed last is not taken off it, and that is said', async () => {
    const quote = await accepted('80 %');
    await run(staff, 'invoice.issue', await depositOf(quote));
    await bill(quote, 'acceptance');

    const last = await bill(quote, 'completion');

    expect(last).toMatchObject({ gross: 47_600, say: expect.stringContaining('is more than this, and not taken off') });
  });

  test('is billed anew after what billed it was credited, and takes the deposit off again', async () => {
    const quote = await accepted();
    await run(staff, 'invoice.issue', await depositOf(quote));
    const draft = await bill(quote, 'once');
    const wrong = await run(staff, 'invoice.issue', { invoice: draft.invoice, version: draft.version });
    await credit(wrong, '833.01');

    const right = await bill(quote, 'once');

    expect(wrong.gross).toBe(83_301);
    expect(right.gross).toBe(83_301);
    expect(await run(staff, 'invoice.issue', { invoice: right.invoice, version: right.version })).toMatchObject({
      status: 'open',
    });
  });

  test('whose deposit changed since the draft took it off is not issued so', async () => {
    const quote = await accepted();
    const deposit = await run(staff, 'invoice.issue', await depositOf(quote));
    const draft = await bill(quote, 'once');
    await makeVoid(deposit);

    expect(
      await refusal(run(staff, 'invoice.issue', { invoice: draft.invoice, version: draft.version })),
    ).toMatchObject({
      say: expect.stringContaining('takes off a deposit that is not what it was'),
    });
  });

  test('that is billed wholly on acceptance asks for no deposit after that', async () => {
    const quote = await accepted('30 %', []);
    await makeVoid(await depositOf(quote));
    const all = await bill(quote, 'acceptance');

    expect(all.gross).toBe(71_401);
    expect(await refusal(bill(quote, 'deposit'))).toMatchObject({
      say: expect.stringMatching(/^Draft \d+ bills this .* already\. Discard that one first\.$/),
    });
  });

  test('that nobody accepted is not billed, nor one of another client’s firm', async () => {
    const place = { client: firm.acme.id, project: firm.acme.project, title: 'Shop', currency: 'EUR' };
    const { quote } = (await run(staff, 'quote.draft', { ...place, ...LINE })) as unknown as { quote: string };
    const rival = await makeFirm(app.database, 'Third & Sons');

    expect(await refusal(bill(quote, 'once'))).toMatchObject({
      code: 'conflict',
      say: expect.stringContaining('Only what was accepted'),
    });
    expect(
      await refusal(run(as(rival, rival.admin), 'invoice.bill-quote', { quote: await accepted(), what: 'once' })),
    ).toMatchObject({ code: 'not_found' });
  });
});

describe('what is read of invoices', () => {
  const list = async (who: Who, state?: string) =>
    (
      (await readView(app, who, { target: 'invoice.list', input: state ? { state } : {} })) as {
        items: ListedInvoice[];
      }
    ).items;

  test('is narrowed to how it stands; overdue is what was due before today where the client is', async () => {
    const globex = firm.globex;
    const draft = await drafted({}, globex);
    const late = await drafted({}, globex);
    const set = { invoice: late.invoice, version: late.version, title: 'Late', dueOn: '2026-11-26' };
    const { version } = await run(staff, 'invoice.set-terms', set);
    await run(staff, 'invoice.issue', { invoice: late.invoice, version });
    const ids = async (state: string) => (await list(staff, state)).map(({ id }) => id);

    expect(await ids('draft')).toContain(draft.invoice);
    expect(await ids('open')).toContain(late.invoice);
    expect(await ids('overdue')).not.toContain(late.invoice);
    // It is the 27th in Berlin and in UTC, and still the 26th in New York.
    goTo('2026-11-27T04:00:00Z');
    expect(await ids('overdue')).not.toContain(late.invoice);
    goTo('2026-11-27T05:00:00Z');
    expect(await ids('overdue')).toContain(late.invoice);
    goTo('2026-11-26T12:00:00Z');
  });

  test('a client reads what was issued to them, where they may read billing, and nothing else', async () => {
    const [mine, whole] = [await issued(), await issued({ project: undefined })];
    const theirs = await issued({}, firm.globex);
    const seen = (await list(approver)).map(({ id }) => id);
    const all = (await list(clientAdmin)).map(({ id }) => id);

    expect(seen).toContain(mine.invoice);
    expect(seen).not.toContain(whole.invoice);
    expect(all).toEqual(expect.arrayContaining([mine.invoice, whole.invoice]));
    expect([...seen, ...all]).not.toContain(theirs.invoice);
    expect(await list(viewer)).toEqual([]);
  });

  test('waits on the home of whoever pays it while it is open, and of whoever issues it as a draft', async () => {
    const home = async (who: Who) => JSON.stringify(await showView(app, who, { target: 'home.work', input: {} }));
    const rival = await makeFirm(app.database, 'Fourth & Sons');
    const boss = as(rival, rival.admin);
    const payer = as(rival, rival.acme.approver);
    const place = { client: rival.acme.id, project: rival.acme.project, title: 'Shop', currency: 'EUR' };
    const { invoice } = await run(boss, 'invoice.draft', { ...place, ...LINE });

    expect([(await home(boss)).includes(invoice), (await home(payer)).includes(invoice)]).toEqual([true, false]);
    const open = await run(boss, 'invoice.issue', { invoice, version: 1 });
    expect([(await home(boss)).includes(invoice), (await home(payer)).includes(invoice)]).toEqual([false, true]);
    expect(await home(as(rival, rival.acme.viewer))).not.toContain(invoice);
    goTo('2026-12-12T12:00:00Z');
    expect(await home(boss)).toContain('overdue since 10 Dec 2026');
    await run(boss, 'invoice.record-payment', { invoice, version: open.version, amount: '119.00', day: '2026-12-12' });
    expect([(await home(boss)).includes(invoice), (await home(payer)).includes(invoice)]).toEqual([false, false]);
    goTo('2026-11-26T12:00:00Z');
  });

  test('the statement of a client says what was owed before, what came and went, and what is owed', async () => {
    const rival = await makeFirm(app.database, 'Fifth & Sons');
    const boss = as(rival, rival.admin);
    const place = { client: rival.acme.id, project: rival.acme.project, title: 'Shop' };
    const issue = async (currency: string, price: string) => {
      const { invoice } = await run(boss, 'invoice.draft', { ...place, currency, ...LINE, price });
      return run(boss, 'invoice.issue', { invoice, version: 1 });
    };
    const statement = async (who: Who, period?: string) =>
      (await readView(app, who, {
        target: 'invoice.statement',
        input: { client: rival.acme.id, ...(period ? { period } : {}) },
      })) as { items: StatementLine[]; summary: { balances: Balance[] } };
    const old = await issue('EUR', '100.00');
    goTo('2027-05-01T12:00:00Z');
    const fresh = await issue('EUR', '50.00');
    await issue('JPY', '1000');
    const { invoice, version } = old;
    const part = await run(boss, 'invoice.record-payment', { invoice, version, amount: '19.00', day: '2027-04-30' });
    await run(boss, 'invoice.credit', { invoice, version: part.version, amount: '10.00', reason: 'Late' });
    const gone = await issue('EUR', '7.00');
    await run(boss, 'invoice.void', { invoice: gone.invoice, version: gone.version, reason: 'Twice' });

    const { items, summary } = await statement(boss);

    expect(summary.balances).toEqual([
      { currency: 'EUR', opening: 11_900, charged: 5_950, paid: 1_900, credited: 1_000, closing: 14_950 },
      { currency: 'JPY', opening: 0, charged: 1_190, paid: 0, credited: 0, closing: 1_190 },
    ]);
    expect(items.map(({ kind }) => kind).sort()).toEqual(['credit', 'issued', 'issued', 'issued', 'payment', 'void']);
    expect((await statement(as(rival, rival.acme.approver))).summary).toEqual(summary);
    expect((await statement(boss, 'year')).summary).toEqual({ ...summary, from: '2027-01-01', to: '2027-12-31' });
    expect((await statement(boss, 'last')).summary.balances).toMatchObject([
      { currency: 'EUR', opening: 0, closing: 11_900 },
    ]);
    expect((await statement(boss, 'all')).items).toHaveLength(items.length + 1);
    expect(await refusal(statement(as(rival, rival.globex.clientAdmin)))).toMatchObject({ code: 'not_found' });
    expect(fresh.number).toBe('2027-0001');
    // Whoever reads a part of it is told so.
    const card = async (who: Who) =>
      JSON.stringify(await showView(app, who, { target: 'invoice.statement', input: { client: rival.acme.id } }));
    expect(await card(as(rival, rival.acme.approver))).toContain('Of the projects whose billing you may read.');
    for (const who of [boss, as(rival, rival.acme.clientAdmin)])
      expect(await card(who)).not.toContain('Of the projects');
    goTo('2026-11-26T12:00:00Z');
  });
});
