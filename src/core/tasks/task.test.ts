import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { acting } from '../../testing/acting.ts';
import type { TestApp } from '../../testing/app.ts';
import { testApp } from '../../testing/app.ts';
import { asOwner } from '../../testing/database.ts';
import type { TestFirm } from '../../testing/firm.ts';
import { as, makeFirm } from '../../testing/firm.ts';
import type { Who } from '../kernel/actor.ts';
import type { Card } from '../kernel/card.ts';
import { buttonsOf, formOf } from '../kernel/card.ts';
import type { Event } from '../kernel/event.ts';
import { readView, runCommand, showView } from '../kernel/registry.ts';
import { tasks } from './index.ts';

let app: TestApp;
let firm: TestFirm;
let count = 0;
/** A new task that the client sees, its number, and one that it does not. */
let task: string;
let internal: string;

beforeAll(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
  app.clock.jump(Date.parse('2026-11-23T10:00:00Z') - app.clock.now().getTime());
});
afterAll(() => app.close());
beforeEach(async () => {
  task = await add({ seen_by: 'client' });
  internal = await add({});
});

const run = async (who: Who, name: string, input: Record<string, unknown>) =>
  (await runCommand(app, who, { name, input, requestId: `test ${++count}` })).output as Record<string, string>;
const admin = () => as(firm, firm.admin);
const member = () => as(firm, firm.member);
const approver = () => as(firm, firm.acme.approver);
const owner = (text: string, values: unknown[] = []) => asOwner(app.database)(text, values);
const row = async (id = task) => (await owner('select * from task where id = $1', [id]))[0] ?? {};
const show = (who: Who, target: string, input: Record<string, string>) => showView(app, who, { target, input });
const labels = (card: Card) => buttonsOf(card).map(({ label }) => label);
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'was allowed',
    (error: { code: string; say: string }) => `${error.code}: ${error.say}`,
  );

async function add(input: Record<string, string>): Promise<string> {
  const { id } = await run(admin(), 'task.add', { project: firm.acme.project, title: 'Send the logos', ...input });
  return String(id);
}
const version = async (id = task) => String((await row(id)).version);
const act = async (who: Who, name: string, more: Record<string, string> = {}, id = task) =>
  run(who, `task.${name}`, { task: id, version: await version(id), ...more });
const assign = (person: string, id = task) => act(admin(), 'assign', { person }, id);

/** Who is told of the last event about a task, as it is announced. */
async function told(id = task) {
  const [last] = await owner(
    `select name, entity, entity_id, data from event where entity_id = $1 order by seq desc limit 1`,
    [id],
  );
  const event = { ...last, about: { entity: last?.entity, id: last?.entity_id } } as unknown as Event;
  return tasks.announcements.filter(({ on }) => on === last?.name).flatMap((one) => one.audience(event));
}

describe('a task', () => {
  test('is added, taken, begun, done and reopened, and says so in the audit', async () => {
    await act(member(), 'take');
    await act(member(), 'start');
    await act(member(), 'finish');
    expect(await row()).toMatchObject({
      status: 'done',
      assignee_name: 'Mia Member',
      version: 4,
      done_at: expect.anything(),
    });

    await act(admin(), 'reopen');

    expect(await row()).toMatchObject({ status: 'open', done_at: null, started_at: null, version: 5 });
    const trail = await owner('select event, by_name from audit where entity_id = $1 order by at, id', [task]);
    expect(trail.map(({ event }) => event).sort()).toEqual(
      ['task.added', 'task.finished', 'task.reopened', 'task.started', 'task.taken'].sort(),
    );
  });

  test('that is blocked says why, tells the team, and goes on where it was', async () => {
    await act(member(), 'start');
    await act(member(), 'block', { reason: 'No logos yet' });
    expect(await told()).toEqual([{ audience: 'internal' }, { audience: 'triage' }]);
    expect((await show(approver(), 'task.show', { task })).blocks[0]).toEqual({
      kind: 'text',
      text: 'Cannot go on: No logos yet',
    });
    expect(await refusal(act(member(), 'finish'))).toBe(
      `conflict: T${(await row()).number} is blocked: this is not possible now.`,
    );

    await act(member(), 'unblock');

    expect(await row()).toMatchObject({ status: 'in_progress', blocked_by: null });
  });

  test('is put into a phase or cycle of its own project, and into no other’s', async () => {
    const { phase } = await run(admin(), 'project.add-phase', { project: firm.acme.project, name: 'Build' });
    const { phase: foreign } = await run(admin(), 'project.add-phase', { project: firm.globex.project, name: 'Build' });

    await act(member(), 'move', { part: String(phase) });

    expect(await row()).toMatchObject({ phase_id: phase, cycle_id: null });
    expect(await refusal(act(admin(), 'move', { part: String(foreign) }))).toContain(
      'This is no phase or cycle of the project.',
    );
    const into = { project: firm.acme.project, title: 'Write texts', phase: foreign };
    expect(await refusal(run(admin(), 'task.add', into))).toContain('not_found');
    const { id } = await run(admin(), 'task.add', { ...into, phase });
    expect(await row(id)).toMatchObject({ phase_id: phase });
  });

  test('of a closed project is finished or dropped, and nothing new begins there', async () => {
    await owner(`update project set stage = 'closed' where id = $1`, [firm.acme.project]);
    try {
      const say = `T${(await row()).number} is to do: its project is closed.`;
      expect(await refusal(act(member(), 'start'))).toBe(`conflict: ${say}`);
      expect(await refusal(act(member(), 'take'))).toBe(`conflict: ${say}`);
      expect(await refusal(add({}))).toBe('conflict: Acme website is closed: nothing new begins there.');
      await act(member(), 'finish');
      expect(await refusal(act(admin(), 'reopen'))).toContain('its project is closed');
      expect(labels(await show(admin(), 'task.show', { task }))).not.toContain('Reopen');
    } finally {
      await owner(`update project set stage = 'build' where id = $1`, [firm.acme.project]);
    }
  });

  test('is due today or later, by the calendar of whoever says so', async () => {
    expect(await refusal(add({ due: '2026-11-22' }))).toBe(
      'invalid: Please check: due: is over already: today is 2026-11-23',
    );
    expect(await refusal(add({ due: '2026-11-31' }))).toContain('is not a date');
    expect(await row(await add({ due: '2026-11-23' }))).toMatchObject({ due_on: '2026-11-23' });
  });
});

describe('who is to do it', () => {
  test('is told, and nobody of what they did themselves', async () => {
    await assign(firm.member);
    expect(await told()).toEqual([{ person: firm.member, everywhere: true }]);
    await assign(firm.admin);
    expect(await told()).toEqual([]);
    await assign('nobody');
    expect(await told()).toEqual([]);
    await act(member(), 'take');
    expect(await told()).toEqual([]);
  });

  test('is somebody who works on the project, of the firm or of its own client', async () => {
    const mayNot = 'invalid: They do not work on this project.';
    for (const person of [firm.globex.approver, firm.acme.viewer, firm.acme.feedback, crypto.randomUUID()])
      expect(await refusal(assign(person))).toBe(mayNot);
    const other = String((await run(admin(), 'task.add', { project: firm.globex.project, title: 'Plan it' })).id);
    // Mia works for Acme alone.
    expect(await refusal(assign(firm.member, other))).toBe(mayNot);
    const form = formOf(await show(admin(), 'task.assign', { task, version: await version() }));
    expect(form?.fields[0]).toMatchObject({
      options: [
        'Nobody',
        'Ada Admin',
        'Mia Member',
        'Paul Partner',
        'Acme Admin (client)',
        'Acme Approver (client)',
      ].map((label) => expect.objectContaining({ label })),
    });
  });

  test('of the client’s people is nobody while the client does not see it', async () => {
    expect(await refusal(assign(firm.acme.approver, internal))).toContain('Share it with the client first');
    const form = formOf(await show(admin(), 'task.assign', { task: internal, version: await version(internal) }));
    expect(JSON.stringify(form)).not.toContain('(client)');
  });

  test('who has left is nobody any more, and the team is told', async () => {
    await assign(firm.acme.approver);
    const finished = await add({ seen_by: 'client' });
    await assign(firm.acme.approver, finished);
    await act(admin(), 'finish', {}, finished);
    const left = { about: { entity: 'person', id: firm.acme.approver }, data: {} } as unknown as Event;
    const [request] = tasks.reactions.filter(({ on }) => on === 'people.deactivated').map(({ next }) => next(left));
    const system: Who = { kind: 'system', tenantId: firm.tenantId, reason: 'people.deactivated' };

    await run(system, String(request?.name), request?.input ?? {});

    expect(await row()).toMatchObject({ assignee_id: null, assignee_name: null });
    expect(await row(finished)).toMatchObject({ assignee_id: firm.acme.approver });
    expect(await told()).toEqual([{ audience: 'internal' }, { audience: 'triage' }]);
    expect(await refusal(run(system, 'task.release', { person: firm.acme.approver }))).toContain('conflict');
  });
});

describe('the client’s people', () => {
  test('do what is shared with them and theirs, and nothing else', async () => {
    expect(await refusal(act(approver(), 'finish'))).toContain('not_found');
    await assign(firm.acme.approver);
    expect(labels(await show(approver(), 'task.show', { task }))).toEqual(['Start', 'Done', 'Blocked…', 'All tasks']);
    await act(approver(), 'start');
    await act(approver(), 'block', { reason: 'The designer is ill' });
    await act(approver(), 'unblock');
    for (const [name, more] of Object.entries({
      drop: {},
      take: {},
      change: { title: 'Mine' },
      assign: { person: 'nobody' },
    }))
      expect(await refusal(act(approver(), name, more))).toContain('forbidden');
    expect(await refusal(act(as(firm, firm.acme.clientAdmin), 'finish'))).toContain('not_found');

    await act(approver(), 'finish');

    expect(await row()).toMatchObject({ status: 'done', version: 6 });
    expect(await told()).toEqual([{ audience: 'internal' }, { audience: 'client' }]);
  });

  test('cannot tell an internal task from one that is not there, by its id, its number or a press', async () => {
    const nothing = crypto.randomUUID();
    for (const person of [firm.acme.clientAdmin, firm.acme.approver, firm.acme.viewer])
      for (const name of ['show', 'finish', 'start', 'block', 'take', 'share']) {
        const tried = (id: string) =>
          refusal(
            name === 'show'
              ? show(as(firm, person), 'task.show', { task: id })
              : run(as(firm, person), `task.${name}`, {
                  task: id,
                  version: '1',
                  ...(name === 'block' ? { reason: 'No' } : {}),
                }),
          );
        expect(await tried(internal)).toBe(await tried(nothing));
      }
    expect(JSON.stringify(await show(admin(), 'task.show', { task: internal }))).toContain('The team alone');
  });

  test('see no more of what is made internal; it is given back before', async () => {
    await assign(firm.acme.approver);
    expect(await refusal(act(admin(), 'make-internal'))).toContain(
      'Acme Approver of the client is to do it. Assign it anew first',
    );
    await assign(firm.member);
    await act(admin(), 'make-internal');
    expect(await refusal(show(approver(), 'task.show', { task }))).toContain('not_found');
    const room: Who = { kind: 'audience', tenantId: firm.tenantId, roomId: firm.acme.room };
    expect(await refusal(show(room, 'task.show', { task }))).toContain('not_found');
    await act(member(), 'finish');
    expect(await told()).toEqual([{ audience: 'internal' }]);
    await act(admin(), 'reopen');
    await act(admin(), 'share');
    expect((await show(approver(), 'task.show', { task })).title).toContain('Send the logos');
  });

  test('who only look do nothing, whoever it was given to', async () => {
    // Given while they could: their part in the project became a smaller one.
    await owner(
      `update task set assignee_id = $1, assignee_name = 'Acme Viewer', assignee_side = 'contact' where id = $2`,
      [firm.acme.viewer, task],
    );
    const viewer = as(firm, firm.acme.viewer);
    expect(labels(await show(viewer, 'task.show', { task }))).toEqual(['All tasks']);
    expect(await refusal(act(viewer, 'finish'))).toBe('forbidden: You may not do this.');
  });

  test('are held by the database itself: they change how far a task of theirs is, and nothing of another', async () => {
    await assign(firm.acme.approver);
    const others = await add({ seen_by: 'client' });
    const tried = (text: string) =>
      acting(app, approver(), (attempt) => attempt(text)).then(
        (done) => done,
        (error: { code?: string }) => error.code,
      );
    for (const column of [`title = 'Mine'`, 'internal = true', 'assignee_id = null', 'due_on = null'])
      expect(await tried(`update task set ${column} where id = '${task}'`)).toBe('forbidden');
    await tried(`update task set status = 'dropped' where id in ('${others}', '${internal}')`);
    expect([await row(others), await row(internal)]).toMatchObject([{ status: 'open' }, { status: 'open' }]);
  });
});

describe('a press', () => {
  test('on an old card changes nothing, and says what happened since', async () => {
    await act(member(), 'take');

    const late = run(as(firm, firm.partner), 'task.take', { task, version: '1' });

    await expect(late).rejects.toMatchObject({ code: 'stale', detail: { changes: ['Mia Member took it on'] } });
    expect(await row()).toMatchObject({ assignee_name: 'Mia Member' });
  });
});

describe('a home', () => {
  const home = async (who: Who) => {
    const { waiting } = (await readView(app, who, { target: 'home.work', input: {} })) as {
      waiting: { text: string; detail: string; view: unknown }[];
    };
    return waiting.filter(({ text }) => text.startsWith('T'));
  };

  test('lists what is somebody’s, and to the team what is late and nobody’s', async () => {
    await owner('delete from task');
    const [soon, late, other] = [
      await add({ due: '2026-12-04', who: 'me' }),
      await add({}),
      await add({ seen_by: 'client' }),
    ];
    await owner(`update task set due_on = '2026-11-20' where id = $1`, [late]);
    await assign(firm.acme.approver, other);
    await owner(`update task set due_on = '2026-11-22' where id = $1`, [other]);

    expect(await home(admin())).toEqual([
      {
        text: expect.stringMatching(/^T\d+ Send the logos$/),
        detail: 'Acme website · overdue since 20 Nov 2026 · nobody has it',
        view: { target: 'task.show', input: { task: late } },
      },
      {
        text: expect.any(String),
        detail: 'Acme website · due 4 Dec 2026',
        view: { target: 'task.show', input: { task: soon } },
      },
    ]);
    expect(await home(approver())).toEqual([
      expect.objectContaining({ detail: 'Acme website · overdue since 22 Nov 2026', view: expect.anything() }),
    ]);
    expect(await home(as(firm, firm.acme.clientAdmin))).toEqual([]);
    await act(approver(), 'finish', {}, other);
    expect(await home(approver())).toEqual([]);
  });
});
