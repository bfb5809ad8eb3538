import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import type { Database } from '../core/kernel/db.ts';
import { openEmbedded, openServer } from '../core/kernel/db.ts';
import { migrate, migrateEmbedded } from '../migrate.ts';
import { loginOf } from '../roles.ts';

/** The secret of every test's app and database. */
export const SECRET = 'a secret for tests, long enough to be one';

/** A migrated, empty database of this test file's own: embedded, or on the server of DATABASE_URL. */
export async function testDatabase(): Promise<Database> {
  return process.env.DATABASE_URL ? onServer(process.env.DATABASE_URL, PATIENCE) : embedded();
}

/**
 * Milliseconds: longer than a press has, because what is tested is not how busy the machine is. An embedded database waits without end
 * anyway; tests of outages open their own with what processes have.
 */
const PATIENCE = 10_000;

/** The owner's way in, for what tests must arrange or look at behind the policies. */
export type OwnerQuery = (text: string, values?: unknown[]) => Promise<Record<string, unknown>[]>;

const owners = new WeakMap<Database, OwnerQuery>();

export function asOwner(database: Database): OwnerQuery {
  const query = owners.get(database);
  if (!query) throw new Error('not a test database');
  return query;
}

/** Says how the owner of a database is reached that was not opened here. */
export function ownedBy(database: Database, query: OwnerQuery): void {
  owners.set(database, query);
}

async function embedded(): Promise<Database> {
  const loadDataDir = new Blob([await readFile(await template())]);
  const pglite = await PGlite.create({ loadDataDir, startParams: SMALL });
  const database = await openEmbedded({ pglite, release: async () => undefined }, fail);
  const { pool } = database;
  owners.set(database, async (text, values) => {
    const client = await pool.connect();
    try {
      await client.query('set session authorization postgres');
      return (await client.query(text, values as unknown[])).rows as Record<string, unknown>[];
    } finally {
      await client.query('set session authorization parley_login');
      client.release();
    }
  });
  return database;
}

/** The database of a test holds a few rows: with these it takes a third of the memory, and opens in a third of the time. */
const SMALL = [...PGlite.defaultStartParams, '-c', 'shared_buffers=8MB', '-c', 'min_wal_size=2MB'];

/** Making a database takes seconds, loading one that was made does not: one template per state of the migrations. */
async function template(): Promise<string> {
  const folder = join(tmpdir(), 'parley-test-templates');
  const path = join(folder, `${await migrationsHash()}.tar`);
  if (existsSync(path)) return path;
  await mkdir(folder, { recursive: true });
  const pglite = await PGlite.create({ initDbStartParams: ['--wal-segsize=1'], startParams: SMALL });
  await migrateEmbedded(pglite, [SECRET], () => undefined);
  // Of the databases that come with it one is used: each is copied whenever a test opens its own.
  await pglite.query(`update pg_database set datistemplate = false`);
  for (const unused of ['template0', 'template1']) await pglite.query(`drop database ${unused}`);
  await pglite.query('checkpoint');
  const dump = await pglite.dumpDataDir('none');
  await pglite.close();
  const unfinished = `${path}.${process.pid}`;
  await writeFile(unfinished, Buffer.from(await dump.arrayBuffer()));
  await rename(unfinished, path);
  return path;
}

async function migrationsHash(): Promise<string> {
  const root = join(import.meta.dirname, '../../prisma/migrations');
  const hash = createHash('sha256');
  for (const name of (await readdir(root)).sort()) {
    if (existsSync(join(root, name, 'migration.sql'))) hash.update(await readFile(join(root, name, 'migration.sql')));
  }
  for (const file of [
    '../core/kernel/jobs.ts',
    '../roles.ts',
    '../migrate.ts',
    '../apply-migrations.ts',
    'database.ts',
  ])
    hash.update(await readFile(join(import.meta.dirname, file)));
  return hash.digest('hex').slice(0, 16);
}

/** A migrated, empty database on the server of this superuser. */
export async function onServer(adminUrl: string, patience?: number): Promise<Database> {
  const name = `parley_test_${randomBytes(6).toString('hex')}`;
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  const templateName = `parley_template_${await migrationsHash()}`;
  const templateUrl = Object.assign(new URL(adminUrl), { pathname: `/${templateName}` }).toString();
  const url = Object.assign(new URL(adminUrl), { pathname: `/${name}` }).toString();
  const config = {
    database: { ownerUrl: templateUrl, appUrl: null, connections: 8 },
    dataDir: '',
    secrets: [SECRET] as [string],
  };
  // Roles belong to the whole server: only one process at a time may make them.
  await admin.query('select pg_advisory_lock(7265540)');
  const { rows } = await admin.query('select from pg_database where datname = $1', [templateName]);
  if (!rows.length) {
    await admin.query(`create database ${templateName}`);
    await migrate(config, () => undefined);
  }
  await admin.query(`create database ${name} template ${templateName}`);
  const appUrl = await migrate({ ...config, database: { ...config.database, ownerUrl: url } }, () => undefined);
  await admin.query('select pg_advisory_unlock(7265540)');
  const database = openServer(appUrl, {
    ...{ connections: 8, onError: () => undefined },
    ...(patience ? { patience } : {}),
  });
  const owner = new pg.Pool({ connectionString: url, max: 1 });
  // Dropping the database ends what is still connected to it; that is no fault of a test.
  owner.on('error', () => undefined);
  owner.on('connect', (client) => client.on('error', () => undefined));
  owners.set(
    database,
    async (text, values) => (await owner.query(text, values as unknown[])).rows as Record<string, unknown>[],
  );
  const close = database.close;
  database.close = async () => {
    await close();
    await owner.end();
    await admin.query(`drop database if exists ${name} with (force)`);
    await admin.query(`drop role if exists ${pg.escapeIdentifier(loginOf(name, SECRET).user)}`);
    await admin.end();
  };
  return database;
}

function fail(error: Error): never {
  throw error;
}

/**
 * Returns once that many connections wait for a lock. Who is connected is read once in a transaction, and the owner may be in one: what it
 * remembers is cleared each time, so that a connection that comes late is seen.
 */
export async function allWait(owner: OwnerQuery, many: number): Promise<void> {
  for (let waiting = 0; waiting < many; ) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    await owner('select pg_stat_clear_snapshot()');
    [{ waiting } = { waiting: 0 }] = (await owner(
      `select count(*)::int as waiting from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    )) as [{ waiting: number }];
  }
}
