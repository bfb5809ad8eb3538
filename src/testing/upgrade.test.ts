import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { pino } from 'pino';
import { readConfig } from '../config.ts';
import { startHub } from '../hub.ts';
import { migrate } from '../migrate.ts';
import { makeRoles } from '../roles.ts';
import type { Postgres } from './postgres.ts';
import { serverPrograms, startPostgres } from './postgres.ts';
import { previousDatabase, previousTree, servePrevious } from './previous-release.ts';

const run = promisify(execFile);
const SECRET = 'a secret for the upgrade, long enough to be one';
const programs = await serverPrograms().catch((error: Error) => {
  console.log(`upgrade: not run. ${error.message}`);
  return null;
});
const tree = programs ? await previousTree() : null;
const testOnServer = programs ? test : test.skip;
const testBeside = tree ? test : test.skip;

let server: Postgres;
beforeAll(async () => {
  if (programs) server = await startPostgres();
}, 60_000);
afterAll(async () => {
  await server?.stop();
  if (tree) await rm(tree, { recursive: true });
});

interface Upgraded {
  url: string;
  environment: Record<string, string>;
  query(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
  /** Brings the database to this version. */
  upgrade(): Promise<string[]>;
  close(): Promise<void>;
}

/** A database of its own, empty or as the previous release left it. */
async function open(name: string, filled: boolean): Promise<Upgraded> {
  const admin = new pg.Client({ connectionString: server.url });
  await admin.connect();
  await admin.query(`create database ${name}`);
  await admin.end();
  const url = Object.assign(new URL(server.url), { pathname: `/${name}` }).toString();
  const owner = new pg.Client({ connectionString: url });
  await owner.connect();
  if (filled) {
    await makeRoles(owner);
    await owner.query(await previousDatabase());
    // The dump clears what it needs cleared for its own connection alone.
    await owner.query('reset all');
  }
  const lines: string[] = [];
  return {
    url,
    environment: {
      DATABASE_URL: url,
      PARLEY_SECRET: SECRET,
      PARLEY_URL: 'http://127.0.0.1:1',
      PORT: '0',
      LOG_LEVEL: 'error',
    },
    query: async (text, values) => (await owner.query(text, values)).rows,
    upgrade: async () => {
      await migrate({ database: { ownerUrl: url, appUrl: null }, secrets: [SECRET] }, (line) => lines.push(line));
      return lines;
    },
    close: () => owner.end(),
  };
}

/** Rows of each table that the previous release knew. */
async function countsOf({ query }: Upgraded): Promise<Record<string, number>> {
  const tables = await query(
    `select tablename as name from pg_tables where schemaname = 'public' and tablename <> '_prisma_migrations'`,
  );
  const counts: Record<string, number> = {};
  for (const { name } of tables) counts[String(name)] = Number((await query(`select count(*) from ${name}`))[0]?.count);
  return counts;
}

/** What `npm run verify` finds in each firm. */
async function verified({ query, environment }: Upgraded): Promise<string[]> {
  const said: string[] = [];
  for (const { id } of await query('select id from firm')) {
    const { stdout } = await run(
      process.execPath,
      [join(import.meta.dirname, '../cli.ts'), 'verify', '--firm', String(id)],
      {
        env: { PATH: process.env.PATH, ...environment },
      },
    ).catch((error: { stdout: string; stderr: string }) => ({ stdout: `${error.stdout}${error.stderr}` }));
    said.push(...stdout.trim().split('\n'));
  }
  return said;
}

testOnServer(
  'a database of the previous release becomes what a new one is, and keeps its rows',
  async () => {
    const [old, fresh] = [await open('filled', true), await open('fresh', false)];
    const before = await countsOf(old);
    expect(Object.entries(before).filter(([, rows]) => rows < 2)).toEqual([]);

    const lines = await old.upgrade();
    await fresh.upgrade();

    expect(lines.filter((line) => line.startsWith('applied')).length).toBeGreaterThan(0);
    expect(await countsOf(old)).toMatchObject(before);
    const schemaOf = async ({ url }: Upgraded) =>
      (
        await run(join(programs ?? '', 'pg_dump'), ['--schema-only', '--schema=public', '--schema=gate', url], {
          maxBuffer: 2 ** 28,
        })
      ).stdout.replace(/^\\(un)?restrict .*$/gm, '');
    expect(await schemaOf(old)).toBe(await schemaOf(fresh));
    const declared =
      'select (select json_agg(p order by relation) from gate.protection p) as tables, (select json_agg(e order by name) from gate.entity e) as things';
    expect(await old.query(declared)).toEqual(await fresh.query(declared));
    expect((await verified(old)).filter((line) => !line.startsWith('ok '))).toEqual([]);
    await old.close();
    await fresh.close();
  },
  60_000,
);

testBeside(
  'a process of the previous release goes on serving while its database is upgraded, and nothing is lost',
  async () => {
    const database = await open('busy', true);
    const before = await countsOf(database);
    const previous = await servePrevious(tree ?? '', database.environment);
    const tickets = async () => Number((await database.query('select count(*) from ticket'))[0]?.count);
    const moreThan = async (count: number) => {
      while ((await tickets()) <= count) await sleep(100);
    };
    await moreThan(before.ticket ?? 0);

    await database.upgrade();

    // It served before, and afterwards as well.
    const now = await tickets();
    await moreThan(now);
    const served = await previous.stop();
    expect(served).toMatchObject({ faults: [], ready: 200 });
    // Three seconds, on a machine that does nothing else.
    expect(served.longest).toBeLessThan(10_000);
    expect(served.filed.length).toBeGreaterThan(now - (before.ticket ?? 0));
    expect(served.looked).toBe(served.filed.length);
    const kept = await database.query(
      `select count(*)::int as tickets, (select count(*)::int from ticket_message m where m.ticket_id = any($1) and m.body = 'Still there?') as replies
      from ticket t where t.id = any($1)`,
      [served.filed],
    );
    expect(kept).toEqual([{ tickets: served.filed.length, replies: served.filed.length }]);

    const hub = await startHub(readConfig(database.environment), {
      web: false,
      worker: true,
      log: pino({ level: 'silent' }),
    });
    const waiting = () => database.query('select from event where delivered_at is null limit 1');
    while ((await waiting()).length) await sleep(100);
    await hub.stop();
    expect((await verified(database)).filter((line) => !line.startsWith('ok '))).toEqual([]);
    console.log(`upgrade: ${served.filed.length} tickets filed meanwhile, longest answer ${served.longest} ms`);
    await database.close();
  },
  60_000,
);
