import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { TestApp } from '../../testing/app.ts';
import { testApp } from '../../testing/app.ts';
import type { FakeChannel } from '../../testing/channel.ts';
import { fakeChannel } from '../../testing/channel.ts';
import { asOwner } from '../../testing/database.ts';
import type { TestFirm } from '../../testing/firm.ts';
import { as, makeFirm } from '../../testing/firm.ts';
import { runJobs } from '../../testing/worker.ts';
import type { Who } from '../kernel/actor.ts';
import type { Card } from '../kernel/card.ts';
import { buttonsOf, formOf } from '../kernel/card.ts';
import { withActor } from '../kernel/context.ts';
import { readView, runCommand, showView } from '../kernel/registry.ts';
import { requirementSchedule } from './schedule.ts';

let app: TestApp;
let firm: TestFirm;
let slack: FakeChannel;
let count = 0;
/** One that asks for words. */
let requirement: string;

beforeAll(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
  slack = fakeChannel('slack');
  app.clock.jump(Date.parse('2026-11-20T10:00:00Z') - app.clock.now().getTime());
});
afterAll(() => app.close());
beforeEach(async () => {
  requirement = await ask();
});

const run = async (who: Who, name: string, input: Record<string, unknown>) =>
  (await runCommand(app, who, { name, input, requestId: `test ${++count}` })).output as Record<string, string>;
const admin = () => as(firm, firm.admin);
const approver = () => as(firm, firm.acme.approver);
const owner = (text: string, values: unknown[] = []) => asOwner(app.database)(text, values);
const row = async (id = requirement) => (await owner('select * from requirement where id = $1', [id]))[0] ?? {};
const act = async (who: Who, name: string, more: Record<string, string> = {}, id = requirement) =>
  run(who, `requirement.${name}`, { requirement: id, version: String((await row(id)).version), ...more });
const show = (who: Who, id = requirement) =>
  showView(app, who, { target: 'requirement.show', input: { requirement: id } });
const labels = (card: Card) => buttonsOf(card).map(({ label }) => label);
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'was allowed',
    (error: { code: string; say: string }) => `${error.code}: ${error.say}`,
  );

async function ask(more: Record<string, string> = {}): Promise<string> {
  const typed = { project: firm.acme.project, kind: 'words', title: 'The address of the shop', ...more };
  return String((await run(admin(), 'requirement.ask', typed)).id);
}

/** Runs what the clock asks for, as the hub does every few minutes. */
async function sweep(): Promise<string[]> {
  const due = await owner('select id from parley_due_requirements($1)', [app.clock.now()]);
  const system = { kind: 'system', tenantId: firm.tenantId, reason: 'requirements' } as const;
  const requests = await withActor(app, system, (context) =>
    requirementSchedule.due(
      context,
      due.map(({ id }) => String(id)),
    ),
  );
  for (const request of requests) await runCommand(app, system, request);
  return requests.map(({ name }) => name);
}

describe('a requirement', () => {
  test('is asked, provided, returned with a reason, provided again and accepted, and says so in the audit', async () => {
    await act(approver(), 'provide-words', { words: 'Somewhere' });
    const given = { status: 'provided', answer: 'Somewhere', round: 1, given_by: firm.acme.approver };
    expect(await row()).toMatchObject(given);
    await act(admin(), 'return', { reason: 'Which town?' });
    expect(JSON.stringify((await show(approver())).blocks[0])).toMatch(/Returned by Ada Admin, .*: Which town\?/);
    await act(approver(), 'provide-words', { words: 'Main Street 1' });
    await act(admin(), 'accept');

    expect(await row()).toMatchObject({ status: 'accepted', answer: 'Main Street 1', round: 2, version: 5 });
    const trail = await owner('select event from audit where entity_id = $1 order by at, id', [requirement]);
    expect(trail.map(({ event }) => event)).toEqual(
      ['asked', 'provided', 'returned', 'provided', 'accepted'].map((what) => `requirement.${what}`),
    );
    // What was provided stands in no event.
    const told = await owner('select data from event where entity_id = $1', [requirement]);
    expect(JSON.stringify(told)).not.toContain('Main Street');
  });

  test('is a decision between what the firm lists, and nothing else is taken', async () => {
    const decision = await ask({ kind: 'decision', title: 'Which colour?', options: 'Blue\nGreen' });
    const press = { target: 'requirement.decide', input: { requirement: decision, version: '1' } };
    const [field] = formOf(await showView(app, approver(), press))?.fields ?? [];
    expect(field).toMatchObject({ kind: 'choice', options: [{ label: 'Blue' }, { label: 'Green' }] });

    const decide = (option: string) => act(approver(), 'decide', { option }, decision);
    expect(await refusal(decide('3'))).toBe('invalid: Please check: option: is none of the 2 options');
    const inWords = act(approver(), 'provide-words', { words: 'Red' }, decision);
    expect(await refusal(inWords)).toContain('it asks for a decision');
    await decide('2');

    expect(await row(decision)).toMatchObject({ status: 'provided', answer: 'Green' });
  });

  test('offers the client’s approvers to provide it, and a viewer nothing', async () => {
    expect(labels(await show(approver()))).toEqual(['Answer…', 'Reply…', 'All that is needed']);
    expect(labels(await show(as(firm, firm.acme.clientAdmin)))).toEqual(['Answer…', 'Reply…', 'All that is needed']);
    expect(labels(await show(as(firm, firm.acme.viewer)))).toEqual(['All that is needed']);
    expect(await refusal(act(as(firm, firm.acme.viewer), 'provide-words', { words: 'Here' }))).toContain('forbidden');
    expect(await refusal(act(admin(), 'provide-words', { words: 'Here' }))).toContain('forbidden');
    expect(await refusal(show(as(firm, firm.globex.approver)))).toContain('not_found');
    const other = as(firm, firm.globex.approver);
    expect(await refusal(act(other, 'provide-words', { words: 'Here' }))).toContain('not_found');
  });

  test('that two provide at once is provided once, and the other is told', async () => {
    const input = { requirement, version: '1' };
    const both = await Promise.all([
      refusal(run(approver(), 'requirement.provide-words', { ...input, words: 'One' })),
      refusal(run(as(firm, firm.acme.clientAdmin), 'requirement.provide-words', { ...input, words: 'Two' })),
    ]);

    expect(both.filter((one) => one === 'was allowed')).toHaveLength(1);
    expect(both.find((one) => one !== 'was allowed')).toMatch(/^(stale|conflict): /);
    expect(await row()).toMatchObject({ round: 1, version: 2 });
  });

  test('that was provided is not asked anew, and cannot be provided again before it is returned', async () => {
    await act(approver(), 'provide-words', { words: 'Here' });

    expect(await refusal(act(admin(), 'change', { title: 'Something else' }))).toContain('conflict');
    expect(await refusal(act(approver(), 'provide-words', { words: 'There' }))).toContain('it is not waited for now');
  });

  test('is not provided from a card that showed something else', async () => {
    await act(admin(), 'change', { title: 'The address of the office' });
    const old = { requirement, version: '1', words: 'Here' };

    const answer = await refusal(run(approver(), 'requirement.provide-words', old));

    expect(answer).toMatch(/^stale: R\d+ changed since this was drawn/);
  });

  test('stays as it was accepted, whatever writes, and nobody provides it in another’s name', async () => {
    const write = (what: string, ...more: unknown[]) =>
      owner(`update requirement set ${what} where id = $1`, [requirement, ...more]);
    const inTheirName = write(
      `status = 'provided', round = 1, answer = 'Here', given_by = $2, given_by_name = 'Ada Admin', given_channel = 'slack',
        given_at = now(), look_at = null`,
      firm.admin,
    );
    await expect(inTheirName).rejects.toThrow('in their own name');
    await act(approver(), 'provide-words', { words: 'Here' });
    await expect(write(`answer = 'There'`)).rejects.toThrow('is not changed');
    await act(admin(), 'accept');
    await expect(write(`status = 'asked'`)).rejects.toThrow('stays so');
  });

  test('is not asked in a closed project, and not for a day that is over', async () => {
    expect(await refusal(ask({ due: '2026-11-19' }))).toContain('due: is over already');
    await owner(`update project set stage = 'closed' where id = $1`, [firm.acme.otherProject]);
    expect(await refusal(ask({ project: firm.acme.otherProject }))).toContain('is closed');
  });
});

describe('the lists and homes', () => {
  test('show what is open, overdue and provided, each reader their own', async () => {
    const provided = await ask({ title: 'Given' });
    await act(approver(), 'provide-words', { words: 'Here' }, provided);
    const late = await ask({ title: 'Late' });
    await owner(`update requirement set due_on = '2026-11-01' where id = $1`, [late]);

    const listed = async (who: Who, state: string) => {
      const press = { target: 'requirement.list', input: { project: firm.acme.project, state } };
      const { items } = (await readView(app, who, press)) as { items: { id: string }[] };
      return items.map(({ id }) => id);
    };

    expect(await listed(approver(), 'overdue')).toEqual([late]);
    expect(await listed(admin(), 'provided')).toContain(provided);
    expect(await listed(admin(), 'open')).not.toContain(provided);
    const home = async (who: Who) => JSON.stringify(await showView(app, who, { target: 'home.work', input: {} }));
    expect(await home(approver())).toContain('overdue since');
    expect(await home(admin())).toContain('provided, needs an answer');
    expect(await home(as(firm, firm.acme.viewer))).not.toContain('The address of the shop');
    expect(await home(as(firm, firm.globex.approver))).not.toContain('Late');
  });

  test('show somebody what they can provide in one project, however much waits in others of theirs', async () => {
    const own = await makeFirm(app.database);
    const { viewer, project, otherProject, id: client } = own.acme;
    await owner(
      `insert into membership (tenant_id, client_id, project_id, person_id, role) values ($1, $2, $3, $4, 'approver')`,
      [own.tenantId, client, otherProject, viewer],
    );
    const need = (title: string, due: string, where: string) =>
      run(as(own, own.admin), 'requirement.ask', { project: where, kind: 'words', title, due });
    for (let index = 0; index < 13; index += 1) await need(`Sooner ${index}`, '2026-11-21', project);
    await need('The logo of the app', '2026-12-24', otherProject);

    const home = JSON.stringify(await showView(app, as(own, viewer), { target: 'home.work', input: {} }));
    expect(home).toContain('The logo of the app');
    expect(home).not.toContain('Sooner');
  });
});

describe('the clock', () => {
  test('reminds once for each day, notes once that it is overdue, and stops the moment it is provided', async () => {
    const due = await ask({ title: 'The logo', due: '2026-11-26' });
    const at = (instant: string) => app.clock.jump(Date.parse(instant) - app.clock.now().getTime());

    expect(await sweep()).toEqual([]);
    at('2026-11-23T14:00:00Z');
    expect(await sweep()).toEqual(['requirement.remind']);
    expect(await sweep()).toEqual([]);
    at('2026-11-26T14:00:00Z');
    expect(await sweep()).toEqual(['requirement.remind']);
    at('2026-11-27T05:00:00Z');
    expect(await sweep()).toEqual(['requirement.note-overdue']);
    expect(await sweep()).toEqual([]);
    expect((await show(approver(), due)).status).toBe('Needed, overdue');

    await act(approver(), 'provide-words', { words: 'Attached to nothing' }, due);
    at('2026-12-10T14:00:00Z');
    expect(await sweep()).toEqual([]);
    expect((await row(due)).look_at).toBeNull();
  });
});

test('the client’s room is asked and reminded, and the team’s is told when it is provided', async () => {
  await runJobs(app, new Map([[slack.name, slack]]));
  const before = slack.in(firm.acme.room).length;
  const id = await ask({ title: 'The opening hours' });
  await runJobs(app, new Map([[slack.name, slack]]));
  expect(
    slack
      .in(firm.acme.room)
      .slice(before)
      .map(({ card }) => card.status),
  ).toEqual(['Needed']);

  await act(approver(), 'provide-words', { words: 'Nine to five' }, id);
  await runJobs(app, new Map([[slack.name, slack]]));
  expect(
    slack
      .in(firm.acme.room)
      .slice(before)
      .map(({ card }) => card.status),
  ).toEqual(['Provided']);
  const told = slack.in(firm.triageRoom).map(({ card }) => card.title);
  expect(told).toContainEqual(expect.stringContaining('The opening hours'));
});
