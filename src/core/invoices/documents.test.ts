import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { acting } from '../../testing/acting.ts';
import type { TestApp } from '../../testing/app.ts';
import { testApp } from '../../testing/app.ts';
import { asOwner } from '../../testing/database.ts';
import type { TestFirm } from '../../testing/firm.ts';
import { as, makeFirm } from '../../testing/firm.ts';
import { servePages } from '../../testing/pages.ts';
import type { Who } from '../kernel/actor.ts';
import { answerPress } from '../kernel/answer.ts';
import type { Action, Card } from '../kernel/card.ts';
import { formOf } from '../kernel/card.ts';
import { signLink } from '../kernel/links.ts';
import { makeFile, runCommand, showView } from '../kernel/registry.ts';

interface Done {
  invoice: string;
  number: string | null;
  version: number;
}

let app: TestApp;
let firm: TestFirm;
let admin: Who;
let approver: Who;
let pages: Awaited<ReturnType<typeof servePages>>;
let count = 0;

beforeAll(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
  admin = as(firm, firm.admin);
  approver = as(firm, firm.acme.approver);
  pages = await servePages(app);
  app.clock.jump(Date.parse('2026-11-26T12:00:00Z') - app.clock.now().getTime());
});
afterAll(async () => {
  await pages.stop();
  await app.close();
});

const run = async (who: Who, name: string, input: Record<string, unknown>): Promise<Done> =>
  (await runCommand(app, who, { name, input, requestId: `test ${++count}` })).output as Done;
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'was allowed',
    (error: { code: string; say: string; detail: { fields?: object } }) => error,
  );
const LINE = { text: 'Checkout', quantity: '1', price: '100.00', vat: '19' };
const drafted = () =>
  run(admin, 'invoice.draft', {
    client: firm.acme.id,
    project: firm.acme.project,
    title: 'Shop',
    currency: 'EUR',
    ...LINE,
  });
const issue = ({ invoice, version }: Done) => run(admin, 'invoice.issue', { invoice, version });
const show = (who: Who, { invoice }: Done) => showView(app, who, { target: 'invoice.show', input: { invoice } });
async function file(who: Who, { invoice }: Done, target = 'invoice.pdf') {
  const { content, ...made } = await makeFile(app, who, { target, input: { invoice } });
  if (!(content instanceof Uint8Array)) throw new Error('an invoice is made, and not kept');
  return { ...made, content };
}
const named = (card: Card, label: string): Action | undefined => card.actions.find((one) => one.label === label);
const SELLER = { name: 'Northwind Studio GmbH', city: 'Hamburg', country: 'de', taxId: 'DE123456789' };
const BUYER = { name: 'Acme GmbH', city: 'Berlin', country: 'DE', email: 'ap@acme.example' };
/** What the form brings back of what it was filled from. */
async function seenIn(target: string, input: Record<string, string> = {}) {
  const form = formOf(await showView(app, admin, { target, input }));
  return { seen: form?.submit.press.input.seen ?? '' };
}
const setSeller = async (who: Who, more: Record<string, string> = {}) =>
  run(who, 'invoice.set-seller', { ...SELLER, ...(await seenIn('invoice.set-seller')), ...more });
const setBuyer = async (who: Who, more: Record<string, string> = {}) =>
  run(who, 'invoice.set-buyer', {
    ...{ client: firm.acme.id, ...BUYER, ...(await seenIn('invoice.set-buyer', { client: firm.acme.id })) },
    ...more,
  });

describe('before anybody said how the firm bills', () => {
  test('a draft says what its e-invoice would lack, and where to say it; what is issued has a PDF alone', async () => {
    const draft = await drafted();
    const card = await show(admin, draft);
    const made = await issue(draft);
    const issued = await show(approver, made);

    expect(JSON.stringify(card.blocks)).toContain('lacks a country and a VAT id or tax number; Acme lacks a country.');
    expect(named(card, 'Your details…')).toMatchObject({ press: { target: 'invoice.set-seller' } });
    expect(named(card, 'Client’s details…')).toMatchObject({ press: { input: { client: firm.acme.id } } });
    expect([named(card, 'PDF'), named(issued, 'E-invoice')]).toEqual([undefined, undefined]);
    expect(named(issued, 'PDF')).toMatchObject({ kind: 'link' });
    expect((await file(approver, made)).name).toBe(`Invoice ${made.number}.pdf`);
    expect(await refusal(file(approver, made, 'invoice.ubl'))).toMatchObject({
      code: 'not_found',
      say: expect.stringContaining('lacks a country'),
    });
  });

  test('a draft has no document, for nobody', async () => {
    const draft = await drafted();

    for (const who of [admin, approver]) expect(await refusal(file(who, draft))).toMatchObject({ code: 'not_found' });
  });
});

describe('how the firm and its clients are named', () => {
  test('is refused beside the field that cannot be', async () => {
    expect(await refusal(setSeller(admin, { country: 'UK', iban: 'DE00' }))).toMatchObject({
      code: 'invalid',
      detail: { fields: { country: expect.any(String), iban: expect.any(String) } },
    });
  });

  test('is said of the firm by those who lead it, in a chat or signed in, and of a client by who bills', async () => {
    const member = as(firm, firm.member);
    const byLink = { ...admin, channel: 'email', assurance: 'link' } as Who;

    for (const who of [member, approver, byLink])
      expect(await refusal(setSeller(who))).toMatchObject({ code: 'forbidden' });
    for (const who of [member, approver, as(firm, firm.acme.clientAdmin)])
      expect(await refusal(setBuyer(who))).toMatchObject({ code: 'forbidden' });
    await setSeller(admin);
    await setBuyer(as(firm, firm.partner));
    const form = await showView(app, admin, { target: 'invoice.set-buyer', input: { client: firm.acme.id } });
    expect(JSON.stringify(form)).toContain('"value":"Acme GmbH"');
  });

  test('is read by SQL of nobody but those who lead the firm, and the client itself', async () => {
    const seen = (who: Who) =>
      acting(app, who, (attempt) => attempt("select details ->> 'name' as name from billing_party"));

    expect(await seen(as(firm, firm.acme.clientAdmin))).toEqual([{ name: 'Acme GmbH' }]);
    expect(await seen(as(firm, firm.globex.clientAdmin))).toEqual([]);
  });

  test('is not written over by a form that was filled before: who sends it is told what stands there now', async () => {
    const draw = async () => {
      const press = { target: 'invoice.set-buyer', input: { client: firm.acme.id } };
      const form = formOf(await showView(app, admin, press));
      const typed = (form?.fields ?? []).map(({ name, value }): [string, string] => [name, String(value ?? '')]);
      return { press: form?.submit.press ?? press, form: Object.fromEntries(typed) };
    };
    const [mine, yours] = [await draw(), await draw()];
    const send = ({ press, form }: typeof mine, city: string) =>
      answerPress(app, admin, { press, form: { ...form, city }, requestId: `send ${++count}` });

    expect(await send(mine, 'Hamburg')).toMatchObject({ kind: 'done' });
    const answer = await send(yours, 'Bremen');

    expect(answer).toMatchObject({
      kind: 'stale',
      changes: [expect.stringContaining('Ada Admin saved it'), 'Town: “Hamburg” now'],
      card: { blocks: expect.arrayContaining([expect.objectContaining({ kind: 'form' })]) },
    });
    const [row] = await asOwner(app.database)(
      `select details ->> 'city' as city, version from billing_party where client_id = $1`,
      [firm.acme.id],
    );
    expect(row).toEqual({ city: 'Hamburg', version: 2 });
    // Nor by whoever says nothing of what stands there.
    expect(await refusal(run(admin, 'invoice.set-buyer', { client: firm.acme.id, ...BUYER }))).toMatchObject({
      code: 'stale',
    });
    await setBuyer(admin);
  });

  test('is kept with an invoice of that very client', async () => {
    const made = await issue(await drafted());
    const moved = asOwner(app.database)(
      'update invoice_parties set client_id = $2, project_id = $3 where invoice_id = $1',
      [...[made.invoice, firm.globex.id, firm.globex.project]],
    );

    await expect(moved).rejects.toMatchObject({ code: '23503' });
  });

  test('stays on what was issued, whatever is said later', async () => {
    await setSeller(admin);
    const made = await issue(await drafted());
    const before = await file(approver, made);
    await setSeller(admin, { name: 'Southwind AG' });
    await setBuyer(admin, { name: 'Acme Holding' });
    const [after, xml] = [await file(approver, made), await file(approver, made, 'invoice.ubl')];

    expect(Buffer.from(after.content).equals(Buffer.from(before.content))).toBe(true);
    expect(Buffer.from(xml.content).toString()).toMatch(/Northwind Studio GmbH[\s\S]*Acme GmbH/);
    const change = acting(app, admin, (attempt) => attempt('update invoice_parties set quote = null'));
    await expect(change).rejects.toMatchObject({ code: 'forbidden' });
    await setSeller(admin);
    await setBuyer(admin);
  });
});

describe('the documents of an invoice', () => {
  test('are one press away: a link of one’s own in a chat, a button in a room, which shows each person theirs', async () => {
    const made = await issue(await drafted());
    const own = await show(approver, made);
    const room = await showView(
      app,
      { kind: 'audience', tenantId: firm.tenantId, roomId: firm.acme.room },
      { target: 'invoice.show', input: { invoice: made.invoice } },
    );
    const link = named(own, 'PDF');
    const got = await fetch(link?.kind === 'link' ? link.url : '');

    expect(got.status).toBe(200);
    expect(got.headers.get('content-type')).toBe('application/pdf');
    expect(got.headers.get('content-disposition')).toBe(`attachment; filename="Invoice ${made.number}.pdf"`);
    expect(
      Buffer.from(await got.arrayBuffer())
        .subarray(0, 8)
        .toString(),
    ).toBe('%PDF-1.7');
    for (const [label, target] of [
      ['PDF', 'invoice.pdf'],
      ['E-invoice', 'invoice.ubl'],
    ])
      expect(named(room, label ?? '')).toMatchObject({ kind: 'button', press: { target } });
    expect(JSON.stringify(room)).not.toContain('/l/');
  });

  test('are links on the page of a mail, of the page’s own reader', async () => {
    const made = await issue(await drafted());
    const press = { target: 'invoice.show', input: { invoice: made.invoice } };
    const link = linkOf(firm.acme.approver, press);
    const page = await (await fetch(`${pages.origin}${link}`)).text();
    const address = /href="([^"]*invoice\.ubl[^"]*)"/.exec(page)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const got = await fetch(`${pages.origin}${address}`);

    expect(address.startsWith(`${link}/`)).toBe(true);
    expect(got.headers.get('content-type')).toContain('application/xml');
    expect(await got.text()).toContain(`<cbc:ID>${made.number}</cbc:ID>`);
  });

  test('are nobody’s who may not read the invoice, by whatever address', async () => {
    const made = await issue(await drafted());
    const press = { target: 'invoice.pdf', input: { invoice: made.invoice } };
    const own = { target: 'home.help', input: {} };
    const asked = async (person: string, path: string) =>
      (await fetch(`${pages.origin}${path.replace('@', linkOf(person, own))}`)).status;
    const inside = `@/invoice.pdf?invoice=${made.invoice}`;

    for (const person of [firm.acme.viewer, firm.acme.feedback, firm.globex.clientAdmin, firm.globex.approver]) {
      expect(await asked(person, linkOf(person, press))).toBe(404);
      expect(await asked(person, inside)).toBe(404);
    }
    expect(await asked(firm.acme.approver, inside)).toBe(200);
    expect(await asked(firm.acme.approver, '@/invoice.show?invoice=x')).toBe(404);
    expect(await asked(firm.acme.approver, '@/%E0%A4%A')).toBeGreaterThanOrEqual(400);
    expect(
      (await fetch(`${pages.origin}/app/invoice.pdf?invoice=${made.invoice}`, { redirect: 'manual' })).status,
    ).toBe(303);
  });

  test('of what was voided say so, and there is no e-invoice of it any more', async () => {
    const made = await issue(await drafted());
    const { invoice, version } = made;
    await run(admin, 'invoice.void', { invoice, version, reason: 'Billed twice' });
    const card = await show(approver, made);

    expect(named(card, 'PDF')).toBeDefined();
    expect(named(card, 'E-invoice')).toBeUndefined();
    expect(await refusal(file(approver, made, 'invoice.ubl'))).toMatchObject({
      say: expect.stringContaining('it is void'),
    });
  });

  test('of a credit note are a CreditNote, with the names of the day on which it was issued', async () => {
    const made = await issue(await drafted());
    const { invoice, version } = made;
    await run(admin, 'invoice.credit', { invoice, version, amount: '19.00', reason: 'A part was late' });
    const [note] = await acting(app, admin, (attempt) =>
      attempt(`select id from invoice where corrects = '${invoice}'`),
    );
    const xml = await file(approver, { invoice: String(note?.id), number: null, version: 1 }, 'invoice.ubl');

    expect(Buffer.from(xml.content).toString()).toMatch(
      /<CreditNote [\s\S]*<cbc:PayableAmount currencyID="EUR">19.00</,
    );
  });
});

function linkOf(personId: string, press: { target: string; input: Record<string, string> }): string {
  const expires = Math.floor(app.clock.now().getTime() / 1000) + 86_400;
  return `/l/${signLink(app.secrets, { tenantId: firm.tenantId, personId, press, nonce: crypto.randomUUID(), expires })}`;
}

test('to which account clients pay is not a member’s to say, also where they may bill', async () => {
  await run(admin, 'people.set-grant', { person: firm.member, module: 'billing', level: 'edit' });
  const member = as(firm, firm.member);

  const draft = await drafted();
  const labelsOf = (card: Card) => card.actions.map(({ label }) => label).filter((label) => label.endsWith('details…'));

  await expect(setBuyer(member)).resolves.toBeDefined();
  expect(await refusal(setSeller(member, { iban: 'DE02120300000000202051' }))).toMatchObject({ code: 'forbidden' });
  expect(labelsOf(await show(admin, draft))).toEqual(['Client’s details…', 'Your details…']);
  expect(labelsOf(await show(member, draft))).toEqual(['Client’s details…']);
});
