import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { applyMigrations } from './apply-migrations.ts';
import { migrate } from './migrate.ts';
import { allWait } from './testing/database.ts';
import type { Postgres } from './testing/postgres.ts';
import { serverPrograms, startPostgres } from './testing/postgres.ts';

const programs = await serverPrograms().catch((error: Error) => {
  console.log(`apply-migrations: not run. ${error.message}`);
  return null;
});
const testOnServer = programs ? test : test.skip;
const FIRM = '00000000-0000-4000-8000-000000000001';
const ROOM = '00000000-0000-4000-8000-000000000002';
const ROOMS = '20261125150000_rooms';

let server: Postgres;
/** Of an owner like a managed server has: may make roles, and is no superuser. */
let owner: pg.Client;
let url: string;
let folder: string;

beforeAll(async () => {
  if (!programs) return;
  server = await startPostgres();
  const admin = new pg.Client({ connectionString: server.url });
  await admin.connect();
  await admin.query('create role plain login createrole');
  await admin.query('create database parley owner plain');
  await admin.end();
  url = Object.assign(new URL(server.url), { username: 'plain', pathname: '/parley' }).toString();
  await migrate(
    { database: { ownerUrl: url, appUrl: null }, secrets: ['a secret that is long enough for tests'] },
    () => {},
  );
  owner = new pg.Client({ connectionString: url });
  await owner.connect();
  folder = await mkdtemp(join(tmpdir(), 'parley-migrations-'));
  await cp(join(import.meta.dirname, '../prisma/migrations'), folder, { recursive: true });
}, 60_000);
afterAll(async () => {
  await owner?.end();
  await server?.stop();
  if (folder) await rm(folder, { recursive: true });
});

/** Does something as one who sees all rows. */
async function behindPolicies(text: string): Promise<Record<string, unknown>[]> {
  const admin = new pg.Client({
    connectionString: Object.assign(new URL(server.url), { pathname: '/parley' }).toString(),
  });
  await admin.connect();
  try {
    return (await admin.query(text)).rows;
  } finally {
    await admin.end();
  }
}

async function addMigration(name: string, text: string): Promise<void> {
  await mkdir(join(folder, name));
  await writeFile(join(folder, name, 'migration.sql'), text);
}

const silent = () => undefined;

testOnServer('an owner who is no superuser brings an empty database to this version', async () => {
  expect(await behindPolicies(`select rolsuper, rolbypassrls from pg_roles where rolname = 'plain'`)).toEqual([
    { rolsuper: false, rolbypassrls: false },
  ]);
  expect(await behindPolicies(`select relforcerowsecurity as forced from pg_class where relname = 'room'`)).toEqual([
    { forced: true },
  ]);
});

testOnServer(
  'a backfill fills the rows that the owner does not see, and policies are forced on the owner again',
  async () => {
    await behindPolicies(`insert into firm (id, name, timezone) values ('${FIRM}', 'Northwind', 'UTC')`);
    await addMigration(
      '29990101000000_fill',
      `alter table firm add column motto text; update firm set motto = 'Ahead';
     create table slogan (firm uuid references firm (id)); insert into slogan select id from firm;`,
    );

    await applyMigrations(owner, silent, folder);

    expect(await behindPolicies('select motto from firm')).toEqual([{ motto: 'Ahead' }]);
    expect(await behindPolicies('select firm from slogan')).toEqual([{ firm: FIRM }]);
    expect(await behindPolicies(`select relforcerowsecurity as forced from pg_class where relname = 'firm'`)).toEqual([
      { forced: true },
    ]);
  },
);

testOnServer('a foreign key on rows that the owner does not see is checked against them', async () => {
  await behindPolicies(`alter table firm add column parent uuid; update firm set parent = '${ROOM}'`);
  await addMigration(
    '29990101000001_key',
    'alter table firm add constraint firm_parent foreign key (parent) references firm (id)',
  );

  await expect(applyMigrations(owner, silent, folder)).rejects.toThrow(
    /29990101000001_key failed and was rolled back: .* violates foreign key constraint "firm_parent"/,
  );
  await rm(join(folder, '29990101000001_key'), { recursive: true });
});

testOnServer('a backfill of rows that cannot be opened to the owner fails, and does not change nothing', async () => {
  await behindPolicies(`create table theirs (id int); insert into theirs values (1); grant select, update on theirs to plain;
    alter table theirs enable row level security, force row level security`);
  await addMigration('29990101000002_theirs', 'update theirs set id = 2');

  await expect(applyMigrations(owner, silent, folder)).rejects.toThrow(
    /29990101000002_theirs failed and was rolled back: must be owner of table theirs/,
  );
  await rm(join(folder, '29990101000002_theirs'), { recursive: true });
});

testOnServer('a migration that meets a process that serves in a deadlock is tried again', async () => {
  // Theirs is looked at later, so that it is the migration that is given up.
  await behindPolicies(`alter role plain set deadlock_timeout = '2s'`);
  const [serving, migrating] = [server.url, url].map(
    (one) => new pg.Client({ connectionString: Object.assign(new URL(one), { pathname: '/parley' }).toString() }),
  ) as [pg.Client, pg.Client];
  await Promise.all([serving.connect(), migrating.connect()]);
  await serving.query(`set deadlock_timeout = '1min'`);
  await addMigration(
    '29990101000003_both',
    'alter table client add column one int; alter table room add column two int',
  );
  await serving.query('begin');
  await serving.query('select from room');
  const lines: string[] = [];
  const applied = applyMigrations(migrating, (line) => lines.push(line), folder);
  await allWait(async (text) => (await serving.query(text)).rows, 1);

  // Each waits for what the other has, until the migration gives way.
  await serving.query('select from client');
  await serving.query('commit');
  await applied;

  expect(lines).toEqual([
    '29990101000003_both waits for a lock that a long transaction holds',
    'applied 29990101000003_both',
  ]);
  await Promise.all([serving.end(), migrating.end()]);
});

testOnServer('a landed migration that fills a table fills it for such an owner too', async () => {
  await behindPolicies(`
    insert into room (tenant_id, id, channel, account, address, name, audience, fault)
      values ('${FIRM}', '${FIRM}', 'slack', '', 'C1', 'left', 'triage', 'unbound');
    delete from _prisma_migrations where migration_name = '${ROOMS}';
    drop trigger room_keeps_readers on room; drop function parley_keep_readers();
    drop index room_bound, room_ended, link_code_address;
    alter table room drop column unbound_at,
      add constraint room_tenant_id_channel_account_address_client_id_project_id_key unique (tenant_id, id);
    alter table link_code drop column asked_for, drop column called_as, drop column workspace, drop column issued_by, drop column identity_id;
    drop function parley_issue_code(uuid, uuid, text, timestamptz, timestamptz), parley_issued_to(uuid), parley_connects(text, text);`);

  await applyMigrations(owner, silent, folder);

  expect(await behindPolicies(`select unbound_at is not null as ended from room`)).toEqual([{ ended: true }]);
});

testOnServer('the setting does not outlive the migrations', async () => {
  const { rows } = await owner.query('show row_security');
  expect(rows).toEqual([{ row_security: 'on' }]);
});
