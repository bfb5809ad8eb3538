import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { acting } from '../../testing/acting.ts';
import type { TestApp } from '../../testing/app.ts';
import { testApp } from '../../testing/app.ts';
import { asOwner } from '../../testing/database.ts';
import type { TestFirm } from '../../testing/firm.ts';
import { as, makeFirm } from '../../testing/firm.ts';
import type { Who } from '../kernel/actor.ts';
import { answerPress } from '../kernel/answer.ts';
import type { Card } from '../kernel/card.ts';
import { buttonsOf, formOf } from '../kernel/card.ts';
import { withActor } from '../kernel/context.ts';
import type { Event, EventRow } from '../kernel/event.ts';
import { eventOf } from '../kernel/event.ts';
import { readView, runCommand, showView } from '../kernel/registry.ts';
import { hours } from './index.ts';
import { hoursSchedule } from './schedule.ts';

interface Done {
  id: string;
  entry: string;
  period: string;
  overrun: string;
  version: number;
  hash: string;
  say: string;
}

let app: TestApp;
let firm: TestFirm;
let admin: Who;
let member: Who;
let approver: Who;
let count = 0;

beforeAll(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
  admin = as(firm, firm.admin);
  member = as(firm, firm.member);
  approver = as(firm, firm.acme.approver, 'mail', 'email');
  app.clock.jump(Date.parse('2026-11-23T10:00:00Z') - app.clock.now().getTime());
});
afterAll(() => app.close());

const owner = (text: string, values: unknown[] = []) => asOwner(app.database)(text, values);
const run = async (who: Who, name: string, input: Record<string, unknown>) =>
  (await runCommand(app, who, { name, input, requestId: `test ${++count}` })).output as Done;
const show = (who: Who, target: string, input: Record<string, string> = {}) => showView(app, who, { target, input });
/** What a form proposes that a press opens. */
async function proposed(who: Who, target: string, input: Record<string, string>): Promise<Record<string, string>> {
  const answer = await answerPress(app, who, { press: { target, input }, requestId: `form ${++count}` });
  const form = answer.kind === 'form' ? formOf(answer.card) : null;
  return Object.fromEntries((form?.fields ?? []).flatMap(({ name, value }) => (value ? [[name, value]] : [])));
}
const labels = (card: Card) => buttonsOf(card).map(({ label }) => label);
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'was allowed',
    (error: { code: string; say: string }) => `${error.code}: ${error.say}`,
  );
const NO = expect.stringMatching(/^(forbidden|not_found)/);

/** A month of the past that no other test uses, like 2020-03. */
function nextMonth(): string {
  months += 1;
  return new Date(Date.UTC(2015, months, 1)).toISOString().slice(0, 7);
}
let months = 0;

const log = (who: Who, month: string, time = '2h', more: Record<string, string> = {}) =>
  run(who, 'hours.log', { project: firm.acme.project, time, note: 'Fixed the header', day: `${month}-12`, ...more });
const budget = (month: string, time: string) =>
  run(admin, 'hours.set-budget', { project: firm.acme.project, month, budget: time });
const versionOf = async (period: string) =>
  Number((await owner('select version from hours_period where id = $1', [period]))[0]?.version);
const send = async (period: string) => run(admin, 'period.send', { period, version: await versionOf(period) });
const sign = (who: Who, { period, hash }: Pick<Done, 'period' | 'hash'>) => run(who, 'period.sign', { period, hash });
const row = async (table: string, id: string) => (await owner(`select * from ${table} where id = $1`, [id]))[0] ?? {};
const names = async (id: string) =>
  (await owner('select name from event where entity_id = $1 order by seq', [id])).map(({ name }) => name);

/** Who is told of the last event about something, as it is announced. */
async function told(id: string) {
  const [last] = await owner('select * from event where entity_id = $1 order by seq desc limit 1', [id]);
  const event = eventOf(last as unknown as EventRow);
  return hours.announcements.filter(({ on }) => on === event.name).flatMap((one) => one.audience(event as Event));
}

/** Does what follows from the events about something, as the hub does after each. */
async function followUp(id: string): Promise<void> {
  const rows = (await owner('select * from event where entity_id = $1 order by seq', [id])) as unknown as EventRow[];
  for (const event of rows.map(eventOf))
    for (const { on, next } of hours.reactions) {
      const request = on === event.name ? next(event) : null;
      const system = { kind: 'system', tenantId: firm.tenantId, reason: event.name } as const;
      if (request) await runCommand(app, system, { ...request, requestId: `${event.id}:${request.name}` });
    }
}

describe('logging', () => {
  test('writes down who worked, how long, on what and when, and opens the month', async () => {
    const month = nextMonth();
    const { entry, period, say } = await log(member, month, '1:30');

    expect(say).toMatch(/^1h 30m are logged for Acme website, 12 \w+ 20\d\d\.$/);
    expect(await row('time_entry', entry)).toMatchObject({
      ...{ person_id: firm.member, person_name: 'Mia Member', logged_by: 'Mia Member', minutes: 90, billable: true },
      ...{ day: `${month}-12`, period_id: period, shared: false, beyond: false },
    });
    expect(await row('hours_period', period)).toMatchObject({ month: `${month}-01`, status: 'open', version: 2 });
    expect([await names(entry), await names(period)]).toEqual([['entry.logged'], ['period.counted']]);
    expect(await told(period)).toEqual([]);
  });

  test('is on the day that it is where they are, and never on one that has not begun', async () => {
    // Half past eleven at night in New York is the next day in Berlin.
    app.clock.jump(Date.parse('2026-11-24T04:30:00Z') - app.clock.now().getTime());
    const today = { project: firm.acme.project, time: '5m', note: 'A call' };
    const { entry } = await run(member, 'hours.log', today);
    await owner(`update person set timezone = 'America/New_York' where id = $1`, [firm.member]);
    const { entry: earlier } = await run(member, 'hours.log', today);
    const early = await refusal(run(member, 'hours.log', { ...today, day: '2026-11-24' }));
    // Whoever corrects it sits in Berlin, where the day has begun.
    const moved = await refusal(
      run(admin, 'entry.change', { entry: earlier, version: '1', day: '2026-11-24', time: '6m' }),
    );
    await owner(`update person set timezone = 'Europe/Berlin' where id = $1`, [firm.member]);
    app.clock.jump(Date.parse('2026-11-23T10:00:00Z') - app.clock.now().getTime());

    expect([(await row('time_entry', entry)).day, (await row('time_entry', earlier)).day]).toEqual([
      '2026-11-24',
      '2026-11-23',
    ]);
    for (const refused of [early, moved])
      expect(refused).toBe('invalid: Please check: day: has not begun: today is 2026-11-23. Log what was worked');
  });

  test.each([
    ['0h', 'is more than 0'],
    ['-2h', 'is below 0'],
    ['25h', 'log at most 24h'],
    ['90', 'says no unit: 90h or 90m?'],
    ['soon', 'is no length of time'],
  ])('%j is refused beside the field, with what to write', async (time, fault) => {
    const error = await run(member, 'hours.log', {
      ...{ project: firm.acme.project, time, note: 'Header' },
    }).catch((one: { detail: { fields: Record<string, string> } }) => one);

    expect(error).toMatchObject({ code: 'invalid', detail: { fields: { time: expect.stringContaining(fault) } } });
  });

  test('makes no more of a day than it has, whatever it was logged for, also by two at once', async () => {
    const month = nextMonth();
    await log(admin, month, '20h');
    const there = { project: firm.globex.project, note: 'Header', day: `${month}-12` };

    expect(await refusal(run(admin, 'hours.log', { ...there, time: '5h' }))).toBe(
      'invalid: Please check: time: makes more of that day than its 24h: 20h of it are logged already',
    );
    const both = await Promise.allSettled([run(admin, 'hours.log', { ...there, time: '3h' }), log(admin, month, '3h')]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await refusal(log(admin, month, '1h'))).toBe('was allowed');
  });

  test('names a ticket or a cycle of the project, and no other’s', async () => {
    const month = nextMonth();
    const filed = { title: 'The button is broken', description: 'It does nothing.' };
    const ticket = (await runCommand(app, approver, {
      ...{ name: 'ticket.file-bug', input: { project: firm.acme.project, ...filed }, requestId: 'a bug' },
    })) as unknown as { output: { id: string; number: number } };
    const other = (await runCommand(app, as(firm, firm.globex.approver), {
      ...{ name: 'ticket.file-bug', input: { project: firm.globex.project, ...filed }, requestId: 'another bug' },
    })) as unknown as { output: { number: number } };
    const { number } = ticket.output;
    const planned = { project: firm.acme.project, name: 'Checkout', startsOn: '2026-11-02', endsOn: '2026-11-27' };
    await run(admin, 'cycle.plan', { ...planned, deliverables: 'Basket' });

    const { entry } = await log(member, month, '1h', { part: `#${number}` });
    const { entry: ofCycle } = await log(member, month, '1h', { part: 'checkout' });

    expect(await row('time_entry', entry)).toMatchObject({
      ...{ ticket_id: ticket.output.id, part: `#${number} The button is broken`, cycle_id: null },
    });
    expect(await row('time_entry', ofCycle)).toMatchObject({ part: 'Checkout', ticket_id: null });
    // Of a ticket the hub knows the project.
    expect(await proposed(admin, 'hours.log', { words: `1h #${number} a fix` })).toMatchObject({
      ...{ project: firm.acme.project, part: `#${number}`, note: 'a fix' },
    });
    const elsewhere = await proposed(member, 'hours.log', { words: `1h #${other.output.number}` });
    expect(elsewhere).not.toHaveProperty('project');
    for (const part of [`#${other.output.number}`, '#999999', 'Nothing'])
      expect(await refusal(log(admin, month, '1h', { part }))).toContain('invalid: Please check: part: ');
  });

  test('for somebody else is for whoever runs hours, and for nobody who does not work there', async () => {
    const month = nextMonth();
    const { entry } = await log(admin, month, '1h', { person: firm.member });

    expect(await row('time_entry', entry)).toMatchObject({ person_id: firm.member, logged_by: 'Ada Admin' });
    expect(await refusal(log(member, month, '1h', { person: firm.admin }))).toContain('person: is not you');
    for (const person of [firm.acme.approver, firm.globex.approver, crypto.randomUUID()])
      expect(await refusal(log(admin, month, '1h', { person }))).toContain('person: does not work on this project');
    const there = { project: firm.globex.project, time: '1h', note: 'Header', day: `${month}-12`, person: firm.member };
    expect(await refusal(run(admin, 'hours.log', there))).toContain('person: does not work on this project');
  });

  test('says what is left to whoever may read billing, and to others only that it is too much', async () => {
    const month = nextMonth();
    await budget(month, '2h');
    await owner(`update person set grants = '{"billing": "none"}' where id = $1`, [firm.member]);
    const [{ say: within }, { say: beyond }] = [await log(member, month, '1h'), await log(member, month, '2h')];
    await owner(`update person set grants = '{}' where id = $1`, [firm.member]);

    expect(within).toMatch(/^1h are logged for Acme website, 12 \w+ 20\d\d\.$/);
    expect(beyond).toMatch(/20\d\d\. More than was agreed on is worked in \w+ 20\d\d\. Ask before you go on\.$/);
    expect((await log(member, month, '1h')).say).toContain('2h of ');
  });

  test('is nothing for clients, connectors or the system', async () => {
    const system: Who = { kind: 'system', tenantId: firm.tenantId, reason: 'test' };
    const jira: Who = { kind: 'integration', tenantId: firm.tenantId, connector: 'jira', account: 'x' };
    for (const who of [approver, as(firm, firm.acme.clientAdmin), system, jira])
      expect(await refusal(log(who, '2026-10'))).toEqual(NO);
    expect(await refusal(show(approver, 'hours.log'))).toEqual(NO);
  });

  test('by a word opens the form with what was said, field by field', async () => {
    const words = '2h 15m website: #12 fixing the header';
    const answer = await answerPress(app, member, {
      ...{ press: { target: 'hours.log', input: { words } }, requestId: 'a slash command' },
    });

    const form = answer.kind === 'form' ? formOf(answer.card) : null;
    expect(await proposed(member, 'hours.log', { words })).toEqual({
      ...{ project: firm.acme.project, time: '2h 15m', part: '#12', note: 'fixing the header' },
      ...{ day: '2026-11-23', billable: 'yes' },
    });
    // In a mail it stands behind the word of a button.
    const { project } = firm.acme;
    expect(await proposed(member, 'hours.log', { project, time: '2h fixing the header' })).toMatchObject({
      ...{ project, time: '2h', note: 'fixing the header' },
    });
    // What was said is in the fields: it does not travel a second time.
    expect(form?.submit.press).toEqual({ target: 'hours.log', input: {} });
  });
});

describe('an entry', () => {
  test('is corrected by whose it is and by whoever runs hours, inside its month', async () => {
    const month = nextMonth();
    const { entry } = await log(member, month);
    const change = (who: Who, more: Record<string, string>, version = '1') =>
      run(who, 'entry.change', { entry, version, ...more });

    expect(await refusal(change(member, { time: '2h' }))).toContain('Nothing is different');
    expect(await refusal(change(member, { day: '2014-12-31' }))).toMatch(/day: is not in .* 20\d\d; delete this/);
    expect(await refusal(change(as(firm, firm.acme.approver), { time: '3h' }))).toEqual(NO);
    await change(member, { time: '3h', note: 'Fixed the footer' });
    await change(admin, { day: `${month}-13` }, '2');

    expect(await row('time_entry', entry)).toMatchObject({
      minutes: 180,
      note: 'Fixed the footer',
      day: `${month}-13`,
    });
    const { entry: others } = await log(admin, month);
    expect(await refusal(run(member, 'entry.change', { entry: others, version: '1', time: '3h' }))).toEqual(NO);
    expect(await refusal(run(member, 'entry.delete', { entry: others, version: '1' }))).toEqual(NO);
    expect(labels(await show(member, 'entry.show', { entry: others }))).not.toContain('Change…');
  });

  test('that is deleted counts for nothing, and stays on record', async () => {
    const month = nextMonth();
    const { entry, period } = await log(member, month);
    await log(member, month, '30m');

    await run(member, 'entry.delete', { entry, version: '1' });

    const { period: seen } = (await readView(app, admin, { target: 'period.show', input: { period } })) as {
      period: { entries: { minutes: number }[] };
    };
    expect(seen.entries.map(({ minutes }) => minutes)).toEqual([30]);
    expect(await row('time_entry', entry)).toMatchObject({ deleted_at: expect.any(Date), minutes: 120 });
    expect((await show(member, 'entry.show', { entry })).status).toBe('Deleted');
    expect(await refusal(run(member, 'entry.delete', { entry, version: '2' }))).toContain('deleted: log it anew');
    const trail = await owner(`select event from audit where entity_id = $1`, [entry]);
    expect(trail.map(({ event }) => event).sort()).toEqual(['entry.deleted', 'entry.logged']);
  });

  test('that does not count any more tells the client no more than they had seen', async () => {
    const month = nextMonth();
    const { period, entry } = await log(member, month);
    await log(member, month, '1h');
    const { hash } = await send(period);
    const change = (version: string, more: Record<string, string>) =>
      run(member, 'entry.change', { entry, version, ...more });
    const internal = { note: 'They will not pay for this' };

    expect(await refusal(change('1', { billable: 'no', ...internal }))).toContain('billable: the client has seen this');
    await change('1', { billable: 'no' });
    expect(await refusal(change('2', internal))).toContain('billable: the client has seen this');

    const { items } = (await readView(app, approver, { target: 'entry.of-period', input: { period } })) as {
      items: { minutes: number }[];
    };
    expect(items.map(({ minutes }) => minutes)).toEqual([60]);
    const answer = await answerPress(app, approver, {
      ...{ press: { target: 'period.sign', input: { period, hash } }, requestId: 'before it was taken out' },
    });
    expect(answer).toMatchObject({
      ...{
        kind: 'stale',
        changes: [expect.stringMatching(/^Removed: 12 \w+ 20\d\d, Mia Member, 2h: Fixed the header$/)],
      },
    });
  });

  test('is one’s own to read where one may not read billing, and nobody’s of the client before it is sent', async () => {
    const month = nextMonth();
    const [{ entry: own, period }, { entry: other }] = [await log(member, month), await log(admin, month)];
    const listed = async () =>
      (await readView(app, member, { target: 'entry.of-period', input: { period } })) as { items: { id: string }[] };
    expect((await listed()).items).toHaveLength(2);
    await owner(`update person set grants = '{"billing": "none"}' where id = $1`, [firm.member]);
    const answers = [
      await refusal(show(member, 'entry.show', { entry: own })),
      await refusal(show(member, 'entry.show', { entry: other })),
      (await listed()).items.map(({ id }) => id),
      await refusal(show(member, 'entry.of-person', { person: firm.admin })),
      await refusal(show(member, 'entry.of-person', { person: firm.member })),
      await refusal(show(member, 'period.show', { period })),
    ];
    await owner(`update person set grants = '{}' where id = $1`, [firm.member]);

    expect(answers).toEqual(['was allowed', NO, [own], NO, 'was allowed', NO]);
    for (const who of [approver, as(firm, firm.acme.clientAdmin), as(firm, firm.globex.clientAdmin)]) {
      expect(await refusal(show(who, 'entry.show', { entry: own }))).toEqual(NO);
      expect(await refusal(show(who, 'period.show', { period }))).toEqual(NO);
      expect(await refusal(show(who, 'entry.of-period', { period }))).toEqual(NO);
    }
  });

  test('stands in the week of whoever worked', async () => {
    await run(member, 'hours.log', { project: firm.acme.project, time: '45m', note: 'A long call' });

    const card = await show(member, 'entry.week');
    expect(card.title).toBe('Your week of 23 Nov 2026');
    const all = buttonsOf(card).find(({ label }) => label === 'All weeks')?.press;
    expect(all).toEqual({ target: 'entry.of-person', input: { person: firm.member } });
    const statusOf = async (span: string) => (await show(member, 'entry.of-person', { ...all?.input, span })).status;
    expect([await statusOf('week'), await statusOf('last-month')]).toEqual([
      expect.stringMatching(/^This week: [1-9]/),
      'Last month: 0m',
    ]);
    expect(JSON.stringify(card.blocks)).toContain('Monday, 23 Nov 2026');
    expect(JSON.stringify(await show(member, 'entry.week', { day: '2026-11-18' }))).not.toContain('A long call');
    expect(await refusal(show(approver, 'entry.week'))).toEqual(NO);
    expect(await refusal(show(member, 'entry.week', { day: '0000-01-03' }))).toMatch(/^invalid: .*too long ago/);
    const ancient = { project: firm.acme.project, time: '1h', note: 'A pyramid', day: '0000-01-03' };
    expect(await refusal(run(member, 'hours.log', ancient))).toMatch(/^invalid: .*too long ago/);
  });
});

describe('a budget', () => {
  test('is warned of at 80 and at 100 per cent, once each, to the team alone', async () => {
    const month = nextMonth();
    const { period } = await budget(month, '10h');
    const warnings = async () =>
      (
        await owner(
          `select data ->> 'level' as level from event where entity_id = $1 and name = 'period.warned' order by seq`,
          [period],
        )
      ).map(({ level }) => level);

    await log(member, month, '7h');
    expect(await warnings()).toEqual([]);
    await log(member, month, '1h');
    expect(await told(period)).toEqual([{ audience: 'internal' }, { audience: 'triage' }]);
    await log(member, month, '1h');
    expect(await warnings()).toEqual(['80']);
    const { say, entry } = await log(member, month, '2h 30m');
    expect(say).toContain(' 1h 30m of ');
    expect(say).toContain('are not agreed on. Ask the client for more hours before you go on.');
    await log(member, month, '15m');

    expect(await warnings()).toEqual(['80', '100']);
    expect(await row('time_entry', entry)).toMatchObject({ beyond: true });
    const text = JSON.stringify(await show(admin, 'period.show', { period }));
    expect(text).toContain('{"label":"Not agreed on","value":"1h 45m"}');
    expect(text).toContain('{"label":"Used","value":"11h 45m"}');
  });

  test('counts what is billable, and says the rest to the team', async () => {
    const month = nextMonth();
    const { period } = await budget(month, '2h');
    await log(member, month, '1h');
    await log(member, month, '5h', { billable: 'no' });
    await send(period);

    expect(JSON.stringify(await show(admin, 'period.show', { period }))).toContain(
      '{"label":"Does not count","value":"5h"}',
    );
    expect(JSON.stringify(await show(approver, 'period.show', { period }))).not.toContain('"5h"');
    const list = (await readView(app, approver, { target: 'entry.of-period', input: { period } })) as {
      items: object[];
    };
    expect(list.items).toHaveLength(1);
  });

  test('is proposed as it is of that month, else as it was of the last one, and is not set to what it is', async () => {
    const { project } = firm.acme;
    const [month, next] = [nextMonth(), nextMonth()];
    await budget(month, '10h');
    await budget(next, '20h');

    expect(await proposed(admin, 'hours.set-budget', { project, month })).toMatchObject({ month, budget: '10h' });
    expect(await proposed(admin, 'hours.set-budget', { project, month: nextMonth() })).toMatchObject({ budget: '20h' });
    expect(await proposed(admin, 'hours.set-budget', { project })).toMatchObject({ month: '2026-11', budget: '20h' });
    expect(await refusal(budget(month, '10h'))).toContain('has a budget of 10h already');
  });

  test.each(['', '0h', '-3h', '10001h'])('of %j is refused', async (time) => {
    expect(await refusal(budget('2026-10', time))).toContain('invalid: Please check: budget: ');
  });

  test('is set for a month that there is, by whoever runs hours', async () => {
    const input = { project: firm.acme.project, budget: '2h' };
    for (const month of ['2026-13', '26-10', 'October', ''])
      expect(await refusal(run(admin, 'hours.set-budget', { ...input, month }))).toContain('month: ');
    for (const who of [member, approver])
      expect(await refusal(run(who, 'hours.set-budget', { ...input, month: '2026-10' }))).toEqual(NO);
  });
});

describe('more hours', () => {
  const ask = (period: string, time = '5h') =>
    run(admin, 'period.ask-overrun', { period, time, reason: 'The header is larger than we thought' });

  test('are approved by the client before they are worked, though the client sees nothing of the month', async () => {
    const month = nextMonth();
    const { period } = await budget(month, '2h');
    await log(member, month, '2h');
    const { overrun } = await ask(period);
    expect(await told(overrun)).toEqual([{ audience: 'internal' }, { audience: 'client' }]);
    expect(await refusal(ask(period))).toContain('the client has not answered the last request yet');
    const home = JSON.stringify(await show(approver, 'home.work'));
    expect(home).toContain(overrun);
    expect(JSON.stringify(await show(approver, 'overrun.show', { overrun }))).toContain('The header is larger');
    expect(await refusal(show(approver, 'period.show', { period }))).toEqual(NO);

    await run(approver, 'overrun.approve', { overrun, version: '1' });
    await followUp(overrun);

    expect(await row('hours_overrun', overrun)).toMatchObject({
      ...{ status: 'approved', answered_by: firm.acme.approver, answered_by_name: 'Acme Approver' },
      ...{ answered_channel: 'email', answered_assurance: 'mail' },
    });
    const { say, entry } = await log(member, month, '1h');
    expect(say).toContain(' 4h are left in ');
    expect((await row('time_entry', entry)).beyond).toBe(false);
    expect(await refusal(run(approver, 'overrun.decline', { overrun, version: '2', reason: 'Not now' }))).toContain(
      'approved',
    );
  });

  test('that are declined leave the month as it was, and say why', async () => {
    const { period } = await budget(nextMonth(), '2h');
    const { overrun } = await ask(period);

    await run(approver, 'overrun.decline', { overrun, version: '1', reason: 'Not this month' });
    await followUp(overrun);

    expect(JSON.stringify(await show(admin, 'overrun.show', { overrun }))).toContain('Not this month');
    expect(await told(overrun)).toEqual([{ audience: 'internal' }, { audience: 'client' }, { audience: 'triage' }]);
    expect(await refusal(ask(period))).toBe('was allowed');
  });

  test('that were asked for by mistake are withdrawn by whoever runs hours, and asked for anew', async () => {
    const { period } = await budget(nextMonth(), '2h');
    const { overrun } = await ask(period, '50h');
    for (const who of [member, approver])
      expect(await refusal(run(who, 'overrun.withdraw', { overrun, version: '1' }))).toEqual(NO);

    await run(admin, 'overrun.withdraw', { overrun, version: '1' });
    await followUp(overrun);

    expect(await row('hours_overrun', overrun)).toMatchObject({ status: 'withdrawn', answered_by: firm.admin });
    expect(JSON.stringify(await show(approver, 'home.work'))).not.toContain(overrun);
    const answer = await answerPress(app, approver, {
      ...{ press: { target: 'overrun.approve', input: { overrun, version: '1' } }, requestId: 'from an old request' },
    });
    expect(answer).toMatchObject({ kind: 'stale', changes: ['Ada Admin withdrew it'] });
    expect(await refusal(ask(period))).toBe('was allowed');
  });

  test('that nobody answered wait no longer once the month is signed', async () => {
    const month = nextMonth();
    const { period } = await budget(month, '2h');
    await log(member, month, '1h');
    const { overrun } = await ask(period);
    await sign(approver, await send(period));

    expect(JSON.stringify(await show(approver, 'home.work'))).not.toContain(overrun);
    const card = await show(approver, 'overrun.show', { overrun });
    expect([card.status, labels(card)]).toEqual(['Not answered', []]);
    expect(await refusal(run(approver, 'overrun.approve', { overrun, version: '1' }))).toContain('its month is signed');
  });

  test('are nobody’s to answer but an approver’s, and need a budget to go beyond', async () => {
    const { period } = await budget(nextMonth(), '2h');
    const { overrun } = await ask(period);
    const { acme, globex } = firm;
    for (const person of [acme.viewer, acme.feedback, globex.approver, firm.admin, firm.member])
      expect(await refusal(run(as(firm, person), 'overrun.approve', { overrun, version: '1' }))).toEqual(NO);
    const { period: without } = await log(member, nextMonth());
    expect(await refusal(ask(without))).toContain('it has no budget yet');
    expect(await refusal(run(member, 'period.ask-overrun', { period: without, time: '1h', reason: 'More' }))).toEqual(
      NO,
    );
  });

  test('are held by the database: nobody answers in another’s name, or changes what was asked', async () => {
    const { period } = await budget(nextMonth(), '2h');
    const { overrun } = await ask(period);
    const answer = (person: string, name: string) =>
      `update hours_overrun set status = 'approved', answered_by = '${person}', answered_by_name = '${name}', answered_channel = 'slack',
        answered_assurance = 'chat', answered_at = now() where id = '${overrun}'`;
    for (const forged of [
      answer(firm.acme.clientAdmin, 'Acme Admin'),
      answer(firm.acme.approver, 'Acme Admin'),
      `update hours_overrun set minutes = 1 where id = '${overrun}'`,
    ])
      await expect(acting(app, approver, (attempt) => attempt(forged))).rejects.toThrow();
    expect((await row('hours_overrun', overrun)).status).toBe('asked');
    await run(approver, 'overrun.approve', { overrun, version: '1' });
    for (const column of [`minutes = 1`, `answer = 'Never'`, `answered_by_name = 'Acme Admin'`, `status = 'declined'`])
      await expect(owner(`update hours_overrun set ${column} where id = $1`, [overrun])).rejects.toMatchObject({
        code: '23514',
      });
    await acting(app, approver, (attempt) => attempt(`update hours_overrun set version = 9 where id = '${overrun}'`));
    expect((await row('hours_overrun', overrun)).version).toBe(2);
  });
});

describe('a month', () => {
  test('that is sent is seen, and signed by what was on the screen', async () => {
    const month = nextMonth();
    const { period } = await log(member, month, '2h');
    const { hash } = await send(period);
    expect(await told(period)).toEqual([{ audience: 'internal' }, { audience: 'client' }]);
    expect(JSON.stringify(await show(approver, 'home.work'))).toContain(period);
    const card = await show(approver, 'period.show', { period });
    expect(labels(card)).toEqual(['Sign', 'Dispute…', 'Entries', 'Other months']);
    // What somebody worked elsewhere is for the firm to look at.
    const elsewhere = JSON.stringify({ target: 'entry.of-person', input: { person: firm.member } });
    expect(JSON.stringify(card)).not.toContain(elsewhere);
    expect(JSON.stringify(await show(admin, 'period.show', { period }))).toContain(elsewhere);

    const { say } = await sign(approver, { period, hash });

    expect(say).toMatch(/ of Acme website is signed: 2h\. Thank you!$/);
    expect(await row('hours_period', period)).toMatchObject({
      ...{ status: 'signed', signed_hash: hash, answered_by: firm.acme.approver, answered_by_name: 'Acme Approver' },
      ...{ answered_channel: 'email', answered_assurance: 'mail' },
    });
    expect(await told(period)).toEqual([{ audience: 'internal' }, { audience: 'triage' }, { audience: 'client' }]);
    expect(await refusal(sign(approver, { period, hash }))).toContain('is signed: Acme Approver signed it.');
    expect(JSON.stringify(await show(approver, 'home.work'))).not.toContain(period);
  });

  test('is not signed by an old card: nothing is done, and what changed is said', async () => {
    const month = nextMonth();
    const { period, entry } = await log(member, month, '2h');
    const { hash } = await send(period);
    await run(member, 'entry.change', { entry, version: '1', time: '3h' });
    await log(member, month, '30m', { note: 'A late call' });

    const answer = await answerPress(app, approver, {
      ...{ press: { target: 'period.sign', input: { period, hash } }, requestId: 'from an old mail' },
    });

    expect(answer).toMatchObject({ kind: 'stale', card: { about: { id: period } } });
    const changes = answer.kind === 'stale' ? answer.changes : [];
    expect(changes).toEqual([
      expect.stringMatching(/^Changed: 12 \w+ 20\d\d, Mia Member, 3h: Fixed the header$/),
      expect.stringMatching(/^New: 12 \w+ 20\d\d, Mia Member, 30m: A late call$/),
    ]);
    expect(await row('hours_period', period)).toMatchObject({ status: 'sent' });
    const card = await show(approver, 'period.show', { period });
    const press = buttonsOf(card).find(({ label }) => label === 'Sign')?.press;
    expect(
      await answerPress(app, approver, { press: press ?? { target: '', input: {} }, requestId: 'now' }),
    ).toMatchObject({
      kind: 'done',
    });
  });

  test('that is signed stays as it is: nothing is added, changed, deleted, planned or asked for', async () => {
    const month = nextMonth();
    await budget(month, '1h');
    const { period, entry } = await log(member, month, '2h');
    await sign(approver, await send(period));

    expect(await refusal(log(member, month))).toContain('is signed: its hours stay as they are');
    expect(await refusal(run(member, 'entry.change', { entry, version: '1', time: '3h' }))).toContain('signed');
    expect(await refusal(run(member, 'entry.delete', { entry, version: '1' }))).toContain('signed');
    expect(await refusal(budget(month, '3h'))).toContain('is signed');
    expect(await refusal(run(admin, 'period.ask-overrun', { period, time: '1h', reason: 'More' }))).toContain('signed');
    expect(labels(await show(member, 'entry.show', { entry }))).toEqual([expect.stringMatching(/20\d\d$/)]);
    for (const forged of [
      `update time_entry set minutes = 5 where id = '${entry}'`,
      `update hours_period set status = 'sent' where id = '${period}'`,
      ...[`part = 'Another'`, `person_name = 'Paul'`, 'beyond = not beyond', 'shared = false', 'billable = false'].map(
        (column) => `update time_entry set ${column} where id = '${entry}'`,
      ),
      ...[`signed_hash = 'x'`, `answered_by_name = 'Acme Admin'`, `answered_channel = 'slack'`, 'budget = 1'].map(
        (column) => `update hours_period set ${column} where id = '${period}'`,
      ),
      `update hours_period set version = version + 2 where id = '${period}'`,
    ])
      await expect(owner(forged)).rejects.toMatchObject({ code: '23514' });
    await acting(app, approver, (attempt) => attempt(`update hours_period set version = 99 where id = '${period}'`));
    expect((await row('hours_period', period)).version).not.toBe(99);
  });

  test('that is disputed goes back to the team with the reason, and is sent anew', async () => {
    const month = nextMonth();
    const { period, entry } = await log(member, month, '2h');
    const { hash } = await send(period);

    await run(approver, 'period.dispute', { period, reason: 'We had no call that day' });

    expect(await told(period)).toEqual([{ audience: 'internal' }, { audience: 'triage' }, { audience: 'client' }]);
    expect(JSON.stringify(await show(admin, 'home.work'))).toContain(period);
    expect(JSON.stringify(await show(admin, 'period.show', { period }))).toContain('We had no call that day');
    expect(await refusal(sign(approver, { period, hash }))).toContain(
      'is disputed: Northwind Studio looks at it again.',
    );
    const rewritten = `update hours_period set reason = 'All is well' where id = '${period}'`;
    await acting(app, approver, (attempt) => attempt(rewritten));
    await expect(owner(rewritten)).rejects.toMatchObject({ code: '23514' });
    expect(await row('hours_period', period)).toMatchObject({
      ...{ reason: 'We had no call that day', answered_by: firm.acme.approver, answered_channel: 'email' },
    });
    await run(member, 'entry.change', { entry, version: '1', time: '1h' });
    const again = await send(period);
    await sign(approver, again);
    expect(await row('hours_period', period)).toMatchObject({ status: 'signed', signed_hash: again.hash });
  });

  test('is signed and disputed by approvers alone, in their own name', async () => {
    const { period } = await log(member, nextMonth(), '2h');
    const { hash } = await send(period);
    const { acme, globex } = firm;
    const system: Who = { kind: 'system', tenantId: firm.tenantId, reason: 'test' };
    for (const who of [
      ...[acme.viewer, acme.feedback, globex.approver, firm.admin].map((one) => as(firm, one)),
      system,
    ]) {
      expect(await refusal(sign(who, { period, hash }))).toEqual(NO);
      expect(await refusal(run(who, 'period.dispute', { period, reason: 'Not ours' }))).toEqual(NO);
    }
    await owner(`update person set grants = '{"billing": "none"}' where id = $1`, [acme.approver]);
    const unread = await refusal(sign(approver, { period, hash }));
    await owner(`update person set grants = '{}' where id = $1`, [acme.approver]);
    expect(unread).toEqual(NO);

    const forged = (person: string, name: string, how = `'signed', signed_hash = 'x'`) =>
      `update hours_period set status = ${how}, answered_by = '${person}', answered_by_name = '${name}',
        answered_channel = 'slack', answered_assurance = 'chat', answered_at = now() where id = '${period}'`;
    for (const [who, text] of [
      [approver, forged(acme.clientAdmin, 'Acme Admin')],
      [approver, forged(acme.clientAdmin, 'Acme Admin', `'disputed', reason = 'Too much'`)],
      [as(firm, firm.admin), forged(acme.approver, 'Acme Approver', `'disputed', reason = 'Too much'`)],
      [approver, `update hours_period set budget = 1 where id = '${period}'`],
      [as(firm, firm.admin), forged(acme.approver, 'Acme Approver')],
      [as(firm, firm.admin), forged(firm.admin, 'Ada Admin')],
    ] as const)
      await expect(acting(app, who, (attempt) => attempt(text))).rejects.toThrow();
    expect(await row('hours_period', period)).toMatchObject({ status: 'sent' });
    // Nor does it begin as a signed one.
    const begun = `insert into hours_period (tenant_id, id, client_id, project_id, month, status, sent_by_name, sent_at, signed_hash, answered_by,
        answered_by_name, answered_channel, answered_assurance, answered_at)
      select tenant_id, gen_random_uuid(), client_id, project_id, '1999-01-01', 'signed', 'Ada', now(), 'x', '${acme.approver}', 'Acme Approver',
        'slack', 'chat', now() from hours_period where id = '${period}'`;
    await expect(owner(begun)).rejects.toMatchObject({ code: '23514' });
  });

  test('holds the entries of its own project alone, also with SQL', async () => {
    const { entry } = await log(member, nextMonth());
    const { id, project } = firm.globex;
    const put = (client: string, where: string) => `
      insert into time_entry (tenant_id, id, client_id, project_id, period_id, person_id, person_name, logged_by, day, minutes, note, billable)
      select tenant_id, gen_random_uuid(), ${client}, ${where}, period_id, person_id, person_name, logged_by, day, minutes, note, billable
      from time_entry where id = '${entry}'`;

    await expect(owner(put(`'${id}'`, `'${project}'`))).rejects.toMatchObject({ code: '23503' });
    expect(await refusal(owner(put('client_id', 'project_id')))).toBe('was allowed');
  });

  test('is signed once by two who press at the same time', async () => {
    const { period } = await log(member, nextMonth(), '2h');
    const { hash } = await send(period);

    const both = await Promise.allSettled([
      sign(approver, { period, hash }),
      sign(as(firm, firm.acme.clientAdmin), { period, hash }),
    ]);

    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  test('is not sent with nothing to sign, nor by a card that shows less than there is', async () => {
    const month = nextMonth();
    const { period } = await budget(month, '2h');
    expect(await refusal(send(period))).toContain('there is nothing to sign');
    await log(member, month);
    expect(await refusal(run(admin, 'period.send', { period, version: '2' }))).toContain(
      'changed since this was drawn',
    );
    expect(await refusal(run(member, 'period.send', { period, version: '3' }))).toEqual(NO);
  });
});

describe('what is agreed on for a month', () => {
  const agreed = async (period: string) => (await row('hours_period', period)).budget;

  test('is taken out by “none”, and not while the client is asked for more; by saying nothing it stays', async () => {
    const month = nextMonth();
    const place = { project: firm.acme.project, month };
    const { period } = await run(admin, 'hours.set-budget', { ...place, budget: '2h' });
    await log(member, month, '3h');
    const { overrun } = await run(admin, 'period.ask-overrun', { period, time: '5h', reason: 'A second header' });

    expect(await refusal(run(admin, 'hours.set-budget', { ...place, budget: 'none' }))).toContain(
      'Withdraw that first',
    );
    expect(await refusal(run(admin, 'hours.set-budget', place))).toContain('is needed');
    expect(await agreed(period)).toBe(120);
    await run(admin, 'overrun.withdraw', { overrun, version: '1' });
    const { say } = await run(admin, 'hours.set-budget', { ...place, budget: 'none' });

    expect(say).toContain('has no budget any more');
    expect(await agreed(period)).toBe(null);
    expect(await refusal(run(admin, 'hours.set-budget', { ...place, budget: 'none' }))).toContain('has no budget');
    expect(JSON.stringify(await show(admin, 'period.show', { period }))).not.toContain('"progress"');
  });

  test('that is used up says in words how far beyond it the month is', async () => {
    const month = nextMonth();
    const { period } = await budget(month, '2h');
    await log(member, month, '2h');
    expect(JSON.stringify(await show(admin, 'period.show', { period }))).toContain('"label":"Used of what is agreed"');

    await log(member, month, '90m');

    expect(JSON.stringify(await show(admin, 'period.show', { period }))).toContain(
      '"label":"Used of what is agreed, and 1h 30m beyond it","percent":100',
    );
  });
});

describe('a month that is over and was not sent', () => {
  const due = async () =>
    (await owner('select id from parley_due_hours($1) where tenant_id = $2', [app.clock.now(), firm.tenantId])).map(
      ({ id }) => String(id),
    );

  test('is told to the team once, in its own rooms, when the next one begins where the client is', async () => {
    const { period } = await run(admin, 'hours.log', {
      ...{ project: firm.acme.otherProject, time: '2h', note: 'Fixed the header', day: '2026-11-20' },
    });
    app.clock.jump(Date.parse('2026-12-01T04:59:00Z') - app.clock.now().getTime());
    expect(await due()).not.toContain(period);
    app.clock.jump(60_000);
    expect(await due()).toContain(period);
    const system: Who = { kind: 'system', tenantId: firm.tenantId, reason: 'hours' };

    const [request] = await withActor(app, system, (context) => hoursSchedule.due(context, [period]));
    if (!request) throw new Error('nothing is asked for');
    await runCommand(app, system, request);

    expect(await due()).not.toContain(period);
    expect(await names(period)).toContain('period.unsent');
    expect(await told(period)).toEqual([{ audience: 'internal' }]);
    expect(await refusal(run(admin, 'period.remind-unsent', { period }))).toEqual(NO);
  });

  test('is not told of where nothing counts, or it was sent; nor of months before that', async () => {
    const waiting = await due();
    const rows = await owner(`select id, to_char(month, 'YYYY-MM') as month from hours_period where tenant_id = $1`, [
      firm.tenantId,
    ]);
    const months = rows.filter(({ id }) => waiting.includes(String(id))).map(({ month }) => month);
    expect(months.filter((month) => month !== '2026-11')).toEqual([]);
  });
});
