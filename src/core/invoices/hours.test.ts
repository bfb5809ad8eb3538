import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { acting } from '../../testing/acting.ts';
import type { TestApp } from '../../testing/app.ts';
import { testApp } from '../../testing/app.ts';
import { asOwner } from '../../testing/database.ts';
import type { TestFirm } from '../../testing/firm.ts';
import { as, makeFirm } from '../../testing/firm.ts';
import type { Who } from '../kernel/actor.ts';
import { answerPress } from '../kernel/answer.ts';
import { buttonsOf, formOf } from '../kernel/card.ts';
import { readView, runCommand, showView } from '../kernel/registry.ts';
import type { Invoice } from './schema.ts';

interface Done {
  invoice: string;
  period: string;
  entry: string;
  version: number;
  hash: string;
  say: string;
}

let app: TestApp;
let firm: TestFirm;
let staff: Who;
let member: Who;
let approver: Who;
let count = 0;
let months = 0;

beforeAll(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
  staff = as(firm, firm.admin);
  member = as(firm, firm.member);
  approver = as(firm, firm.acme.approver, 'mail', 'email');
  app.clock.jump(Date.parse('2026-11-26T12:00:00Z') - app.clock.now().getTime());
});
afterAll(() => app.close());

const owner = (text: string, values: unknown[] = []) => asOwner(app.database)(text, values);
const run = async (who: Who, name: string, input: Record<string, unknown>) =>
  (await runCommand(app, who, { name, input, requestId: `test ${++count}` })).output as Done;
const show = (who: Who, target: string, input: Record<string, string>) => showView(app, who, { target, input });
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'was allowed',
    (error: { code: string; say: string; detail: { changes?: string[]; fields?: object } }) => error,
  );

/** A month of its own in which somebody worked. */
async function worked(time = '2h'): Promise<Done> {
  const { project } = firm.acme;
  months += 1;
  const month = new Date(Date.UTC(2010, months, 12)).toISOString().slice(0, 10);
  return run(member, 'hours.log', { project, time, note: 'Fixed the header', day: month });
}

async function signed(): Promise<Done> {
  const { period } = await worked();
  const [row] = await owner('select version from hours_period where id = $1', [period]);
  const { hash } = await run(staff, 'period.send', { period, version: row?.version });
  return run(approver, 'period.sign', { period, hash });
}

const RATE = { price: '95.00', vat: '19', currency: 'EUR' };
const SIGNED = { ...RATE, unsigned: 'no' };
const billed = (period: string, more: Record<string, unknown> = {}) =>
  run(staff, 'invoice.bill-hours', { period, ...RATE, unsigned: 'yes', ...more });
const read = async (who: Who, invoice: string) =>
  ((await readView(app, who, { target: 'invoice.show', input: { invoice } })) as { invoice: Invoice }).invoice;
const billedBy = async (period: string) =>
  (await owner('select invoice_id as invoice from hours_period where id = $1', [period]))[0]?.invoice ?? null;
const makeVoid = ({ invoice, version }: Done) =>
  run(staff, 'invoice.void', { invoice, version, reason: 'Wrong price' });

describe('a month’s hours', () => {
  test('that the client signed are billed at a price, and the month is not changed any more', async () => {
    const { period } = await signed();

    const { invoice, say } = await run(staff, 'invoice.bill-hours', { period, ...SIGNED });

    const { content, gross } = await read(staff, invoice);
    expect(content.lines).toMatchObject([{ quantity: '2', unitPrice: 9_500, hours: { period, minutes: 120 } }]);
    expect(content.lines[0]?.text).toMatch(/^Hours of \w+ \d{4}, .+$/);
    expect([gross, await billedBy(period)]).toEqual([22_610, invoice]);
    expect(say).toContain('bills');
    const card = await show(staff, 'period.show', { period });
    expect(JSON.stringify(card)).toContain('"label":"Invoiced","value":"2h"');
    expect(buttonsOf(card).map(({ press }) => press.target)).toContain('invoice.show');
    expect(buttonsOf(card).map(({ press }) => press.target)).not.toContain('invoice.bill-hours');
  });

  test('that nobody signed are billed by an explicit choice alone, which the line says', async () => {
    const { period } = await worked();

    expect(await refusal(run(staff, 'invoice.bill-hours', { period, ...SIGNED }))).toMatchObject({
      code: 'invalid',
      detail: { fields: { unsigned: expect.stringContaining('has not signed') } },
    });
    const { invoice } = await billed(period);

    expect((await read(staff, invoice)).content.lines[0]?.text).toContain('(not signed by the client)');
  });

  test('are billed once, are not logged to, and by nobody who may not bill', async () => {
    const { period, entry } = await worked();
    const { invoice } = await billed(period);

    expect(await refusal(billed(period))).toMatchObject({
      code: 'conflict',
      say: expect.stringContaining('billed already'),
    });
    expect(await refusal(run(member, 'entry.delete', { entry, version: '1' }))).toMatchObject({ code: 'conflict' });
    const other = await worked();
    for (const who of [approver, as(firm, firm.acme.clientAdmin), as(firm, firm.acme.viewer)])
      expect(await refusal(run(who, 'invoice.bill-hours', { period: other.period, ...SIGNED }))).toMatchObject({
        code: expect.stringMatching(/forbidden|not_found/),
      });
    expect(await billedBy(period)).toBe(invoice);
  });

  test('that hold nothing that counts, or are not there, are not billed', async () => {
    const { period, entry } = await worked();
    await run(member, 'entry.delete', { entry, version: '1' });

    expect(await refusal(billed(period))).toMatchObject({ say: expect.stringContaining('nothing that counts') });
    expect(await refusal(billed(crypto.randomUUID()))).toMatchObject({ code: 'not_found' });
  });

  test('have a line for each person where that is wanted', async () => {
    const { period } = await worked('20m');
    const [row] = await owner(`select to_char(month, 'YYYY-MM') as month from hours_period where id = $1`, [period]);
    await run(staff, 'hours.log', { project: firm.acme.project, time: '40m', note: 'Footer', day: `${row?.month}-13` });

    const { invoice } = await billed(period, { lines: 'person' });

    const { content } = await read(staff, invoice);
    expect(content.lines.map(({ quantity }) => quantity).sort()).toEqual(['0.33', '0.67']);
    expect(content.lines.map(({ hours }) => hours?.period)).toEqual([period, period]);
  });

  test('are not told to the client as invoiced before the invoice is issued', async () => {
    const { period } = await signed();
    const { invoice, version } = await run(staff, 'invoice.bill-hours', { period, ...SIGNED });

    expect(JSON.stringify(await show(approver, 'period.show', { period }))).not.toContain('Invoiced');
    expect(JSON.stringify(await show(approver, 'period.of-project', { project: firm.acme.project }))).not.toContain(
      'invoiced',
    );
    await run(staff, 'invoice.issue', { invoice, version });

    expect(JSON.stringify(await show(approver, 'period.show', { period }))).toContain('"Invoiced","value":"2h"');
    expect(JSON.stringify(await show(approver, 'period.of-project', { project: firm.acme.project }))).toContain(
      '2h invoiced',
    );
  });
});

describe('what lets go of hours', () => {
  test('is to discard the draft, to void what was issued, and to credit all of it: they can be billed anew', async () => {
    const { period } = await worked();
    await makeVoid(await billed(period));
    expect(await billedBy(period)).toBe(null);

    const draft = await billed(period);
    const open = await run(staff, 'invoice.issue', { invoice: draft.invoice, version: draft.version });
    await makeVoid(open);
    expect(await billedBy(period)).toBe(null);

    const again = await billed(period);
    const issued = await run(staff, 'invoice.issue', { invoice: again.invoice, version: again.version });
    const all = { invoice: issued.invoice, version: issued.version, amount: '226.10', reason: 'Another price' };
    await run(staff, 'invoice.credit', all);
    expect(await billedBy(period)).toBe(null);
    const names = (await owner('select name from event where entity_id = $1', [period])).map(({ name }) => name);
    expect(names.filter((name) => name === 'period.released')).toHaveLength(3);
    expect((await billed(period)).invoice).not.toBe(again.invoice);
  });

  test('is not to credit a part, however often, before all is credited', async () => {
    const { period } = await worked();
    const draft = await billed(period);
    let at = await run(staff, 'invoice.issue', { invoice: draft.invoice, version: draft.version });
    const part = (amount: string) =>
      run(staff, 'invoice.credit', { invoice: at.invoice, version: at.version, amount, reason: 'A part was late' });

    at = await part('100.00');
    expect(await billedBy(period)).toBe(draft.invoice);
    at = await part('126.09');
    expect(await billedBy(period)).toBe(draft.invoice);
    await part('0.01');

    expect(await billedBy(period)).toBe(null);
  });

  test('is to remove one of the month’s lines from a draft: all of them go, and what else it bills stays', async () => {
    const { period } = await worked();
    const place = { client: firm.acme.id, project: firm.acme.project, currency: 'EUR', title: 'Shop' };
    const draft = await run(staff, 'invoice.draft', {
      ...place,
      text: 'Checkout',
      quantity: '1',
      price: '100',
      vat: '19',
    });
    const { invoice, version } = await run(staff, 'invoice.add-hours', {
      ...{ invoice: draft.invoice, version: draft.version, period, lines: 'person' },
      ...{ price: '95.00', vat: '19', unsigned: 'yes' },
    });
    expect(await billedBy(period)).toBe(invoice);
    expect(
      await refusal(
        run(staff, 'invoice.change-line', {
          invoice,
          version,
          line: '2',
          text: 'Hours',
          quantity: '1',
          price: '1',
          vat: '19',
        }),
      ),
    ).toMatchObject({ say: expect.stringContaining('bills hours') });

    const { say } = await run(staff, 'invoice.remove-line', { invoice, version, line: '2' });

    expect(say).toContain('can be billed anew');
    expect((await read(staff, invoice)).content.lines.map(({ number }) => number)).toEqual([1]);
    expect(await billedBy(period)).toBe(null);
  });

  test('is kept by the database as well: no hours stay with what is void, none leave what was issued', async () => {
    const { period } = await worked();
    const draft = await billed(period);
    const { invoice } = await run(staff, 'invoice.issue', { invoice: draft.invoice, version: draft.version });
    const taken = (text: string, values: unknown[]) =>
      expect(owner(text, values)).rejects.toMatchObject({ code: '23514' });

    const free = 'update hours_period set invoice_id = null, invoiced = null, invoiced_at = null where id = $1';
    await taken(free, [period]);
    await taken(
      `update invoice set status = 'void', reason = 'x', ended_at = now(), ended_by_name = 'x' where id = $1`,
      [invoice],
    );
    const other = await worked();
    await taken('update hours_period set invoice_id = $2, invoiced = 1, invoiced_at = now() where id = $1', [
      other.period,
      invoice,
    ]);
    const foreign = await run(staff, 'invoice.draft', {
      ...{ client: firm.globex.id, project: firm.globex.project, currency: 'EUR', title: 'Shop' },
      ...{ text: 'Checkout', quantity: '1', price: '100', vat: '19' },
    });
    await expect(
      owner('update hours_period set invoice_id = $2, invoiced = 1, invoiced_at = now() where id = $1', [
        other.period,
        foreign.invoice,
      ]),
    ).rejects.toMatchObject({ code: '23503' });
  });
});

describe('hours on a draft that is there', () => {
  test('are of its client, of its project and in its currency', async () => {
    const place = { client: firm.acme.id, project: firm.acme.otherProject, currency: 'USD', title: 'Shop' };
    const { invoice, version } = await run(staff, 'invoice.draft', {
      ...{ ...place, text: 'Checkout', quantity: '1', price: '100', vat: '19' },
    });
    const add = (period: string) =>
      run(staff, 'invoice.add-hours', { invoice, version, period, price: '95', vat: '19', unsigned: 'yes' });
    const elsewhere = { project: firm.globex.project, time: '2h', note: 'Fixed the header', day: '2010-01-12' };
    const ofClient = await run(staff, 'hours.log', elsewhere);
    const ofProject = await worked();

    expect(await refusal(add(ofClient.period))).toMatchObject({ detail: { fields: { period: 'is not of Acme' } } });
    expect(await refusal(add(ofProject.period))).toMatchObject({
      detail: { fields: { period: expect.stringContaining('is not of') } },
    });
    expect(await billedBy(ofProject.period)).toBe(null);
  });
});

describe('what an hour costs', () => {
  const set = (more: Record<string, unknown> = {}) =>
    run(staff, 'invoice.set-rate', { project: firm.acme.project, ...RATE, ...more });

  test('is proposed for the project’s months, and meant where nothing else is said', async () => {
    await set({ price: '110.00' });
    const { period } = await worked();

    const opened = await answerPress(app, staff, {
      press: { target: 'invoice.bill-hours', input: { period } },
      requestId: 'a form for hours',
    });
    const form = opened.kind === 'form' ? formOf(opened.card) : null;
    const held = Object.fromEntries(form?.fields.map(({ name, value }) => [name, value]) ?? []);
    expect(held).toMatchObject({ period, price: '110.00', vat: '19 %', currency: 'EUR', unsigned: 'no' });
    const { invoice } = await run(staff, 'invoice.bill-hours', { period, unsigned: 'yes' });

    expect((await read(staff, invoice)).gross).toBe(26_180);
  });

  test('is not written over by a form that was filled before: who sends it is told what stands there now', async () => {
    const draw = async () => {
      const press = { target: 'invoice.set-rate', input: { project: firm.acme.project } };
      const opened = await answerPress(app, staff, { press, requestId: `form ${++count}` });
      const form = opened.kind === 'form' ? formOf(opened.card) : null;
      const typed = Object.fromEntries((form?.fields ?? []).map(({ name, value }) => [name, String(value ?? '')]));
      return { press: form?.submit.press ?? press, form: typed };
    };
    const [mine, yours] = [await draw(), await draw()];
    const send = ({ press, form }: typeof mine, price: string) =>
      answerPress(app, staff, { press, form: { ...form, price }, requestId: `send ${++count}` });

    expect(await send(mine, '120.00')).toMatchObject({ kind: 'done' });
    const answer = await send(yours, '130.00');

    expect(answer).toMatchObject({
      kind: 'stale',
      changes: [expect.stringContaining('saved it'), 'Price of an hour: “120.00” now'],
    });
    const [row] = await owner('select price::int as price from hourly_rate where project_id = $1', [firm.acme.project]);
    expect(row?.price).toBe(12_000);
    // A form that was drawn for another project is not one for this.
    const elsewhere = { ...(await draw()), form: { ...mine.form, project: firm.acme.otherProject } };
    expect(await send(elsewhere, '90.00')).toMatchObject({ kind: 'stale' });
  });

  test('is the firm’s own: no contact reads it, with SQL of their own either', async () => {
    for (const who of [approver, as(firm, firm.acme.clientAdmin)])
      await expect(acting(app, who, (attempt) => attempt('select price from hourly_rate'))).rejects.toMatchObject({
        code: 'forbidden',
      });
    expect(await refusal(set({ price: '0' }))).toMatchObject({ code: 'stale' });
  });
});
