import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { acting } from '../../testing/acting.ts';
import type { TestApp } from '../../testing/app.ts';
import { testApp } from '../../testing/app.ts';
import { asOwner } from '../../testing/database.ts';
import type { TestFirm } from '../../testing/firm.ts';
import { as, makeFirm } from '../../testing/firm.ts';
import { areas } from '../areas.ts';
import type { Who } from '../kernel/actor.ts';
import type { Answer } from '../kernel/answer.ts';
import { answerPress } from '../kernel/answer.ts';
import type { Card, Press } from '../kernel/card.ts';
import { buttonsOf, formOf } from '../kernel/card.ts';
import type { EventRow } from '../kernel/event.ts';
import { eventOf } from '../kernel/event.ts';
import { runCommand, showView } from '../kernel/registry.ts';

let app: TestApp;
let firm: TestFirm;
let admin: Who;
let approver: Who;
let clientAdmin: Who;
let count = 0;

const owner = (text: string, values: unknown[] = []) => asOwner(app.database)(text, values);

beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());
// Each begins with a firm of its own: a rule is about all of a client.
beforeEach(async () => {
  firm = await makeFirm(app.database);
  admin = as(firm, firm.admin);
  approver = as(firm, firm.acme.approver);
  clientAdmin = as(firm, firm.acme.clientAdmin, 'mail', 'email');
  seen = 0;
});

async function run(who: Who, name: string, input: Record<string, unknown>): Promise<Record<string, string>> {
  return (await runCommand(app, who, { name, input, requestId: `approvals ${++count}` })).output as Record<
    string,
    string
  >;
}

const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'was allowed',
    (error: { code: string; say: string; detail: { changes?: string[]; fields?: object } }) => error,
  );

const setRule = (needed: string, order: string[] = [], who = admin) => {
  const [first, second, third] = order;
  return run(who, 'approval.set-rule', {
    ...{ client: firm.acme.id, needed },
    ...Object.fromEntries(Object.entries({ first, second, third }).filter(([, id]) => id)),
  });
};

const CONTENT = { name: 'Checkout', startsOn: '2026-12-01', endsOn: '2026-12-18', deliverables: 'Basket' };
const plan = () => run(admin, 'cycle.plan', { project: firm.acme.project, ...CONTENT });
const approve = (who: Who, { cycle, hash }: Record<string, string>) => run(who, 'cycle.approve', { cycle, hash });
const show = (who: Who, press: Press): Promise<Card> => showView(app, who, press);
const cycleFor = (who: Who, cycle = '') => show(who, { target: 'cycle.show', input: { cycle } });
const quoteFor = (who: Who, quote = '') => show(who, { target: 'quote.show', input: { quote } });
const labels = (card: Card) => buttonsOf(card).map(({ label }) => label);
const home = async (who: Who) => JSON.stringify(await show(who, { target: 'home.work', input: {} }));
const agreements = (cycle = '') => owner('select number from cycle_agreement where cycle_id = $1', [cycle]);

const LINE = { quantity: '1', price: '600.00', vat: '19' };

/** With two options, its second and third line. */
async function sent(more: Record<string, unknown> = {}): Promise<Record<string, string>> {
  const place = { client: firm.acme.id, project: firm.acme.project, currency: 'EUR' };
  let made = await run(admin, 'quote.draft', { ...place, ...LINE, title: 'Shop', text: 'Checkout', ...more });
  for (const text of ['Photos', 'Training'])
    made = await run(admin, 'quote.add-line', { ...pick(made), ...LINE, text, optional: 'yes' });
  return run(admin, 'quote.send', pick(made));
}
const pick = ({ quote, version }: Record<string, string>) => ({ quote, version });
const accept = (who: Who, { quote, hash }: Record<string, string>, take = '2') =>
  run(who, 'quote.accept', { quote, hash, take });
const statusOf = async ({ quote }: Record<string, string>) =>
  (await owner('select status from quote where id = $1', [quote]))[0]?.status;

let seen = 0;
/** Does what follows from all events since it was last asked, as the hub does after each. */
async function followUp(): Promise<void> {
  for (let hasMore = true; hasMore; ) {
    const rows = (await owner('select * from event where tenant_id = $1 and seq > $2 order by seq', [
      firm.tenantId,
      seen,
    ])) as unknown as EventRow[];
    hasMore = rows.length > 0;
    for (const event of rows.map(eventOf)) {
      seen = Math.max(seen, Number(event.seq));
      for (const { on, next } of areas.flatMap(({ reactions }) => reactions)) {
        const request = on === event.name ? next(event) : null;
        const system = { kind: 'system', tenantId: firm.tenantId, reason: event.name } as const;
        // What there is nothing to do for is refused, as in the hub.
        if (request) await refusal(runCommand(app, system, { ...request, requestId: `${event.id}:${request.name}` }));
      }
    }
  }
}

describe('the rule of a client', () => {
  test('is set by administrators, is read by all who work for the client and by its people, and stands in the audit', async () => {
    await setRule('2', [firm.acme.approver]);

    for (const who of [admin, as(firm, firm.member), approver, as(firm, firm.acme.viewer), clientAdmin])
      expect((await show(who, { target: 'approval.rule', input: { client: firm.acme.id } })).fallback).toBe(
        '2 approvers of Acme, Acme Approver first must approve.',
      );
    const audited = await owner(
      `select before, after, by_name from audit where command = 'approval.set-rule' and tenant_id = $1`,
      [firm.tenantId],
    );
    expect(audited).toEqual([
      {
        before: { needed: '1', order: [] },
        after: { needed: '2', order: ['Acme Approver'] },
        by_name: 'Ada Admin',
      },
    ]);
  });

  test('is set by nobody else, and read by no other client', async () => {
    for (const who of [as(firm, firm.partner), as(firm, firm.member), approver, as(firm, firm.acme.clientAdmin)])
      expect(await refusal(setRule('2', [], who))).toMatchObject({ code: 'forbidden' });
    expect(await refusal(setRule('2', [], as(firm, firm.admin, 'link', 'email')))).toMatchObject({ code: 'forbidden' });
    const globex = as(firm, firm.globex.approver);
    const press = { target: 'approval.rule', input: { client: firm.acme.id } };
    expect(await refusal(show(globex, press))).toMatchObject({ code: 'not_found' });
    for (const who of [approver, globex, as(firm, firm.member)])
      await expect(
        acting(app, who, (attempt) =>
          attempt(`update approval_rule set needed = 1 where client_id = '${firm.acme.id}'`),
        ),
      ).rejects.toMatchObject({ code: 'forbidden' });
  });

  test('that cannot be kept is refused beside the field', async () => {
    const { approver: first, clientAdmin: second } = firm.acme;

    expect(await refusal(setRule('1', [first, second]))).toMatchObject({
      detail: { fields: { needed: 'is less than the 2 who are named: each of them must approve' } },
    });
    expect(await refusal(setRule('3', [first, first]))).toMatchObject({
      detail: { fields: { second: 'is named before already' } },
    });
    expect(await refusal(setRule('2', [firm.globex.approver]))).toMatchObject({
      detail: { fields: { first: 'is nobody of this client, or has no access any more' } },
    });
  });

  test('is opened with what it is', async () => {
    await setRule('all', [firm.acme.clientAdmin]);

    const card = await show(admin, { target: 'approval.set-rule', input: { client: firm.acme.id } });

    const values = Object.fromEntries((formOf(card)?.fields ?? []).map(({ name, value }) => [name, value]));
    expect(values).toMatchObject({ needed: 'all', first: firm.acme.clientAdmin, second: undefined });
  });
});

describe('a cycle', () => {
  test('is agreed on with the second of two approvers, and waits for nobody but those whose turn it is', async () => {
    await setRule('2');
    const made = await plan();
    const { cycle = '' } = made;
    await approve(admin, made);

    const first = await approve(approver, made);

    expect(first.say).toBe('Your approval of Checkout is recorded. Still to approve: Acme (Acme Admin).');
    expect(await agreements(cycle)).toEqual([]);
    expect(await refusal(run(admin, 'cycle.start', { cycle, version: 3 }))).toMatchObject({ code: 'conflict' });
    expect([(await home(approver)).includes(cycle), (await home(clientAdmin)).includes(cycle)]).toEqual([false, true]);
    expect((await home(as(firm, firm.acme.viewer))).includes(cycle)).toBe(false);
    const second = await approve(clientAdmin, made);
    expect(second.say).toBe('Checkout is approved for Acme. Both sides have approved.');
    await run(admin, 'cycle.start', { cycle, version: 4 });
    const signers = await owner(`select by_name, channel, assurance from approval where cycle_id = $1 order by at`, [
      cycle,
    ]);
    expect(signers).toEqual([
      { by_name: 'Ada Admin', channel: 'slack', assurance: 'chat' },
      { by_name: 'Acme Approver', channel: 'slack', assurance: 'chat' },
      { by_name: 'Acme Admin', channel: 'email', assurance: 'mail' },
    ]);
  });

  test('counts an approval of another version for nothing, and keeps it on record', async () => {
    await setRule('2');
    const made = await plan();
    const { cycle = '' } = made;
    await approve(approver, made);
    const edited = await run(admin, 'cycle.edit-scope', {
      cycle,
      version: 2,
      ...CONTENT,
      deliverables: 'Basket\nVouchers',
    });

    expect(await refusal(approve(clientAdmin, made))).toMatchObject({
      code: 'stale',
      detail: { changes: ['Added: Vouchers'] },
    });
    await approve(clientAdmin, { cycle, hash: edited.hash ?? '' });

    expect(await agreements(cycle)).toEqual([]);
    expect(await owner(`select number, by_name from approval where cycle_id = $1 order by number`, [cycle])).toEqual([
      { number: 1, by_name: 'Acme Approver' },
      { number: 2, by_name: 'Acme Admin' },
    ]);
  });

  test('is approved in the order that was set: whoever is not next has no button and is told who is', async () => {
    await setRule('2', [firm.acme.clientAdmin, firm.acme.approver]);
    const made = await plan();
    const press = { target: 'cycle.approve', input: { cycle: made.cycle ?? '', hash: made.hash ?? '' } };

    expect(labels(await cycleFor(approver, made.cycle))).not.toContain('Approve');
    const answer: Answer = await answerPress(app, approver, { press, requestId: 'out of turn' });
    expect(answer).toMatchObject({
      kind: 'refused',
      say: 'You cannot approve Checkout now: Acme Admin must approve first.',
      card: { title: 'Checkout' },
    });
    await approve(clientAdmin, made);
    expect(labels(await cycleFor(approver, made.cycle))).toContain('Approve');
    await approve(approver, made);
    expect(await agreements(made.cycle)).toHaveLength(1);
  });

  test('is brought to whoever comes next, once it is their turn, and to nobody where there is no order', async () => {
    const told = async (id = '') =>
      (await owner(`select data from event where entity_id = $1 and name like '%.turn-came' order by seq`, [id])).map(
        ({ data }) => (data as { people: string[] }).people,
      );
    const free = await plan();
    await setRule('2');
    await approve(clientAdmin, free);
    await setRule('2', [firm.acme.clientAdmin, firm.acme.approver]);
    const made = await plan();
    await approve(admin, made);
    const before = await told(made.cycle);
    await approve(clientAdmin, made);
    const offer = await sent();
    await run(clientAdmin, 'quote.accept', { quote: offer.quote, hash: offer.hash, take: 'none' });

    expect([await told(free.cycle), before]).toEqual([[], []]);
    expect(await told(made.cycle)).toEqual([[firm.acme.approver]]);
    expect(await told(offer.quote)).toEqual([[firm.acme.approver]]);
    await approve(approver, made);
    expect(await told(made.cycle)).toHaveLength(1);
  });

  test('counts a person once, whichever of their accounts they press in', async () => {
    await setRule('2');
    const made = await plan();
    await owner(
      `insert into identity (tenant_id, id, person_id, provider, account, external_id, proof) values ($1, gen_random_uuid(), $2, 'slack', $3, 'U-second', 'code')`,
      [firm.tenantId, firm.acme.approver, firm.tenantId],
    );
    const account = (externalId: string): Who => ({
      ...{ kind: 'identity', install: { tool: 'slack', account: firm.tenantId }, provider: 'slack' },
      ...{ account: firm.tenantId, externalId, channel: 'slack', assurance: 'chat' },
    });
    await approve(account(`U-${firm.acme.approver}`), made);

    for (const who of [account('U-second'), as(firm, firm.acme.approver, 'mail', 'email')])
      expect(await refusal(approve(who, made))).toMatchObject({
        code: 'conflict',
        say: expect.stringMatching(
          /^Acme Approver approved this for Acme already, on .* Still to approve: .*Acme Admin/,
        ),
      });
    expect(await agreements(made.cycle)).toEqual([]);
  });

  test('is not approved by a viewer, however the rule is', async () => {
    await setRule('2', [firm.acme.viewer, firm.acme.approver]);
    const made = await plan();

    expect(await refusal(approve(as(firm, firm.acme.viewer), made))).toMatchObject({ code: 'forbidden' });
    await approve(approver, made);
    expect(await agreements(made.cycle)).toEqual([]);
    expect(JSON.stringify(await cycleFor(admin, made.cycle))).toContain(
      'Named in the order, and no approver here any more: Acme Viewer.',
    );
  });

  test('keeps the number when an approver leaves, tells the firm, and counts what they had approved', async () => {
    await setRule('3');
    const made = await plan();
    await approve(approver, made);
    await run(as(firm, firm.acme.clientAdmin), 'people.leave-project', {
      person: firm.acme.approver,
      project: firm.acme.project,
    });
    await followUp();

    const short =
      'Too few approvers are left: 2 more approvers of Acme must approve, and 1 can. Make somebody an approver of the project, or change the rule on the client’s card.';
    expect(JSON.stringify(await cycleFor(admin, made.cycle))).toContain(short);
    expect(JSON.stringify(await cycleFor(clientAdmin, made.cycle))).not.toContain('Too few');
    await approve(clientAdmin, made);
    expect(await agreements(made.cycle)).toEqual([]);
    // The firm decides to ask for less: then what was signed is enough.
    await setRule('2');
    await followUp();
    expect(await agreements(made.cycle)).toHaveLength(1);
    const [agreed] = await owner(
      `select data from event where entity_id = $1 and name = 'cycle.counted' order by seq desc`,
      [made.cycle],
    );
    expect(agreed).toMatchObject({ data: { agreed: true } });
  });

  test('of which all must approve waits for nobody who has no access any more, and an agreement outlives its rule', async () => {
    await setRule('all');
    const made = await plan();
    await approve(approver, made);
    expect(await agreements(made.cycle)).toEqual([]);
    await run(admin, 'people.deactivate', { person: firm.acme.clientAdmin });
    await followUp();

    expect(await agreements(made.cycle)).toHaveLength(1);
    await setRule('5');
    await followUp();
    expect(await agreements(made.cycle)).toHaveLength(1);
    expect((await cycleFor(admin, made.cycle)).status).toBe('Waiting for Northwind Studio’s approval');
  });

  test('is agreed on by nobody who writes to the tables with fewer signatures than must be', async () => {
    await setRule('2');
    const { cycle = '', hash } = await plan();
    await approve(approver, { cycle, hash: hash ?? '' });
    const { id: client, project } = firm.acme;
    const forged = `insert into cycle_agreement (tenant_id, cycle_id, number, client_id, project_id, hash, at)
      values ('${firm.tenantId}', '${cycle}', 1, '${client}', '${project}', '${hash}', now())`;

    await expect(acting(app, approver, (attempt) => attempt(forged), { cycle })).rejects.toThrow();
    for (const who of [clientAdmin, admin])
      await expect(acting(app, who, (attempt) => attempt(forged), { cycle })).rejects.toThrow();
    expect(await agreements(cycle)).toEqual([]);
  });
});

describe('a quote', () => {
  test('is accepted when the second has signed the same options, with one press', async () => {
    await setRule('2');
    const quote = await sent();

    const first = await accept(approver, quote);

    expect(first.say).toMatch(/^Your acceptance of Q-\d+ is recorded\. Still to accept: Acme Admin\.$/);
    expect(await statusOf(quote)).toBe('sent');
    expect(labels(await quoteFor(approver, quote.quote))).not.toContain('Accept too');
    expect([
      (await home(approver)).includes(quote.quote ?? ''),
      (await home(clientAdmin)).includes(quote.quote ?? ''),
    ]).toEqual([false, true]);
    const card = await quoteFor(clientAdmin, quote.quote);
    const button = buttonsOf(card).find(({ label }) => label === 'Accept too');
    // What was chosen is what it comes to.
    expect(JSON.stringify(card)).toContain('€1,428.00');
    const done = await answerPress(app, clientAdmin, { press: button?.press as Press, requestId: 'the second' });
    expect(done).toMatchObject({ kind: 'done' });
    expect(await statusOf(quote)).toBe('accepted');
    expect(
      await owner('select by_name, taken from quote_signature where quote_id = $1 order by at', [quote.quote]),
    ).toEqual([
      { by_name: 'Acme Approver', taken: [2] },
      { by_name: 'Acme Admin', taken: [2] },
    ]);
    expect(await owner('select by_name, taken from quote_acceptance where quote_id = $1', [quote.quote])).toEqual([
      { by_name: 'Acme Admin', taken: [2] },
    ]);
  });

  test('is not accepted with other options than the first chose', async () => {
    await setRule('2');
    const quote = await sent();
    await accept(approver, quote);

    expect(await refusal(accept(clientAdmin, quote, 'all'))).toMatchObject({
      code: 'stale',
      detail: {
        changes: [
          expect.stringContaining('Acme Approver took 2. Photos; you took 2. Photos, 3. Training'),
          expect.anything(),
        ],
      },
    });
    expect(await statusOf(quote)).toBe('sent');
  });

  test('whose option was withdrawn between the first and the second is not accepted by the second', async () => {
    await setRule('2');
    const quote = await sent();
    await accept(approver, quote);
    const press = buttonsOf(await quoteFor(clientAdmin, quote.quote)).find(({ label }) => label === 'Accept too')
      ?.press as Press;
    const copy = await run(admin, 'quote.copy', { quote: quote.quote });
    const without = await run(admin, 'quote.remove-line', { ...pick(copy), line: 2 });
    const next = await run(admin, 'quote.send', pick(without));

    const answer = await answerPress(app, clientAdmin, { press, requestId: 'an option too late' });

    expect(answer).toMatchObject({
      kind: 'stale',
      changes: expect.arrayContaining([expect.stringMatching(/^Removed: Photos/)]),
    });
    expect([await statusOf(quote), await statusOf(next)]).toEqual(['superseded', 'sent']);
    // Who accepted the one before has accepted nothing of the new one.
    expect(await owner('select from quote_signature where quote_id = $1', [next.quote])).toEqual([]);
  });

  test('makes the cycles official in the names of all who signed it', async () => {
    await setRule('2');
    const { cycle = '' } = await plan();
    const place = { client: firm.acme.id, project: firm.acme.project, currency: 'EUR' };
    const draft = await run(admin, 'quote.draft', { ...place, ...LINE, title: 'Shop', text: 'Checkout' });
    const named = await run(admin, 'quote.change-line', { ...pick(draft), ...LINE, line: 1, text: 'Checkout', cycle });
    const quote = await run(admin, 'quote.send', pick(named));
    await accept(approver, quote, 'no');
    await accept(clientAdmin, quote, 'no');
    await followUp();

    const approvals = await owner(`select side, by_name from approval where cycle_id = $1 order by side, by_name`, [
      cycle,
    ]);
    expect(approvals).toEqual([
      { side: 'client', by_name: 'Acme Admin' },
      { side: 'client', by_name: 'Acme Approver' },
      { side: 'firm', by_name: 'Ada Admin' },
    ]);
    expect(await agreements(cycle)).toHaveLength(1);
  });

  test('that enough have signed once the rule asks for less is accepted, in the name of who signed last', async () => {
    await setRule('2', [firm.acme.approver]);
    const quote = await sent();
    expect(await refusal(accept(clientAdmin, quote))).toMatchObject({
      code: 'conflict',
      say: expect.stringMatching(/^You cannot accept Q-\d+ now: Acme Approver must accept first\.$/),
    });
    await accept(approver, quote);
    await setRule('1');
    await followUp();

    expect(await statusOf(quote)).toBe('accepted');
    expect(await owner('select by_name from quote_acceptance where quote_id = $1', [quote.quote])).toEqual([
      { by_name: 'Acme Approver' },
    ]);
  });

  test('is accepted by nobody who writes to the tables: not with too few, not with other options, not in another’s name', async () => {
    await setRule('2');
    const quote = await sent();
    await accept(approver, quote);
    const { id: client, project } = firm.acme;
    const sign = (person: string, name: string, taken: string) => `insert into quote_signature
      (tenant_id, quote_id, person_id, client_id, project_id, hash, taken, by_name, channel, assurance, at)
      values ('${firm.tenantId}', '${quote.quote}', '${person}', '${client}', '${project}', '${quote.hash}', '${taken}', '${name}', 'slack', 'chat', now())`;
    const acceptance = `insert into quote_acceptance
      (tenant_id, quote_id, client_id, project_id, hash, taken, content, price, person_id, by_name, channel, assurance, at)
      values ('${firm.tenantId}', '${quote.quote}', '${client}', '${project}', '${quote.hash}', '{2}', '{}', '{}', '${firm.acme.approver}',
        'Acme Approver', 'slack', 'chat', now())`;
    const about = { quote: quote.quote ?? '' };

    for (const [who, forged] of [
      [approver, acceptance],
      [approver, sign(firm.acme.clientAdmin, 'Acme Admin', '{2}')],
      [clientAdmin, sign(firm.acme.clientAdmin, 'Acme Admin', '{3}')],
      [approver, 'delete from quote_signature'],
      [clientAdmin, `update quote_signature set taken = '{3}'`],
    ] as const)
      await expect(acting(app, who, (attempt) => attempt(forged), about)).rejects.toThrow();
    expect(await statusOf(quote)).toBe('sent');
  });
});
