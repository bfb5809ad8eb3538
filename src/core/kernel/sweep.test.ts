import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TestApp } from '../../testing/app.ts';
import { testApp } from '../../testing/app.ts';
import { asOwner } from '../../testing/database.ts';
import { makeFirm } from '../../testing/firm.ts';
import type { Schedule } from './registry.ts';
import type { SweepJob } from './sweep.ts';
import { runSweep, sweepOf } from './sweep.ts';

const FIRMS = 230;

let app: TestApp;
let opened: number;

/** Every project is due once, in all firms. */
const schedule: Schedule = {
  name: 'projects',
  cron: '* * * * *',
  candidates: 'parley_due_projects',
  due: async (_context, ids) =>
    ids.map((project) => ({ name: 'project.look', input: { project }, requestId: `look:${project}` })),
};

beforeAll(async () => {
  app = await testApp();
  await makeFirm(app.database);
  await asOwner(app.database)(`
    with f as (insert into firm (id, name, timezone) select gen_random_uuid(), 'Firm ' || n, 'Europe/Berlin' from generate_series(2, ${FIRMS}) n returning id),
      c as (insert into client (tenant_id, id, name, timezone) select id, gen_random_uuid(), 'Acme', 'Europe/Berlin' from f returning tenant_id, id)
    insert into project (tenant_id, id, client_id, name, stage) select tenant_id, gen_random_uuid(), id, 'Website', 'build' from c`);
  await asOwner(app.database)(`
    create function parley_due_projects(p_at timestamptz) returns table (tenant_id uuid, id uuid)
    language sql stable security definer set search_path = public, pg_temp as $$ select p.tenant_id, p.id from project p $$`);
  const { pool } = app.database;
  const connect = pool.connect.bind(pool);
  pool.connect = ((...parts: Parameters<typeof connect>) => {
    opened += 1;
    return connect(...parts);
  }) as typeof pool.connect;
});
afterAll(() => app.close());

const sweeps = () => [sweepOf(app, schedule)];
const never = new AbortController().signal;

test('what is due in all firms is asked by one statement, and worked as jobs of a page of firms', async () => {
  opened = 0;
  await runSweep(app.jobs, sweeps(), { schedule: 'projects' }, never);

  expect(opened).toBe(1);
  const pages = app.asked.splice(0);
  expect(pages.map(({ queue, key }) => [queue, key])).toEqual([
    ['sweep', 'projects:0'],
    ['sweep', 'projects:1'],
    ['sweep', 'projects:2'],
  ]);

  for (const { data } of pages) await runSweep(app.jobs, sweeps(), data as unknown as SweepJob, never);
  const tenants = new Set(app.asked.map(({ data }) => (data as { tenantId: string }).tenantId));
  expect(tenants.size).toBe(FIRMS);
  expect(app.asked[0]).toMatchObject({ queue: 'react', data: { name: 'project.look', because: 'projects' } });
});

test('a page stops between two firms when it is told to', async () => {
  app.asked.length = 0;
  await runSweep(app.jobs, sweeps(), { schedule: 'projects' }, never);
  const [page] = app.asked.splice(0);
  const stopping = new AbortController();
  const stops: Schedule = {
    ...schedule,
    due: async (context, ids) => {
      stopping.abort(new Error('the worker stops'));
      return schedule.due(context, ids);
    },
  };

  const working = runSweep(app.jobs, [sweepOf(app, stops)], page?.data as unknown as SweepJob, stopping.signal);

  await expect(working).rejects.toThrow('the worker stops');
  expect(new Set(app.asked.map(({ data }) => (data as { tenantId: string }).tenantId)).size).toBe(1);
});

test('when nothing is due no firm is opened', async () => {
  await asOwner(app.database)(
    `create or replace function parley_due_projects(p_at timestamptz) returns table (tenant_id uuid, id uuid)
     language sql stable security definer set search_path = public, pg_temp as $$ select p.tenant_id, p.id from project p where false $$`,
  );
  app.asked.length = 0;
  opened = 0;
  await runSweep(app.jobs, sweeps(), { schedule: 'projects' }, never);

  expect(opened).toBe(1);
  expect(app.asked).toEqual([]);
});
