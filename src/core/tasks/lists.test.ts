import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TestApp } from '../../testing/app.ts';
import { testApp } from '../../testing/app.ts';
import { asOwner } from '../../testing/database.ts';
import type { TestFirm } from '../../testing/firm.ts';
import { as, makeFirm } from '../../testing/firm.ts';
import type { Who } from '../kernel/actor.ts';
import { encodePress } from '../kernel/card.ts';
import { withActor } from '../kernel/context.ts';
import type { Sql } from '../kernel/db.ts';
import { pageOf } from '../kernel/list-page.ts';
import { readView, showView } from '../kernel/registry.ts';
import { orderOf, pageOfTasks } from './list-queries.ts';
import { listTasks } from './lists.ts';

let app: TestApp;
let firm: TestFirm;
let admin: Who;
/** Tasks of Acme's first project, of whom every third is internal. */
const MANY = 10_000;

beforeAll(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
  admin = as(firm, firm.admin);
  app.clock.jump(Date.parse('2026-11-23T10:00:00Z') - app.clock.now().getTime());
  await asOwner(app.database)(
    `insert into task (tenant_id, id, client_id, project_id, internal, status, blocked_by, title, assignee_id, assignee_name, assignee_side,
       due_on, started_at, done_at, created_by)
     select $1, gen_random_uuid(), $2, $3, n % 3 = 0, s.status, case s.status when 'blocked' then 'No logos' end, 'Task ' || n,
       case when n % 5 = 0 then $4::uuid end, case when n % 5 = 0 then 'Mia Member' end, case when n % 5 = 0 then 'staff' end,
       case when n % 7 > 0 then date '2026-01-01' + n % 600 end, case when s.status in ('in_progress', 'done') then now() end,
       case s.status when 'done' then now() end, 'Ada'
     from generate_series(1, $5::int) n, lateral (select (array['open', 'in_progress', 'blocked', 'done', 'dropped'])[1 + (n / 3 + n / 600) % 5] as status) s`,
    [firm.tenantId, firm.acme.id, firm.acme.project, firm.member, MANY],
  );
  await asOwner(app.database)('analyze task');
}, 60_000);
afterAll(() => app.close());

const read = async (who: Who, input: Record<string, string>) =>
  listTasks.output.parse(
    await readView(app, who, { target: 'task.list', input: { project: firm.acme.project, ...input } }),
  );

/** All pages on from one, or back from it. */
async function walk(who: Who, input: Record<string, string>, pages: number) {
  const items = [];
  let after: string | null = '';
  for (let page = 0; page < pages && after !== null; page += 1) {
    const { items: some, next }: Awaited<ReturnType<typeof read>> = await read(who, {
      ...input,
      ...(after ? { after } : {}),
    });
    items.push(...some);
    after = next;
  }
  return items;
}

describe('the tasks of a project', () => {
  test('stand by due date, what is finished behind the rest; by status; the newest first', async () => {
    const due = await walk(admin, {}, 3);
    expect(due).toHaveLength(30);
    expect(due.map(({ rank }) => rank)).toEqual(due.map(({ rank }) => rank).sort((one, other) => one - other));
    expect(due[0]).toMatchObject({ isOverdue: true, status: expect.not.stringMatching('done') });
    const newest = await walk(admin, { order: 'newest' }, 2);
    // The last two were dropped.
    expect(newest.map(({ title }) => title).slice(0, 2)).toEqual(['Task 9998', 'Task 9997']);
    const status = await walk(admin, { order: 'status', state: 'done' }, 2);
    expect(new Set(status.map(({ status }) => status))).toEqual(new Set(['done']));
  });

  test.each(['due', 'status', 'newest'])('by %s go page by page there and back, each once', async (order) => {
    const seen = new Set((await walk(admin, { order }, 5)).map(({ id }) => id));
    expect(seen.size).toBe(50);
    const first = await read(admin, { order });
    const second = await read(admin, { order, after: String(first.next) });
    const back = await read(admin, { order, before: String(second.previous) });
    expect(back.items).toEqual(first.items);
  });

  test('are narrowed to what is overdue, nobody’s, or one’s own', async () => {
    const overdue = await walk(admin, { state: 'overdue' }, 2);
    expect(overdue.every(({ isOverdue, dueOn }) => isOverdue && String(dueOn) < '2026-11-23')).toBe(true);
    expect((await walk(admin, { who: 'nobody' }, 2)).every(({ assigneeId }) => assigneeId === null)).toBe(true);
    const mine = await walk(as(firm, firm.member), { who: 'me', state: 'open' }, 1);
    expect(mine.every(({ assigneeId, status }) => assigneeId === firm.member && status === 'open')).toBe(true);
    expect((await read(admin, { who: 'me' })).items).toEqual([]);
  });

  test('are overdue by the calendar of whoever reads, on both sides of a day', async () => {
    const of = async (who: Who) => (await read(who, {})).summary.counts.overdue;
    // 01:30 in Berlin is still the day before in New York.
    app.clock.jump(Date.parse('2026-11-24T00:30:00Z') - app.clock.now().getTime());
    const [berlin, newYork] = [await of(admin), await of(as(firm, firm.acme.clientAdmin))];
    app.clock.jump(Date.parse('2026-11-23T10:00:00Z') - app.clock.now().getTime());
    expect(berlin).toBeGreaterThan(await of(admin));
    expect(newYork).toBe(await of(as(firm, firm.acme.clientAdmin)));
  });

  test('are shown and counted to a contact without the internal ones', async () => {
    const client = as(firm, firm.acme.clientAdmin);
    const [seen, all] = [await read(client, { order: 'newest' }), await read(admin, { order: 'newest' })];
    expect(seen.items.some(({ internal }) => internal)).toBe(false);
    expect(all.items.some(({ internal }) => internal)).toBe(true);
    const sum = ({ summary: { counts } }: typeof all) => counts.open + counts.inProgress + counts.blocked + counts.done;
    const [row] = await asOwner(app.database)(
      `select count(*)::int as n from task where not internal and status <> 'dropped'`,
    );
    expect([sum(seen), sum(all) > sum(seen)]).toEqual([row?.n, true]);
  });

  test('stand in the columns of a board by status, and every press fits a button', async () => {
    const input = { project: firm.acme.project, order: 'status' };
    const card = await showView(app, admin, { target: 'task.list', input });
    expect(card.blocks.flatMap((block) => (block.kind === 'list' ? [block.title] : []))).toEqual(['To do']);
    const narrowest = { ...input, state: 'overdue', who: 'nobody' };
    const { next } = await read(admin, narrowest);
    const turned = await showView(app, admin, { target: 'task.list', input: { ...narrowest, after: String(next) } });
    for (const action of turned.actions) if (action.kind === 'button') encodePress(action.press);
    expect(turned.actions.map(({ label }) => label)).toContain('Previous');
  });
});

test('a page of ten thousand tasks is read from an index in each order, in milliseconds', async () => {
  const [first] = (await walk(admin, { order: 'newest' }, 1)).slice(-1);
  for (const order of ['due', 'status', 'newest'] as const)
    for (const [name, who] of [
      ['admin', admin],
      ['contact', as(firm, firm.acme.approver)],
    ] as const) {
      const { items, next } = await read(who, { order });
      const last = items.at(-1);
      expect({ order, name, next }).not.toEqual({ order, name, next: null });
      const plan = await withActor(
        app,
        who,
        async (context) => {
          let text = '';
          const sql = (async (strings: TemplateStringsArray, ...values: unknown[]) => {
            const explained = Object.assign([`explain (analyze, format text) ${strings[0]}`, ...strings.slice(1)], {
              raw: strings.raw,
            }) as unknown as TemplateStringsArray;
            const rows = await context.sql<Record<string, string>>(explained, ...(values as never[]));
            text = rows.map((row) => Object.values(row)[0]).join('\n');
            return [];
          }) as unknown as Sql;
          const from = [String(last?.rank), String(last?.number)];
          const page = pageOf({ ...context, sql }, orderOf({ order }), { from, isBack: false, limit: 11 }, []);
          await pageOfTasks(context, { project: firm.acme.project }, page, { order });
          return text;
        },
        { project: firm.acme.project },
      );
      expect({ order, name, plan }).toMatchObject({ plan: expect.stringContaining(`task_${order}`) });
      expect({ order, name, plan }).not.toMatchObject({
        plan: expect.stringMatching(/Seq Scan on task\b|Sort Key: t\./),
      });
      const took = Number(/Execution Time: ([\d.]+)/.exec(plan)?.[1]);
      expect({ order, name, took, fast: took < 50 }).toMatchObject({ fast: true });
    }
  expect(first).toBeDefined();
});
