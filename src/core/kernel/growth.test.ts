import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { CARD_LIVES } from '../../bots/rooms.ts';
import { storage } from '../../cli/storage.ts';
import type { TestApp } from '../../testing/app.ts';
import { testApp } from '../../testing/app.ts';
import { asOwner } from '../../testing/database.ts';
import type { TestFirm } from '../../testing/firm.ts';
import { as, makeFirm } from '../../testing/firm.ts';
import { withActor } from './context.ts';
import { growthSweep, livesOf } from './growth.ts';
import { runCommand } from './registry.ts';

let app: TestApp;
let firm: TestFirm;
beforeAll(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
});
afterAll(() => app.close());

const owner = (text: string, values?: unknown[]) => asOwner(app.database)(text, values);
const count = async (of: string) => Number((await owner(`select count(*) from ${of}`))[0]?.count);
const sweepAll = async (signal = new AbortController().signal) => {
  const sweep = growthSweep(app, livesOf(app, CARD_LIVES));
  for (const part of await sweep.parts()) await sweep.work(part, signal);
};
const delivery = (source: string, status: string, days: number) =>
  owner(
    `insert into inbox (tenant_id, id, source, account, delivery_id, kind, headers, body, status, received_at)
     values ($1, $2::uuid, $3, 'a', $2::uuid::text, 'k', '{"a": "b"}', 'body', $4, now() - make_interval(days => $5))`,
    [firm.tenantId, randomUUID(), source, status, days],
  );
const card = (channel: string, state: string, days: number, id = randomUUID(), threadOf: string | null = null) =>
  owner(
    `insert into posted_card (tenant_id, id, key, room_id, channel, view, entity, entity_id, state, thread_of, updated_at)
     values ($1, $2::uuid, $2::uuid::text, $3, $4, '{}', 'project', $2::uuid, $5, $7, now() - make_interval(days => $6))`,
    [firm.tenantId, id, firm.acme.room, channel, state, days, threadOf],
  );

test('requests are forgotten after 90 days, in batches, and no younger ones', async () => {
  await owner(
    `insert into request (tenant_id, request_id, command, input_hash, outcome, at)
     select $1::uuid, 'old ' || n, 'c', 'h', '{}'::jsonb, now() - interval '91 days' from generate_series(1, 2500) n
     union all select $1::uuid, 'young ' || n, 'c', 'h', '{}', now() - interval '89 days' from generate_series(1, 10) n`,
    [firm.tenantId],
  );

  expect((await owner('select parley_sweep_request(100000) as rows'))[0]).toEqual({ rows: 1_000 });
  await sweepAll();

  expect(await count(`request where request_id like 'old %'`)).toBe(0);
  expect(await count(`request where request_id like 'young %'`)).toBe(10);
});

test('of deliveries that are done the body goes first and the row later; what waits, is in quarantine or is a mail stays', async () => {
  for (const [source, status, days] of [
    ['jira', 'applied', 29],
    ['jira', 'applied', 31],
    ['jira', 'applied', 91],
    ['jira', 'duplicate', 91],
    ['jira', 'quarantined', 400],
    ['jira', 'waiting', 400],
    ['email', 'applied', 400],
  ] as const)
    await delivery(source, status, days);

  await sweepAll();

  const left = await owner(
    `select source, status, length(body) as bytes, (now()::date - received_at::date) as days from inbox order by received_at desc`,
  );
  expect(left.map(({ source, status, bytes, days }) => `${source} ${status} ${days} ${bytes}`).sort()).toEqual([
    'email applied 400 4',
    'jira applied 29 4',
    'jira applied 31 0',
    'jira quarantined 400 4',
    'jira waiting 400 4',
  ]);
});

test('what two lives of one table take is one part, so that they never take rows from each other’s batches', async () => {
  const lives = livesOf(app, CARD_LIVES).filter(({ sweep }) => sweep);
  const parts = await growthSweep(app, lives).parts();

  expect(parts).toEqual([...new Set(lives.map(({ table }) => table))]);
  expect(parts.length).toBeLessThan(lives.length);
});

test('posted cards that are gone go, live ones stay, and no first mail of a thread before its last', async () => {
  const first = randomUUID();
  await card('slack', 'posted', 4_000);
  await card('slack', 'gone', 91);
  await card('slack', 'gone', 89);
  await card('email', 'posted', 800);
  await card('email', 'posted', 900, first);
  await card('email', 'posted', 10, randomUUID(), first);

  await sweepAll();

  const left = await owner(
    `select channel, state, (now()::date - updated_at::date) as days from posted_card order by updated_at`,
  );
  expect(left.map(({ channel, state, days }) => `${channel} ${state} ${days}`)).toEqual([
    'slack posted 4000',
    'email posted 900',
    'slack gone 89',
    'email posted 10',
  ]);
});

test('what was done stays for good, and the roles of actors can sweep nothing', async () => {
  await owner(
    `insert into event (tenant_id, id, name, entity, entity_id, data, actor, request_id, at)
     values ($1, $2, 'e', 'project', $2, '{}', '{}', 'r', now() - interval '9 years')`,
    [firm.tenantId, randomUUID()],
  );
  const before = [await count('event'), await count('audit')];
  await sweepAll();

  expect([await count('event'), await count('audit')]).toEqual(before);
  const rights = await owner(
    `select r.rolname, p.proname from pg_roles r, pg_proc p
     where r.rolname in ('parley_staff', 'parley_member', 'parley_contact', 'parley_contact_whole', 'parley_system')
       and p.proname like 'parley\\_sweep%' and has_function_privilege(r.oid, p.oid, 'execute')`,
  );
  expect(rights).toEqual([]);
});

test('a sweep stops between two batches when it is told to', async () => {
  await expect(sweepAll(AbortSignal.abort(new Error('stop')))).rejects.toThrow('stop');
});

test('the list of what is stored counts rows, bytes and the oldest row, and says what is kept how long', async () => {
  const input = { project: firm.acme.project, title: 'Storage', description: 'How much is it?' };
  await runCommand(app, as(firm, firm.acme.approver), { name: 'ticket.file-bug', input, requestId: 'storage' });
  const lines: string[] = [];
  const terminal = { app, tenantId: async () => firm.tenantId, json: false, print: (line: string) => lines.push(line) };

  expect(await storage(terminal, livesOf(app, CARD_LIVES))).toBe(0);

  const requests = await count('request');
  expect(lines.find((line) => line.startsWith('request '))).toMatch(
    new RegExp(`^request +${requests} +\\d+ +\\d{4}-\\d\\d-\\d\\d +90 days$`),
  );
  expect(lines.find((line) => line.startsWith('audit '))).toMatch(/for good$/);
  expect(lines.at(-1)).toMatch(/\d+ bytes for each of \d+ recorded acts/);
});

test('the queue is listed with its oldest job, and how long it keeps what is done', async () => {
  await owner(
    `insert into pgboss.job_common (id, name, data, created_on) values (gen_random_uuid(), 'event', '{}', '2026-01-02')`,
  );
  const lines: string[] = [];
  const terminal = { app, tenantId: async () => firm.tenantId, json: false, print: (line: string) => lines.push(line) };

  await storage(terminal, livesOf(app, CARD_LIVES));

  expect(lines.find((line) => line.startsWith('pgboss '))).toMatch(
    new RegExp(`^pgboss +${await count('pgboss.job')} +\\d{5,} +2026-01-02 +an hour once done, 90 days once failed$`),
  );
  const end = (lines[0]?.indexOf('bytes') ?? 0) + 'bytes'.length;
  const all = lines.slice(1, -1).reduce((sum, line) => sum + Number(line.slice(end - 14, end)), 0);
  expect(lines.at(-1)).toMatch(new RegExp(`^${all} bytes in all`));
});

test('the card that a message shows is found by an index under the policies', async () => {
  const plan = await withActor(app, { kind: 'system', tenantId: firm.tenantId, reason: 'test' }, async ({ sql }) => {
    await sql`set local enable_seqscan = off`;
    return sql`explain select id from posted_card where tenant_id = ${firm.tenantId} and message_id = ${'1'}`;
  });

  expect(JSON.stringify(plan)).toContain('posted_card_message');
});
