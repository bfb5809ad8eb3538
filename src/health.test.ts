import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { pino } from 'pino';
import { readConfig } from './config.ts';
import { clockWarnings } from './core/kernel/readiness.ts';
import type { Hub } from './hub.ts';
import { startHub } from './hub.ts';
import { migrate } from './migrate.ts';
import { SECRET } from './testing/database.ts';
import type { Postgres } from './testing/postgres.ts';
import { serverPrograms, startPostgres } from './testing/postgres.ts';

const programs = await serverPrograms().catch((error: Error) => {
  console.log(`health: not run. ${error.message}`);
  return null;
});

test('a clock that is wrong by more than 300 s is said', () => {
  expect(clockWarnings(1_000_000, 1_299_000)).toEqual([]);
  expect(clockWarnings(1_000_000, 1_400_000)).toEqual([expect.stringContaining('400 s ahead')]);
  expect(clockWarnings(1_400_000, 1_000_000)).toEqual([expect.stringContaining('400 s behind')]);
});

(programs ? describe : describe.skip)('/readyz', () => {
  let server: Postgres;
  let owner: pg.Client;
  let hub: Hub;
  beforeAll(async () => {
    server = await startPostgres();
    owner = new pg.Client({ connectionString: server.url });
    await owner.connect();
    hub = await start(server.url);
  }, 60_000);
  afterAll(async () => {
    await hub.stop();
    await owner.end();
    await server.stop();
  });

  const ready = async () => {
    const started = performance.now();
    const response = await fetch(`${hub.url}/readyz`);
    const { status } = (await response.json()) as { status: string };
    return { code: response.status, status, took: performance.now() - started };
  };

  test('says within a second that a frozen server cannot be reached, and that it is back', async () => {
    expect(await ready()).toMatchObject({ code: 200, status: 'ready' });
    await sleep(300);
    await server.freeze();
    const patience = setTimeout(() => server.thaw(), 5_000);
    const frozen = [await ready(), await ready(), await ready()];
    clearTimeout(patience);
    await server.thaw();
    await sleep(600);

    for (const answer of frozen) expect(answer).toMatchObject({ code: 503, status: 'the database cannot be reached' });
    // The quickest of three: a busy machine only ever adds to what an answer takes.
    expect(Math.min(...frozen.map(({ took }) => took))).toBeLessThan(1_000);
    expect(await ready()).toMatchObject({ code: 200 });
  });

  test('tells the truth while all other connections are taken', async () => {
    const { pool } = hub.app.database;
    const held = await Promise.all(Array.from({ length: pool.options.max }, () => pool.connect()));
    const answer = await ready();
    for (const client of held) client.release();

    expect(answer).toMatchObject({ code: 200, status: 'ready' });
    expect(answer.took).toBeLessThan(1_000);
  });

  test('is a no while the database takes no writes', async () => {
    const role = `"${new URL(hub.app.database.url ?? '').username}"`;
    await owner.query(`alter role ${role} set default_transaction_read_only = on`);
    await owner.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'parley-health'`,
    );
    await sleep(600);
    const answer = await ready();
    await owner.query(`alter role ${role} reset default_transaction_read_only`);
    await owner.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'parley-health'`,
    );
    await sleep(600);

    expect(answer).toMatchObject({ code: 503, status: expect.stringContaining('takes no writes') });
    expect(await ready()).toMatchObject({ code: 200 });
  });
});

(programs ? describe : describe.skip)('a hub that stops', () => {
  let server: Postgres;
  beforeAll(async () => {
    server = await startPostgres();
  }, 60_000);
  afterAll(() => server.stop());

  test('says so on /readyz first, still answers, and then is gone whoever holds connections to it', async () => {
    const hub = await start(server.url);
    const { port, hostname } = new URL(hub.url ?? '');
    const silent = connect(Number(port), hostname);
    silent.on('error', () => undefined);
    expect((await fetch(`${hub.url}/readyz`)).status).toBe(200);

    const started = performance.now();
    const stopping = hub.stop({ notice: 500 });
    const asked = await fetch(`${hub.url}/readyz`);
    const alive = await fetch(`${hub.url}/healthz`);
    await stopping;
    const took = performance.now() - started;
    silent.destroy();

    expect([asked.status, await asked.json()]).toEqual([503, { status: 'stopping' }]);
    expect([alive.status, alive.headers.get('connection')]).toEqual([200, 'close']);
    expect(took).toBeGreaterThan(500);
    expect(took).toBeLessThan(2_500);
    await expect(fetch(`${hub.url}/healthz`)).rejects.toThrow();
  });
});

(programs ? describe : describe.skip)('a migration', () => {
  test('behind a long report waits in turns, so that presses do not queue behind it', async () => {
    const server = await startPostgres();
    const [report, press] = [new pg.Client(server.url), new pg.Client(server.url)];
    const config = { database: { ownerUrl: server.url, appUrl: null, connections: 2 }, secrets: [SECRET] as [string] };
    try {
      await migrate(config, () => undefined);
      await Promise.all([report.connect(), press.connect()]);
      // As if the newest migration, which alters a table, had not been applied yet.
      await press.query(`alter table posted_card drop column message_id`);
      await press.query(`drop function parley_storage()`);
      for (const name of ['request', 'inbox_body', 'inbox', 'posted_card', 'link_code'])
        await press.query(`drop function parley_sweep_${name}(int)`);
      await press.query('drop index request_old, inbox_old');
      await press.query(`delete from _prisma_migrations where migration_name like '%_growth'`);
      await report.query('begin');
      await report.query('select count(*) from posted_card');

      const lines: string[] = [];
      const migrating = migrate(config, (line) => lines.push(line));
      const waits: number[] = [];
      for (let turn = 0; turn < 15; turn += 1) {
        await sleep(200);
        const started = performance.now();
        await press.query('select count(*) from posted_card');
        waits.push(performance.now() - started);
      }
      await report.query('commit');
      await migrating;

      expect(Math.max(...waits)).toBeLessThan(1_500);
      expect(lines.some((line) => line.includes('waits for'))).toBe(true);
      expect(lines.some((line) => line.endsWith('_growth'))).toBe(true);
    } finally {
      await Promise.all([report.end(), press.end()]);
      await server.stop();
    }
  }, 60_000);
});

async function start(url: string): Promise<Hub> {
  const database = { ownerUrl: url, appUrl: null };
  await migrate({ database, secrets: [SECRET] }, () => undefined);
  const config = readConfig({ PARLEY_SECRET: SECRET, DATABASE_URL: url, PORT: '0' });
  return startHub(config, { web: true, worker: false, log: pino({ level: 'silent' }) });
}
