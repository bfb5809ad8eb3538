import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TestApp } from '../../testing/app.ts';
import { testApp } from '../../testing/app.ts';
import { asOwner } from '../../testing/database.ts';
import type { TestFirm } from '../../testing/firm.ts';
import { as, makeFirm } from '../../testing/firm.ts';
import type { Who } from '../kernel/actor.ts';
import { react, reactionConsumer } from '../kernel/delivery.ts';
import type { EventRow } from '../kernel/event.ts';
import { eventOf } from '../kernel/event.ts';
import { runCommand, showView } from '../kernel/registry.ts';

let app: TestApp;
let firm: TestFirm;
let count = 0;
let phase: string;
let other: string;
/** Up to where the events were followed. */
let seen = 0;

beforeAll(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
  [phase, other] = [await addPhase('Build'), await addPhase('Launch')];
});
afterAll(() => app.close());

const admin = () => as(firm, firm.admin);
const project = () => firm.acme.project;
const run = async (who: Who, name: string, input: Record<string, unknown>) =>
  (await runCommand(app, who, { name, input, requestId: `test ${++count}` })).output as Record<string, string>;
const addPhase = async (name: string) =>
  String((await run(admin(), 'project.add-phase', { project: project(), name })).phase);
const add = async (more: Record<string, string> = {}) =>
  String((await run(admin(), 'task.add', { project: project(), title: 'Send the logos', phase, ...more })).id);
const act = async (task: string, name: string, more: Record<string, string> = {}, who: Who = admin()) => {
  const [row] = await asOwner(app.database)('select version from task where id = $1', [task]);
  await run(who, `task.${name}`, { task, version: String(row?.version), ...more });
};

/** Does what follows from what has happened, as the worker would; which commands these were. */
async function follow(): Promise<string[]> {
  const rows = await asOwner(app.database)('select * from event where seq > $1 order by seq', [seen]);
  const done: string[] = [];
  for (const row of rows) {
    seen = Number(row.seq);
    const jobs = await reactionConsumer(app).jobs(eventOf(row as unknown as EventRow), undefined as never, new Date());
    for (const { data } of jobs) {
      done.push(String((data as { name: string }).name));
      await react(app, data as unknown as Parameters<typeof react>[1]);
    }
  }
  return done;
}
const percents = async (who: Who = admin()) => {
  const card = await showView(app, who, { target: 'project.show', input: { project: project() } });
  return Object.fromEntries(
    card.blocks.flatMap((block) => (block.kind === 'progress' ? [[block.label, block.percent]] : [])),
  );
};

describe('the progress of a phase', () => {
  test('follows from its tasks, for firm and client alike, whatever becomes of them', async () => {
    const [first, second, third] = [await add(), await add({ seen_by: 'client' }), await add()];
    await act(second, 'assign', { person: firm.acme.approver });
    await follow();
    expect(await percents()).toMatchObject({ Build: 0, Launch: 0, Done: 0 });
    await act(first, 'finish');
    await act(second, 'finish', {}, as(firm, firm.acme.approver));
    await follow();
    expect(await percents()).toMatchObject({ Build: 66, Done: 33 });
    // The client does not see the first and third, and reads the same number all the same: there is one.
    expect(await percents(as(firm, firm.acme.viewer))).toEqual(await percents());
    await act(third, 'drop');
    await follow();
    expect(await percents()).toMatchObject({ Build: 100 });
    await act(first, 'reopen');
    await follow();
    expect(await percents()).toMatchObject({ Build: 50 });
    await act(first, 'move', { part: other });
    await follow();
    expect(await percents()).toMatchObject({ Build: 100, Launch: 0 });
  });

  test('changes the cards that show it by an event of the project', async () => {
    const task = await add();
    await follow();
    await act(task, 'finish');
    expect(await follow()).toContain('project.count-progress');
    const [event] = await asOwner(app.database)(
      `select * from event where entity = 'project' order by seq desc limit 1`,
    );
    expect(event).toMatchObject({ name: 'project.progressed', entity_id: project(), data: { phase, percent: 100 } });
  });

  test('is counted by nobody who presses, and not again where nothing changed', async () => {
    await follow();
    const input = { project: project() };
    await expect(run(admin(), 'project.count-progress', input)).rejects.toMatchObject({ code: 'forbidden' });
    const system: Who = { kind: 'system', tenantId: firm.tenantId, reason: 'test' };
    await expect(run(system, 'project.count-progress', input)).rejects.toMatchObject({ code: 'conflict' });
  });

  test('is not typed where there are tasks', async () => {
    await expect(run(admin(), 'project.report-progress', { phase, percent: '5' })).rejects.toMatchObject({
      code: 'conflict',
      say: expect.stringMatching(/^Build is as far as its tasks are: \d of \d are done\.$/),
    });
    const empty = await addPhase('Care');
    await run(admin(), 'project.report-progress', { phase: empty, percent: '5' });
    expect(await percents()).toMatchObject({ Care: 5 });
  });
});
