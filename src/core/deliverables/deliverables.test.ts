import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { acting } from '../../testing/acting.ts';
import type { TestApp } from '../../testing/app.ts';
import { testApp } from '../../testing/app.ts';
import { asOwner } from '../../testing/database.ts';
import type { TestFirm } from '../../testing/firm.ts';
import { as, makeFirm } from '../../testing/firm.ts';
import type { Who } from '../kernel/actor.ts';
import { buttonsOf } from '../kernel/card.ts';
import { withActor } from '../kernel/context.ts';
import { react, reactionConsumer } from '../kernel/delivery.ts';
import type { EventRow } from '../kernel/event.ts';
import { eventOf } from '../kernel/event.ts';
import { readView, runCommand, showView } from '../kernel/registry.ts';
import { seenHash } from './content.ts';
import { deliverableSchedule } from './schedule.ts';
import { waitingDeliverables } from './waiting.ts';

let app: TestApp;
let firm: TestFirm;
let staff: Who;
let approver: Who;
let viewer: Who;
let count = 0;
/** Up to where the events were followed. */
let followed = 0;
/** A cycle that both sides signed, and its deliverables by name. */
let cycle: string;
let ids: Record<string, string>;

const owner = (text: string, values: unknown[] = []) => asOwner(app.database)(text, values);
const system = (): Who => ({ kind: 'system', tenantId: firm.tenantId, reason: 'test' });
const LINK = 'https://example.com/draft';
const DAYS = { startsOn: '2026-11-02', endsOn: '2026-11-27' };

beforeAll(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
  staff = as(firm, firm.admin);
  approver = as(firm, firm.acme.approver, 'mail', 'email');
  viewer = as(firm, firm.acme.viewer);
  app.clock.jump(Date.parse('2026-11-26T12:00:00Z') - app.clock.now().getTime());
});
afterAll(() => app.close());
beforeEach(async () => {
  cycle = await plan('Basket — desktop\nPayment');
  ids = await idsOf(cycle);
});

interface Done {
  id: string;
  cycle: string;
  hash: string;
  say: string;
  version: number;
}

async function run(who: Who, name: string, input: Record<string, unknown>): Promise<Done> {
  return (await runCommand(app, who, { name, input, requestId: `done ${++count}` })).output as Done;
}

/** A cycle that both sides have signed, with what follows from that. */
async function plan(deliverables: string, project = firm.acme.project, by = approver): Promise<string> {
  const name = `Checkout ${++count}`;
  const { cycle: id, hash } = await run(staff, 'cycle.plan', { project, name, ...DAYS, deliverables });
  await sign(id, hash, by);
  return id;
}

async function sign(id: string, hash: string, by = approver): Promise<void> {
  for (const who of [staff, by]) await run(who, 'cycle.approve', { cycle: id, hash });
  await follow();
}

async function editScope(deliverables: string): Promise<void> {
  const [it] = await owner('select name, version from cycle where id = $1', [cycle]);
  const input = { cycle, version: String(it?.version), name: it?.name, ...DAYS, deliverables };
  const { hash } = await run(staff, 'cycle.edit-scope', input);
  await sign(cycle, hash);
}

/** Does what follows from what has happened, as the worker would; which commands these were. */
async function follow(): Promise<string[]> {
  const done: string[] = [];
  for (;;) {
    const rows = await owner('select * from event where seq > $1 order by seq', [followed]);
    if (!rows.length) return done;
    for (const row of rows) {
      followed = Number(row.seq);
      for (const { data } of await reactionConsumer(app).jobs(
        eventOf(row as unknown as EventRow),
        undefined as never,
        new Date(),
      )) {
        done.push(String((data as { name: string }).name));
        await react(app, data as unknown as Parameters<typeof react>[1]);
      }
    }
  }
}

async function idsOf(of: string): Promise<Record<string, string>> {
  const rows = await owner('select id, name from deliverable where cycle_id = $1', [of]);
  return Object.fromEntries(rows.map(({ id, name }) => [String(name), String(id)]));
}
const row = async (id: string) => (await owner('select * from deliverable where id = $1', [id]))[0] ?? {};
const version = async (id: string) => String((await row(id)).version);
const act = async (who: Who, name: string, id: string, more: Record<string, string> = {}) =>
  run(who, `deliverable.${name}`, { deliverable: id, version: await version(id), ...more });
const share = async (id: string, more: Record<string, string> = { link: LINK }) => act(staff, 'share', id, more);
const seenOf = async (id: string) => ({ hash: seenHash(String((await row(id)).shared_hash)) });
const approve = async (id: string, who = approver) =>
  run(who, 'deliverable.approve', { deliverable: id, ...(await seenOf(id)) });
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'was allowed',
    (error: { code: string; say: string; detail: { changes?: string[]; fields?: unknown } }) => error,
  );
const shown = async (who: Who, id: string) =>
  showView(app, who, { target: 'deliverable.show', input: { deliverable: id } });
const standing = async () =>
  (await owner('select name, status, in_scope from deliverable where cycle_id = $1 order by number', [cycle])).map(
    ({ name, status, in_scope: inScope }) => `${name}: ${status}${inScope ? '' : ', beside the scope'}`,
  );

describe('the deliverables of a cycle', () => {
  test('are there once both sides have signed its scope, and not before', async () => {
    const days = { name: 'Later', ...DAYS, deliverables: 'Search' };
    const { cycle: id, hash } = await run(staff, 'cycle.plan', { project: firm.acme.project, ...days });
    await run(staff, 'cycle.approve', { cycle: id, hash });
    await follow();
    expect(await idsOf(id)).toEqual({});

    expect(await standing()).toEqual(['Basket: planned', 'Payment: planned']);
    expect(await row(ids.Basket ?? '')).toMatchObject({ description: 'desktop', project_id: firm.acme.project });
  });

  test('are there as well once a change of the client’s rule makes those who signed enough', async () => {
    const rule = (needed: string) => run(staff, 'approval.set-rule', { client: firm.acme.id, needed });
    await rule('2');
    const days = { name: 'Two sign', ...DAYS, deliverables: 'Search' };
    const { cycle: id, hash } = await run(staff, 'cycle.plan', { project: firm.acme.project, ...days });
    await sign(id, hash);
    expect(await idsOf(id)).toEqual({});

    await rule('1');
    await follow();
    expect(Object.keys(await idsOf(id))).toEqual(['Search']);
  });

  test('follow a new version of the scope once both signed that: added, described anew, taken out; what was approved stays', async () => {
    await run(staff, 'deliverable.plan', { cycle, name: 'Training' });
    for (const name of ['Basket', 'Payment']) {
      await share(ids[name] ?? '');
      await approve(ids[name] ?? '');
    }
    await editScope('Basket — desktop and mobile\nSearch\nTraining');

    expect(await standing()).toEqual([
      'Basket: planned',
      'Payment: approved, beside the scope',
      'Training: planned',
      'Search: planned',
    ]);
    // The approval stays under the version that it is of.
    expect(JSON.stringify(await shown(staff, ids.Basket ?? ''))).toContain('has to be shared anew');
    expect(await owner('select kind from deliverable_decision where deliverable_id = $1', [ids.Basket])).toEqual([
      { kind: 'approved' },
    ]);
    expect(await refusal(approve(ids.Basket ?? ''))).toMatchObject({ code: 'conflict' });
  });

  test('that a scope leaves out are withdrawn, and planned again when one names them again', async () => {
    await share(ids.Payment ?? '');
    await editScope('Basket — desktop');
    expect(await standing()).toEqual(['Basket: planned', 'Payment: withdrawn, beside the scope']);
    expect(await refusal(approve(ids.Payment ?? ''))).toMatchObject({ code: 'conflict' });

    await editScope('Basket — desktop\nPayment');
    expect(await standing()).toEqual(['Basket: planned', 'Payment: planned']);
  });

  test('are planned by hand in a cycle that is not completed, each name once', async () => {
    const { id } = await run(staff, 'deliverable.plan', { cycle, name: 'Training' });
    expect(await row(id)).toMatchObject({ status: 'planned', in_scope: false });

    expect(await refusal(run(staff, 'deliverable.plan', { cycle, name: 'Training' }))).toMatchObject({
      code: 'conflict',
    });
    expect(await refusal(run(approver, 'deliverable.plan', { cycle, name: 'Gift' }))).toMatchObject({
      code: 'forbidden',
    });
    await owner(`update cycle set status = 'completed', completed_at = now() where id = $1`, [cycle]);
    expect(await refusal(run(staff, 'deliverable.plan', { cycle, name: 'Gift' }))).toMatchObject({ code: 'conflict' });
  });
});

describe('a deliverable', () => {
  test('is shared, sent back, shared again and approved, and each side sees what it has to do', async () => {
    const id = ids.Basket ?? '';
    const waits = async (who: Who) =>
      (await withActor(app, who, (context) => waitingDeliverables(context, 50))).map((one) => one.id).includes(id);
    await share(id);
    expect([await waits(approver), await waits(viewer), await waits(staff)]).toEqual([true, false, false]);

    await act(approver, 'ask-for-changes', id, { reason: 'The button is too small.' });
    expect([await waits(approver), await waits(staff)]).toEqual([false, true]);
    const card = await shown(staff, id);
    expect(card).toMatchObject({ status: 'Changes asked for', tone: 'danger' });
    expect(JSON.stringify(card)).toContain('The button is too small.');

    await share(id, { note: 'It is bigger now.' });
    await approve(id);
    expect([await waits(approver), await waits(staff)]).toEqual([false, false]);
    expect(await shown(viewer, id)).toMatchObject({ status: 'Approved' });
    const kinds =
      'select number, kind, by_name, channel, assurance from deliverable_decision where deliverable_id = $1 order by 1';
    const by = { by_name: 'Acme Approver', channel: 'email', assurance: 'mail' };
    expect(await owner(kinds, [id])).toEqual([
      { number: 1, kind: 'changes_wanted', ...by },
      { number: 2, kind: 'approved', ...by },
    ]);
  });

  test('that was shared again is not approved from an old card: nothing changes, and it says what did', async () => {
    const id = ids.Basket ?? '';
    await share(id);
    const old = await seenOf(id);
    await share(id, { link: 'https://example.com/second' });

    const error = await refusal(run(approver, 'deliverable.approve', { deliverable: id, ...old }));

    expect(error).toMatchObject({
      code: 'stale',
      detail: { changes: ['Version 2 was shared after version 1', `Link: ${LINK} → https://example.com/second`] },
    });
    expect(await row(id)).toMatchObject({ status: 'in_review', shares: 2 });
    expect(await owner('select from deliverable_decision where deliverable_id = $1', [id])).toEqual([]);
  });

  test('is decided about by approvers of its project alone', async () => {
    const id = ids.Basket ?? '';
    await share(id);
    const others = [viewer, as(firm, firm.acme.feedback), staff, as(firm, firm.globex.approver), system()];
    for (const who of others) {
      expect(await refusal(approve(id, who))).toMatchObject({ code: expect.stringMatching(/forbidden|not_found/) });
      const asked = act(who, 'ask-for-changes', id, { reason: 'Too red' });
      expect(await refusal(asked)).toMatchObject({ code: expect.stringMatching(/forbidden|not_found/) });
    }
    expect(buttonsOf(await shown(viewer, id)).map(({ label }) => label)).not.toContain('Approve');
    expect(await row(id)).toMatchObject({ status: 'in_review' });
  });

  test('of another project or client is not there: neither to read, to decide about, nor to say something of', async () => {
    const elsewhere = await plan('Catalogue', firm.acme.otherProject, as(firm, firm.acme.clientAdmin));
    const { Catalogue: id = '' } = await idsOf(elsewhere);
    await share(id);

    expect(await refusal(shown(approver, id))).toMatchObject({ code: 'not_found' });
    expect(await refusal(approve(id))).toMatchObject({ code: 'not_found' });
    const say = { deliverable: id, body: 'Hello' };
    expect(await refusal(run(approver, 'deliverable.reply', say))).toMatchObject({ code: 'not_found' });
    const listed = readView(app, approver, { target: 'deliverable.of-cycle', input: { cycle: elsewhere } });
    expect(await refusal(listed)).toMatchObject({ code: 'not_found' });
    expect(await refusal(run(as(firm, firm.globex.approver), 'deliverable.reply', say))).toMatchObject({
      code: 'not_found',
    });
  });

  test('is neither shared nor decided about once its cycle is completed', async () => {
    const id = ids.Basket ?? '';
    await share(id);
    await owner(`update cycle set status = 'completed', completed_at = now() where id = $1`, [cycle]);

    expect(await refusal(approve(id))).toMatchObject({
      code: 'conflict',
      say: expect.stringContaining('is completed'),
    });
    expect(await refusal(share(id))).toMatchObject({ code: 'conflict' });
    expect(buttonsOf(await shown(approver, id)).map(({ label }) => label)).not.toContain('Approve');
    expect(await row(id)).toMatchObject({ status: 'in_review' });
  });

  test('that was approved and is shared again has to be approved again', async () => {
    const id = ids.Basket ?? '';
    await share(id);
    await approve(id);
    const old = await seenOf(id);
    await share(id);

    expect(await row(id)).toMatchObject({ status: 'in_review', shares: 2 });
    expect(await refusal(run(approver, 'deliverable.approve', { deliverable: id, ...old }))).toMatchObject({
      code: 'stale',
    });
  });

  test('is withdrawn and reopened by the firm', async () => {
    const id = ids.Basket ?? '';
    await share(id);
    await act(staff, 'withdraw', id);
    expect(await refusal(approve(id))).toMatchObject({ code: 'conflict', say: expect.stringContaining('took') });
    await act(staff, 'reopen', id);
    expect(await row(id)).toMatchObject({ status: 'planned', withdrawn_by: null });
  });

  test('is told of to whoever is to act, as a message of its own', async () => {
    const id = ids.Basket ?? '';
    await share(id);
    await act(approver, 'ask-for-changes', id, { reason: 'Too red' });
    const events = await owner('select name from event where entity_id = $1 order by seq', [id]);
    expect(events.map(({ name }) => name)).toEqual([
      'deliverable.planned',
      'deliverable.shared',
      'deliverable.changes-asked',
    ]);
  });
});

describe('the link to the work', () => {
  test.each([
    'javascript:alert(1)',
    'JavaScript://example.com/%0aalert(1)',
    'data:text/html,<script>alert(1)</script>',
    'http://example.com/draft',
    `https://ada:${'secret'}@example.com/draft`,
    'https:example.com/draft',
    'https://example.com/a draft',
    'https://',
    'example.com/draft',
    `https://example.com/${'a'.repeat(600)}`,
  ])('“%s” is refused beside the field, and nothing is shared', async (link) => {
    const id = ids.Basket ?? '';

    expect(await refusal(share(id, { link }))).toMatchObject({
      code: 'invalid',
      detail: { fields: { link: expect.any(String) } },
    });
    expect(await row(id)).toMatchObject({ status: 'planned', shares: 0 });
  });

  test('or words are needed, and one of both is enough', async () => {
    const id = ids.Basket ?? '';
    expect(await refusal(share(id, {}))).toMatchObject({
      code: 'invalid',
      detail: { fields: { link: expect.any(String) } },
    });

    await share(id, { note: 'The slogan: Buy it.' });
    const card = await shown(approver, id);
    expect(JSON.stringify(card)).toContain('The slogan: Buy it.');
    expect(card.actions.filter(({ kind }) => kind === 'link')).toEqual([]);
    await share(id);
    expect((await shown(approver, id)).actions).toContainEqual({ kind: 'link', label: 'Open the work', url: LINK });
  });
});

describe('what is said about a deliverable', () => {
  test('stands on the card of both sides and decides nothing; a note is the team’s alone', async () => {
    const id = ids.Basket ?? '';
    await share(id);
    await run(approver, 'deliverable.reply', { deliverable: id, body: 'Approved, but the blue is odd.' });
    await run(staff, 'deliverable.note', { deliverable: id, body: 'They always say so.' });

    for (const who of [staff, approver]) expect(JSON.stringify(await shown(who, id))).toContain('the blue is odd');
    expect(JSON.stringify(await shown(staff, id))).toContain('They always say so');
    expect(JSON.stringify(await shown(approver, id))).not.toContain('They always say so');
    expect(await row(id)).toMatchObject({ status: 'in_review' });
    expect(await refusal(run(viewer, 'deliverable.reply', { deliverable: id, body: 'Hi' }))).toMatchObject({
      code: expect.stringMatching(/forbidden|not_found/),
    });
  });
});

describe('the client', () => {
  const at = (day: string) => app.clock.jump(Date.parse(`2026-${day}T15:00:00Z`) - app.clock.now().getTime());
  /** What the clock asks for of one deliverable, and what became of it. */
  async function tick(id: string): Promise<string[]> {
    const due = await withActor(app, system(), (context) => deliverableSchedule.due(context, [id]));
    for (const { name, input, requestId } of due) await runCommand(app, system(), { name, input, requestId });
    return due.map(({ requestId }) => requestId);
  }
  const isDue = async (id: string) =>
    (await owner('select from parley_due_deliverables($1) where id = $2', [app.clock.now(), id])).length > 0;
  const reminders = async (id: string) =>
    (await owner(`select from event where entity_id = $1 and name = 'deliverable.reminded'`, [id])).length;

  test('is reminded of what waits, each time once, until it is decided', async () => {
    const id = ids.Basket ?? '';
    at('11-26');
    await share(id);
    expect([await isDue(id), await tick(id)]).toEqual([false, []]);
    at('11-28');
    expect(await isDue(id)).toBe(true);
    await tick(id);
    expect(await tick(id)).toEqual([]);
    expect(await isDue(id)).toBe(false);
    expect(await reminders(id)).toBe(1);
    at('12-02');
    await tick(id);
    expect(await reminders(id)).toBe(2);
    // A reminder changes nothing: what was on the screen is approved all the same.
    await approve(id);
    at('12-20');
    expect([await isDue(id), await tick(id), await reminders(id)]).toEqual([false, [], 2]);
    const late = { name: 'deliverable.remind', input: { deliverable: id }, requestId: `late ${++count}` };
    expect(await refusal(runCommand(app, system(), late))).toMatchObject({ code: 'conflict' });
    at('11-26');
  });

  test('is not reminded of what belongs to a completed cycle, and the clock does not ask again', async () => {
    const id = ids.Basket ?? '';
    at('11-26');
    await share(id);
    await owner(`update cycle set status = 'completed', completed_at = now() where id = $1`, [cycle]);
    at('11-30');
    expect([await tick(id), await isDue(id)]).toEqual([[], false]);
    at('11-26');
  });
});

describe('a database role', () => {
  const attempt = (who: Who, text: string) => acting(app, who, (run) => run(text));
  const decision = async (id: string, who: Who, more: Record<string, string> = {}) => {
    const it = await row(id);
    const by = who === approver ? firm.acme.approver : firm.acme.viewer;
    const values = { hash: String(it.shared_hash), number: '1', person: by, name: 'Acme Approver', ...more };
    return `insert into deliverable_decision (tenant_id, deliverable_id, number, client_id, project_id, hash, kind, person_id, by_name, channel, assurance, at)
      values ('${firm.tenantId}', '${id}', ${values.number}, '${firm.acme.id}', '${firm.acme.project}', '${values.hash}', 'approved',
        '${values.person}', '${values.name}', 'slack', 'chat', now())`;
  };

  test('of a contact decides in its own name, about what was shared, and about nothing else', async () => {
    const id = ids.Basket ?? '';
    await share(id);
    await expect(attempt(approver, await decision(id, approver, { person: firm.acme.clientAdmin }))).rejects.toThrow();
    await expect(attempt(approver, await decision(id, approver, { name: 'Somebody' }))).rejects.toThrow();
    await expect(attempt(approver, await decision(id, approver, { hash: 'x'.repeat(43) }))).rejects.toThrow();
    await expect(attempt(approver, await decision(id, approver, { number: '2' }))).rejects.toThrow();
  });

  test('makes nothing approved that the client did not approve, or what was approved another thing', async () => {
    const id = ids.Basket ?? '';
    await share(id);
    const set = (what: string) => `update deliverable set ${what} where id = '${id}'`;
    await expect(attempt(approver, set(`status = 'approved'`))).rejects.toThrow(/did not decide so/);
    await expect(attempt(staff, set(`status = 'approved'`))).rejects.toThrow(/did not decide so/);
    await expect(attempt(approver, set(`name = 'Another'`))).rejects.toThrow(/may not do this/);
    await approve(id);
    await expect(attempt(staff, set(`description = 'all devices'`))).rejects.toThrow(/what is approved is not changed/);
    await expect(attempt(staff, set(`shares = 2`))).rejects.toThrow();
    await expect(
      attempt(staff, `update deliverable_share set hash = 'x' where deliverable_id = '${id}'`),
    ).rejects.toThrow(/may not do this/);
    await expect(attempt(staff, await decision(id, approver))).rejects.toThrow(/may not do this/);
  });
});

describe('how far it is', () => {
  const progress = async () =>
    (await owner('select parts_done as done, parts_total as total from cycle where id = $1', [cycle]))[0];
  const bars = async (target: string, input: Record<string, string>, who = staff) =>
    (await showView(app, who, { target, input })).blocks.flatMap((block) =>
      block.kind === 'progress' ? [`${block.label} ${block.percent}`] : [],
    );

  test('a cycle is by its tasks and deliverables, each of which weighs the same, for both sides alike', async () => {
    expect(await progress()).toEqual({ done: 0, total: 2 });
    const place = { project: firm.acme.project, cycle };
    const task = async (name: string, id: string, more: Record<string, string> = {}) => {
      const [it] = await owner('select version from task where id = $1', [id]);
      await run(staff, `task.${name}`, { task: id, version: String(it?.version), ...more });
    };
    const [first, second] = [
      (await run(staff, 'task.add', { ...place, title: 'Write the texts' })).id,
      (await run(staff, 'task.add', { ...place, title: 'Test it' })).id,
    ];
    await task('finish', first);
    await share(ids.Basket ?? '');
    await approve(ids.Basket ?? '');
    await follow();
    expect(await progress()).toEqual({ done: 2, total: 4 });
    for (const who of [staff, viewer]) expect(await bars('cycle.show', { cycle }, who)).toEqual(['Done 50']);

    await act(staff, 'withdraw', ids.Payment ?? '');
    await follow();
    expect(await progress()).toEqual({ done: 2, total: 3 });
    // From one cycle to another: both are counted anew.
    const other = await plan('Search');
    await task('move', second, { part: other });
    expect((await follow()).filter((name) => name === 'cycle.count-progress')).toHaveLength(2);
    expect(await progress()).toEqual({ done: 2, total: 2 });
    expect(await owner('select parts_done, parts_total from cycle where id = $1', [other])).toEqual([
      { parts_done: 0, parts_total: 2 },
    ]);
    // Shared anew it is not done any more.
    await share(ids.Basket ?? '');
    expect(await follow()).toContain('cycle.count-progress');
    expect(await progress()).toEqual({ done: 1, total: 2 });
  });

  test('a project is by its cycles taken together, and the work order says it of each', async () => {
    const [other, by] = [firm.globex.project, as(firm, firm.globex.approver)];
    const id = await plan('One\nTwo\nThree\nFour', other, by);
    const { One = '' } = await idsOf(id);
    await share(One);
    await approve(One, by);
    await follow();

    expect(await bars('project.show', { project: other })).toEqual(['Done 25']);
    const listed = await readView(app, staff, { target: 'cycle.list', input: { project: other } });
    expect(listed).toMatchObject({
      items: [{ id, status: 'upcoming', progress: 25, startsOn: '2026-11-02', endsOn: '2026-11-27' }],
      summary: { counts: { upcoming: 1, inProgress: 0, inReview: 0, disputed: 0, completed: 0 } },
    });
    const board = await readView(app, staff, { target: 'deliverable.list', input: { project: other, is: 'approved' } });
    expect(board).toMatchObject({
      items: [{ id: One, status: 'approved', cycleId: id }],
      summary: { counts: { planned: 3, inReview: 0, changesWanted: 0, approved: 1 } },
    });
  });
});
