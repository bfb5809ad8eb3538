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
import { withActor } from '../kernel/context.ts';
import type { EventRow } from '../kernel/event.ts';
import { eventOf } from '../kernel/event.ts';
import { readView, runCommand, showView } from '../kernel/registry.ts';
import { quotes } from './index.ts';
import { quoteSchedule } from './schedule.ts';

// Long, because all commands stand on one shared set-up: a database takes seconds to open.
interface Done {
  quote: string;
  number: number;
  version: number;
  hash: string;
  say: string;
}

let app: TestApp;
let firm: TestFirm;
let staff: Who;
let approver: Who;
let viewer: Who;
let clientAdmin: Who;
let count = 0;

beforeAll(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
  staff = as(firm, firm.admin);
  approver = as(firm, firm.acme.approver, 'mail', 'email');
  viewer = as(firm, firm.acme.viewer);
  clientAdmin = as(firm, firm.acme.clientAdmin);
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

const LINE = { quantity: '2', price: '600.00', vat: '19' };

async function drafted(more: Record<string, unknown> = {}): Promise<Done> {
  const place = { client: firm.acme.id, project: firm.acme.project };
  return run(staff, 'quote.draft', { ...place, title: 'Shop', currency: 'EUR', text: 'Checkout', ...LINE, ...more });
}

/** With an option, the second line. */
async function sent(more: Record<string, unknown> = {}): Promise<Done> {
  const { quote, version } = await drafted(more);
  const option = { quote, version, text: 'Photos', ...LINE, optional: 'yes' };
  const { version: added } = await run(staff, 'quote.add-line', option);
  return run(staff, 'quote.send', { quote, version: added });
}

const accept = (who: Who, { quote, hash }: Pick<Done, 'quote' | 'hash'>, take = 'none') =>
  run(who, 'quote.accept', { quote, hash, take });
const statusOf = async (id: string) => (await owner('select status from quote where id = $1', [id]))[0]?.status;
const acceptances = (id: string) => owner('select * from quote_acceptance where quote_id = $1', [id]);
const show = (who: Who, { quote }: Pick<Done, 'quote'>) =>
  showView(app, who, { target: 'quote.show', input: { quote } });

/** Does what follows from the events about a quote, as the hub does after each. */
async function followUp(id: string): Promise<void> {
  const rows = (await owner('select * from event where entity_id = $1 order by seq', [id])) as unknown as EventRow[];
  for (const event of rows.map(eventOf))
    for (const { on, next } of quotes.reactions) {
      const request = on === event.name ? next(event) : null;
      const system = { kind: 'system', tenantId: firm.tenantId, reason: event.name } as const;
      if (request) await runCommand(app, system, { ...request, requestId: `${event.id}:${request.name}` });
    }
}

describe('drafting', () => {
  test('numbers the quotes of a firm one after the other, also when two are drafted at once', async () => {
    const first = await drafted();
    const rest = await Promise.all([drafted(), drafted(), drafted()]);
    const rival = await makeFirm(app.database, 'Rival & Sons');
    const other = await run(as(rival, rival.admin), 'quote.draft', {
      ...{ client: rival.acme.id, title: 'Theirs', currency: 'KWD', text: 'Advice', ...LINE, price: '1.125' },
    });

    expect(rest.map(({ number }) => number).sort()).toEqual([1, 2, 3].map((more) => first.number + more));
    expect(other.number).toBe(1);
  });

  test('is refused beside the field, in a currency that is none and with amounts that cannot be', async () => {
    expect(await refusal(drafted({ currency: 'DEM' }))).toMatchObject({
      code: 'invalid',
      detail: { fields: { currency: 'is not a currency; write three letters like EUR' } },
    });
    expect(await refusal(drafted({ quantity: '-3', price: '1e9' }))).toMatchObject({
      detail: { fields: { quantity: 'is more than 0', price: 'is not a number; write it like 1200.50' } },
    });
  });

  test('for a project of another client than was chosen is refused', async () => {
    expect(await refusal(drafted({ client: firm.globex.id }))).toMatchObject({ code: 'not_found' });
  });

  test('leaves something that no contact sees: not by its id, in a list, or with SQL of their own', async () => {
    const { quote } = await drafted();

    for (const who of [approver, viewer, clientAdmin]) {
      expect(await refusal(show(who, { quote }))).toMatchObject({ code: 'not_found' });
      expect(await refusal(accept(who, { quote, hash: 'x'.repeat(43) }))).toMatchObject({
        code: 'not_found',
      });
      const listed = (await readView(app, who, { target: 'quote.list', input: {} }).catch(() => ({ items: [] }))) as {
        items: { id: string }[];
      };
      expect(listed.items.map(({ id }) => id)).not.toContain(quote);
      expect(await acting(app, who, (attempt) => attempt(`select id from quote where status = 'draft'`))).toEqual([]);
    }
  });

  test('opens the form of a line with what the line holds', async () => {
    const { quote, version } = await drafted({ vat: 'exempt: education' });

    const card = await showView(app, staff, {
      target: 'quote.change-line',
      input: { quote, version: String(version), line: '1' },
    });

    const values = Object.fromEntries((formOf(card)?.fields ?? []).map(({ name, value }) => [name, value]));
    expect(values).toMatchObject({ text: 'Checkout', quantity: '2', price: '600.00', vat: 'Exempt: education' });
  });

  test('says what is different, and refuses to save what is not', async () => {
    const { quote, version } = await drafted();
    const line = { quote, version, line: 1, text: 'Checkout', ...LINE };

    expect(await refusal(run(staff, 'quote.change-line', line))).toMatchObject({ code: 'conflict' });
    await run(staff, 'quote.change-line', { ...line, quantity: '3' });
    const stale = await refusal(run(staff, 'quote.change-line', { ...line, quantity: '4' }));

    expect(stale).toMatchObject({ code: 'stale' });
    expect(JSON.stringify(stale)).toContain('3 × €600.00 = €1,800.00');
  });
});

describe('an offer', () => {
  test('shows its lines, its options, its tax and what it comes to', async () => {
    const quote = await sent();

    const card = await show(approver, quote);

    const text = JSON.stringify(card);
    expect(text).toContain('2 × €600.00 = €1,200.00 · 19 % · billed on acceptance');
    expect(text).toContain('19 % on €1,200.00');
    expect(text).toContain('€1,428.00');
    expect(card.fallback).toBe(`Q-${quote.number} Shop: €1,428.00 (waiting for an answer)`);
    expect(buttonsOf(card).map(({ label }) => label)).toEqual(['Accept…', 'Decline…', 'Reply…']);
  });

  test('is not changed by anybody, whatever they write to the tables', async () => {
    const { quote } = await sent();
    const forged = `update quote set content = '{}' where id = '${quote}'`;

    for (const who of [approver, staff]) await expect(acting(app, who, (attempt) => attempt(forged))).rejects.toThrow();
    await expect(owner(forged)).rejects.toMatchObject({ code: '23514' });
    expect(
      await refusal(run(staff, 'quote.set-terms', { quote, version: 3, title: 'Other', expiresOn: '2027-01-01' })),
    ).toMatchObject({ code: 'conflict' });
  });

  test('waits on the home of whoever can accept it, and of nobody else', async () => {
    const { quote } = await sent();
    const home = async (who: Who) => JSON.stringify(await showView(app, who, { target: 'home.work', input: {} }));

    expect(await home(approver)).toContain(quote);
    expect(await home(viewer)).not.toContain(quote);
    expect(await home(staff)).not.toContain(quote);
  });

  test('for the whole client is its administrator’s alone to see and to accept', async () => {
    const quote = await sent({ project: undefined });

    expect(await refusal(show(approver, quote))).toMatchObject({ code: 'not_found' });
    await accept(clientAdmin, quote);
    expect(await statusOf(quote.quote)).toBe('accepted');
  });
});

test('a quote of a project in which somebody only views stands neither in their list nor on a card', async () => {
  const { id: client, otherProject: project } = firm.acme;
  await owner(
    'insert into membership (tenant_id, client_id, project_id, person_id, role) values ($1, $2, $3, $4, $5)',
    [...[firm.tenantId, client, project, firm.acme.approver, 'viewer']],
  );
  const [there, here] = [await sent({ project }), await sent()];
  const list = JSON.stringify(await showView(app, approver, { target: 'quote.list', input: {} }));
  const card = await refusal(show(approver, there));
  const answer = await refusal(accept(approver, there));
  await owner('delete from membership where project_id = $1 and person_id = $2', [project, firm.acme.approver]);

  expect([list.includes(here.quote), list.includes(there.quote)]).toEqual([true, false]);
  expect([card, answer]).toEqual(
    Array(2).fill(expect.objectContaining({ code: expect.stringMatching(/^(forbidden|not_found)$/) })),
  );
});

describe('accepting', () => {
  test('keeps what was accepted with who, where, when and how surely, and asks for the deposit', async () => {
    const { quote, version } = await drafted();
    const terms = { quote, version, title: 'Shop', expiresOn: '2026-12-24', deposit: '30 %' };
    const { version: written } = await run(staff, 'quote.set-terms', terms);
    const { hash } = await run(staff, 'quote.send', { quote, version: written });

    const { say } = await accept(approver, { quote, hash });

    expect(say).toMatch(/^Q-\d+ is accepted: €1,428\.00, tax included\. The deposit is €428\.40\. Thank you!$/);
    expect(await acceptances(quote)).toMatchObject([
      {
        hash,
        taken: [],
        person_id: firm.acme.approver,
        by_name: 'Acme Approver',
        channel: 'email',
        assurance: 'mail',
        at: expect.any(Date),
        content: { title: 'Shop', lines: [{ text: 'Checkout', quantity: '2', unitPrice: 60_000 }] },
        price: { sums: [{ every: 'once', net: 120_000, tax: 22_800, gross: 142_800 }], deposit: 42_840 },
      },
    ]);
    const events = await owner(
      `select name, data from event where entity_id = $1 and name like 'quote.%' order by seq`,
      [quote],
    );
    expect(events.slice(-2)).toMatchObject([
      { name: 'quote.accepted', data: { gross: 142_800, hash } },
      { name: 'quote.deposit-due', data: { deposit: 42_840, currency: 'EUR' } },
    ]);
  });

  test('shows whoever bills the way to the invoice, with the quote chosen, and nobody else', async () => {
    const quote = await sent();
    const ways = async (who: Who) =>
      buttonsOf(await show(who, quote)).filter(({ press }) => press.target === 'invoice.bill-quote');
    expect(await ways(staff)).toEqual([]);

    await accept(approver, quote);

    const [way] = await ways(staff);
    expect(way).toMatchObject({ label: 'Bill it…', press: { input: { quote: quote.quote } } });
    for (const who of [approver, clientAdmin, as(firm, firm.member)]) expect(await ways(who)).toEqual([]);
  });

  test('leaves a record that no role can change or remove', async () => {
    const quote = await sent();
    await accept(approver, quote, '2');
    const everybody: Who[] = [staff, approver, { kind: 'system', tenantId: firm.tenantId, reason: 'test' }];

    for (const who of everybody)
      for (const forged of [`update quote_acceptance set taken = '{}'`, 'delete from quote_acceptance'])
        await expect(acting(app, who, (attempt) => attempt(forged))).rejects.toMatchObject({ code: 'forbidden' });
    await expect(owner(`update quote set status = 'sent' where id = $1`, [quote.quote])).rejects.toMatchObject({
      code: '23514',
    });
  });

  test('makes the cycles official that the lines name, in the names of who sent and who accepted', async () => {
    const planned = await run(staff, 'cycle.plan', {
      ...{ project: firm.acme.project, name: 'Checkout', startsOn: '2026-12-01', endsOn: '2026-12-18' },
      deliverables: 'Basket',
    });
    const { cycle } = planned as unknown as { cycle: string };
    const { quote, version } = await drafted();
    const named = { quote, version, line: 1, text: 'Checkout', ...LINE, cycle };
    const { version: written } = await run(staff, 'quote.change-line', named);
    const { hash } = await run(staff, 'quote.send', { quote, version: written });

    await accept(approver, { quote, hash });
    await followUp(quote);
    await followUp(quote);

    const approvals = await owner(
      'select side, by_name, channel, assurance from approval where cycle_id = $1 order by side',
      [cycle],
    );
    expect(approvals).toEqual([
      { side: 'client', by_name: 'Acme Approver', channel: 'email', assurance: 'mail' },
      { side: 'firm', by_name: 'Ada Admin', channel: 'slack', assurance: 'chat' },
    ]);
  });

  test('is refused when the scope of a cycle became another one since it was sent', async () => {
    const content = { name: 'Cart', startsOn: '2026-12-01', endsOn: '2026-12-18', deliverables: 'Cart' };
    const planned = await run(staff, 'cycle.plan', { project: firm.acme.project, ...content });
    const { cycle } = planned as unknown as { cycle: string };
    const { quote, version } = await drafted();
    const named = { quote, version, line: 1, text: 'Cart', ...LINE, cycle };
    const { version: written } = await run(staff, 'quote.change-line', named);
    const { hash } = await run(staff, 'quote.send', { quote, version: written });
    await run(staff, 'cycle.edit-scope', { cycle, version: 1, ...content, deliverables: 'Cart\nVouchers' });

    expect(await refusal(accept(approver, { quote, hash }))).toMatchObject({
      code: 'stale',
      detail: { changes: ['The scope of Cart changed after the quote was sent'] },
    });
    expect(await acceptances(quote)).toEqual([]);
  });
});

describe('an outsider', () => {
  test('who accepts an expired quote from an old card is told until when it stood, before and after that was noted', async () => {
    const { quote, version } = await drafted();
    const terms = { quote, version, title: 'Shop', expiresOn: '2026-11-27' };
    const { version: written } = await run(staff, 'quote.set-terms', terms);
    const { hash } = await run(staff, 'quote.send', { quote, version: written });
    // Midnight in New York, where the client is; in Berlin it has been tomorrow for hours.
    goTo('2026-11-28T05:00:00Z');

    const early = await refusal(accept(approver, { quote, hash }));
    const system: Who = { kind: 'system', tenantId: firm.tenantId, reason: 'quotes' };
    const due = await withActor(app, system, (context) => quoteSchedule.due(context, [quote]));
    for (const request of due) await runCommand(app, system, request);
    const late = await answerPress(app, approver, {
      press: { target: 'quote.accept', input: { quote, hash, take: 'no' } },
      requestId: 'from an old mail',
    });

    expect(early).toMatchObject({ code: 'conflict', say: expect.stringContaining('until the end of 27 Nov 2026') });
    expect(await statusOf(quote)).toBe('expired');
    expect(late).toMatchObject({ kind: 'refused', code: 'conflict', card: { status: 'Expired' } });
    expect(await acceptances(quote)).toEqual([]);
  });

  test('who ticks an option that the quote in its place no longer has is told what changed, and accepts nothing', async () => {
    const old = await sent();
    const copy = await run(staff, 'quote.copy', { quote: old.quote });
    const removed = await run(staff, 'quote.remove-line', { quote: copy.quote, version: 1, line: 2 });
    await run(staff, 'quote.send', { quote: copy.quote, version: removed.version });

    const answer = await answerPress(app, approver, {
      press: { target: 'quote.accept', input: { quote: old.quote, hash: old.hash } },
      form: { take: '2' },
      requestId: 'an option that was withdrawn',
    });

    expect(answer).toMatchObject({ kind: 'stale', card: { about: { id: copy.quote } } });
    expect(JSON.stringify(answer)).toContain('Removed: Photos (option)');
    expect([await statusOf(old.quote), await statusOf(copy.quote)]).toEqual(['superseded', 'sent']);
  });

  test('the form shows the options as boxes, none of them ticked, and says what each costs', async () => {
    const { quote, hash } = await sent();
    const press = { target: 'quote.accept', input: { quote, hash } };

    const asked = await answerPress(app, approver, { press, requestId: 'a form with boxes' });

    const card = asked.kind === 'form' ? asked.card : undefined;
    expect(card && formOf(card)?.fields).toEqual([
      {
        ...{ kind: 'several', name: 'take', label: 'Which options do you take?', required: false, needed: true },
        ...{ least: 0, most: 100, hint: 'Without any you take only what is fixed.' },
        options: [{ value: '2', label: '2. Photos' }],
      },
    ]);
    expect(JSON.stringify(card)).toContain('2. Photos: 2 × €600.00 = €1,200.00 · 19 %');
  });

  test.each([
    ['no box', {}, []],
    ['a box', { take: '2' }, [2]],
    ['a box twice', { take: '2,2' }, [2]],
  ])('with %s ticked takes that, and no form that was not sent takes anything', async (what, form, taken) => {
    const { quote, hash } = await sent();
    const press = { target: 'quote.accept', input: { quote, hash } };
    await answerPress(app, approver, { press, requestId: `looked at ${what}` });
    expect(await acceptances(quote)).toEqual([]);

    expect(await answerPress(app, approver, { press, form, requestId: `sent ${what}` })).toMatchObject({
      kind: 'done',
    });

    expect(await acceptances(quote)).toMatchObject([{ taken }]);
  });

  test('what tools send may be a list or a text, and is needed', async () => {
    const { quote, hash } = await sent();
    const input = { quote, hash };

    expect(await refusal(run(approver, 'quote.accept', input))).toMatchObject({
      detail: { fields: { take: 'is needed' } },
    });
    await run(approver, 'quote.accept', { ...input, take: ['2'] });
    expect(await acceptances(quote)).toMatchObject([{ taken: [2] }]);
  });

  test('who ticks an option that there never was is told which there are', async () => {
    const quote = await sent();

    for (const take of ['1', '7', '2 and 3'])
      expect(await refusal(accept(approver, quote, take))).toMatchObject({
        code: 'invalid',
        detail: { fields: { take: expect.stringMatching(/the options are 2$/) } },
      });
    expect(await acceptances(quote.quote)).toEqual([]);
  });

  test('who accepts twice at once from two channels accepts once', async () => {
    const quote = await sent();
    const chat = as(firm, firm.acme.approver);

    const both = await Promise.allSettled([accept(chat, quote, '2'), accept(approver, quote)]);

    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'conflict' } });
    expect(await acceptances(quote.quote)).toHaveLength(1);
  });

  test('who has left, or only views, or is the firm itself, accepts nothing', async () => {
    const quote = await sent();
    const feedback = as(firm, firm.acme.feedback);
    const system: Who = { kind: 'system', tenantId: firm.tenantId, reason: 'test' };
    for (const who of [viewer, feedback, staff, system])
      expect(await refusal(accept(who, quote))).toMatchObject({
        code: expect.stringMatching(/^(forbidden|not_found)$/),
      });

    await owner('update person set active = false where id = $1', [firm.acme.approver]);
    const left = await refusal(accept(approver, quote));
    await owner('update person set active = true where id = $1', [firm.acme.approver]);

    expect(left).toMatchObject({ code: 'not_found' });

    // Whoever is kept from prices binds nobody to them, though they approve cycles.
    await owner(`update person set grants = '{"billing": "none"}' where id = $1`, [firm.acme.approver]);
    const unread = await refusal(accept(approver, quote));
    await owner(`update person set grants = '{}' where id = $1`, [firm.acme.approver]);

    expect(unread).toMatchObject({ code: expect.stringMatching(/^(forbidden|not_found)$/) });
    expect(await statusOf(quote.quote)).toBe('sent');
  });

  test('with another client’s quote is told that there is none', async () => {
    const quote = await sent();
    const stranger = as(firm, firm.globex.approver);

    for (const work of [accept(stranger, quote), show(stranger, quote)])
      expect(await refusal(work)).toMatchObject({ code: 'not_found' });
    expect(
      await refusal(run(stranger, 'quote.decline', { quote: quote.quote, version: 3, reason: 'Theirs' })),
    ).toMatchObject({
      code: 'not_found',
    });
  });

  test('with the hash of another quote accepts nothing', async () => {
    const [quote, other] = [await sent(), await sent()];

    expect(await refusal(accept(approver, { quote: quote.quote, hash: other.hash }))).toMatchObject({ code: 'stale' });
    expect(await statusOf(quote.quote)).toBe('sent');
  });

  test('who declines on a card that shows an older state is told how it stands', async () => {
    const { quote, version } = await sent();

    expect(
      await refusal(run(approver, 'quote.decline', { quote, version: version - 1, reason: 'Too dear' })),
    ).toMatchObject({
      code: 'stale',
      detail: { changes: [expect.stringMatching(/^Q-\d+ waits for an answer\.$/)] },
    });
  });

  test('who accepts what was declined or taken back is told so', async () => {
    const [one, other] = [await sent(), await sent()];
    await run(approver, 'quote.decline', { quote: one.quote, version: one.version, reason: 'Too dear for us' });
    await run(staff, 'quote.withdraw', { quote: other.quote, version: other.version });

    expect(await refusal(accept(approver, one))).toMatchObject({ say: expect.stringMatching(/is declined/) });
    expect(await refusal(accept(approver, other))).toMatchObject({ say: expect.stringMatching(/is withdrawn/) });
  });

  test('with SQL of their own neither accepts in another’s name nor makes an answer of another kind', async () => {
    const { quote, hash } = await sent();
    const row = (person: string, name: string) =>
      `insert into quote_acceptance (tenant_id, quote_id, client_id, project_id, hash, taken, content, price, person_id, by_name, channel,
        assurance, at) values ('${firm.tenantId}', '${quote}', '${firm.acme.id}', '${firm.acme.project}', '${hash}', '{}', '{}', '{}',
        '${person}', '${name}', 'slack', 'chat', now())`;

    for (const forged of [
      row(firm.acme.clientAdmin, 'Acme Admin'),
      row(firm.acme.approver, 'Acme Admin'),
      `update quote set status = 'expired' where id = '${quote}'`,
      `update quote set content_hash = 'x' where id = '${quote}'`,
    ])
      await expect(acting(app, approver, (attempt) => attempt(forged))).rejects.toMatchObject({ code: 'forbidden' });
    await expect(acting(app, staff, (attempt) => attempt(row(firm.admin, 'Ada Admin')))).rejects.toMatchObject({
      code: 'forbidden',
    });
  });
});

describe('a copy', () => {
  test('of what still stands ends it when it is sent, and not before', async () => {
    const old = await sent();
    const copy = await run(staff, 'quote.copy', { quote: old.quote });

    expect(await statusOf(old.quote)).toBe('sent');
    await run(staff, 'quote.send', { quote: copy.quote, version: copy.version });
    expect(await statusOf(old.quote)).toBe('superseded');
  });

  test('of what another copy has replaced already ends that one', async () => {
    const old = await sent();
    const [one, other] = [
      await run(staff, 'quote.copy', { quote: old.quote }),
      await run(staff, 'quote.copy', { quote: old.quote }),
    ];
    await run(staff, 'quote.send', { quote: one.quote, version: one.version });
    await run(staff, 'quote.send', { quote: other.quote, version: other.version });

    expect(await Promise.all([old, one, other].map(({ quote }) => statusOf(quote)))).toEqual([
      'superseded',
      'superseded',
      'sent',
    ]);
  });

  test('of what was accepted meanwhile is not sent in its place', async () => {
    const old = await sent();
    const copy = await run(staff, 'quote.copy', { quote: old.quote });
    await accept(approver, old);

    expect(await refusal(run(staff, 'quote.send', { quote: copy.quote, version: copy.version }))).toMatchObject({
      code: 'conflict',
      say: expect.stringMatching(/was accepted meanwhile\. Copy it again/),
    });
    expect(await statusOf(copy.quote)).toBe('draft');
  });
});

describe('asking for a quote', () => {
  const wish = { title: 'A second language', body: 'French, for the shop' };

  test('is for contacts, in a project where they may say something; the team sees it on its home', async () => {
    const project = firm.acme.project;
    const { inquiry } = (await run(approver, 'quote.request', { project, ...wish })) as unknown as { inquiry: string };

    for (const who of [viewer, as(firm, firm.acme.feedback), staff, as(firm, firm.globex.approver)])
      expect(await refusal(run(who, 'quote.request', { project, ...wish }))).toMatchObject({
        code: expect.stringMatching(/^(forbidden|not_found)$/),
      });
    const home = JSON.stringify(await showView(app, staff, { target: 'home.work', input: {} }));
    expect(home).toContain(inquiry);
  });

  test('is answered by a draft that holds its title, once', async () => {
    const asked = await run(approver, 'quote.request', { project: firm.acme.project, ...wish });
    const { inquiry } = asked as unknown as { inquiry: string };
    const input = { inquiry, version: '1' };
    const form = formOf(await showView(app, staff, { target: 'inquiry.quote', input }));
    const typed = { title: wish.title, currency: 'EUR', text: 'Translation', ...LINE };

    const answer = await runCommand(app, staff, {
      name: 'inquiry.quote',
      input: { ...input, ...typed },
      requestId: 'quote an inquiry',
    });

    expect(form?.fields.find(({ name }) => name === 'title')?.value).toBe(wish.title);
    expect(buttonsOf(answer.card)[0]?.label).toMatch(/^Open Q-\d+$/);
    expect(await refusal(run(staff, 'inquiry.quote', { ...input, version: '2', ...typed }))).toMatchObject({
      code: 'conflict',
    });
    const card = await showView(app, approver, { target: 'inquiry.show', input: { inquiry } });
    expect(card.status).toBe('Being quoted');
    // The draft itself is not yet theirs to see.
    expect(buttonsOf(card)).toEqual([]);
  });
});
