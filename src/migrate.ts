import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from './config.ts';
import { readAddress } from './core/kernel/address.ts';
import { embeddedPool } from './core/kernel/db.ts';
import { clientTo } from './core/kernel/hosts.ts';
import { installQueues } from './core/kernel/jobs.ts';
import { codeOf } from './core/kernel/outage.ts';
import { StartFault } from './core/kernel/start-fault.ts';
import type { Owner } from './roles.ts';
import { grantRuntime, makeLogins, makeRoles } from './roles.ts';

const MIGRATIONS = join(import.meta.dirname, '../prisma/migrations');
/** Any number will do, if every Parley process uses the same. */
const MIGRATION_LOCK = 7_265_539;

/** What a migration of a server needs to know. */
export interface Where {
  database: Pick<Config['database'], 'ownerUrl' | 'appUrl'>;
  secrets: Config['secrets'];
}

/**
 * Applies prisma/migrations to a server in order, each once, in Prisma's own ledger (so that `prisma migrate deploy`
 * continues from here), installs the queue, and says who may log in. Nothing else makes a role or sets a password.
 * @returns the connection string of a process at run time
 * @throws StartFault when DATABASE_URL is not set, a migration was edited after it had been applied, or the secret is another one
 */
export async function migrate(
  { database: { ownerUrl, appUrl }, secrets }: Where,
  log: (line: string) => void,
  { newSecret = false } = {},
): Promise<string> {
  const address = readAddress(ownerUrl ?? '');
  if (!ownerUrl || !address)
    throw new StartFault(
      'migrate needs DATABASE_URL, the address of the owner of the tables: with DATABASE_APP_URL alone Parley can only run',
    );
  const client = clientTo(ownerUrl, { application_name: 'parley-migrate' });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await makeRoles(client);
    await client.query(LOCK_TIMEOUT);
    await applyMigrations(client, log);
    const executeSql = async (text: string, values?: unknown[]) => flatten(await client.query(text, values));
    await inTurns(log, 'the queue', () => installQueues({ executeSql }, false));
    await grantQueues(client);
    await grantRuntime(client);
    return await makeLogins(client, address, { appUrl, secrets, newSecret }, log);
  } finally {
    await client.end();
  }
}

/** The same on an embedded database that is already open. */
export async function migrateEmbedded(
  pglite: Parameters<typeof embeddedPool>[0],
  log: (line: string) => void,
): Promise<void> {
  const pool = await embeddedPool(pglite, (error) => log(error.message));
  await makeRoles(pool);
  await applyMigrations(pool, log);
  await installQueues(
    { executeSql: async (text, values) => flatten(await pool.query(text, values as unknown[])) },
    true,
  );
  await grantQueues(pool);
  await grantRuntime(pool);
  await pool.end();
}

/** What a multi-statement query answers is a list of results. */
function flatten(result: unknown): { rows: unknown[] } {
  return { rows: [result as { rows?: unknown[] }].flat().flatMap((one) => one.rows ?? []) };
}

async function applyMigrations(owner: Owner, log: (line: string) => void): Promise<void> {
  await owner.query(`create table if not exists _prisma_migrations (
    id varchar(36) primary key not null, checksum varchar(64) not null, finished_at timestamptz, migration_name varchar(255) not null,
    logs text, rolled_back_at timestamptz, started_at timestamptz not null default now(), applied_steps_count integer not null default 0)`);
  const { rows } = await owner.query(
    'select migration_name, checksum from _prisma_migrations where finished_at is not null and rolled_back_at is null',
  );
  const applied = new Map(rows.map((row) => [row.migration_name, row.checksum]));
  for (const name of await migrationNames()) {
    const text = await readFile(join(MIGRATIONS, name, 'migration.sql'), 'utf8');
    const checksum = createHash('sha256').update(text).digest('hex');
    if (applied.has(name)) {
      if (applied.get(name) !== checksum)
        throw new StartFault(
          `Migration ${name} was edited after it had been applied. Restore the file and put the change into a new migration.`,
        );
      continue;
    }
    await inTurns(log, name, () => applyMigration(owner, name, text, checksum));
    log(`applied ${name}`);
  }
}

async function applyMigration(owner: Owner, name: string, text: string, checksum: string): Promise<void> {
  await owner.query('begin');
  try {
    await owner.query(text);
    await owner.query(
      'insert into _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count) values ($1, $2, $3, now(), 1)',
      [randomUUID(), checksum, name],
    );
    await owner.query('commit');
  } catch (error) {
    await owner.query('rollback');
    if (codeOf(error) === '55P03') throw error;
    throw new Error(
      `Migration ${name} failed and was rolled back: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
}

/**
 * Behind whoever waits for a lock on a table, everybody else waits for it too: so a change waits for less long than a
 * press does, goes away, and comes back.
 */
const LOCK_TIMEOUT = `set lock_timeout = '500ms'`;
/** Milliseconds between two tries, in which whoever queued behind the last one is served. */
const PAUSE = 1_000;
/** Tries, about ten minutes: a report that takes longer should be ended by whoever began it. */
const TRIES = 400;

async function inTurns(log: (line: string) => void, name: string, change: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await change();
    } catch (error) {
      if (codeOf(error) !== '55P03') throw error;
      if (tries === TRIES)
        throw new Error(
          `${name} could not get its locks for ten minutes: end the long transactions (select * from pg_stat_activity order by xact_start) and start again.`,
          { cause: error },
        );
      if (tries === 1) log(`${name} waits for a lock that a long transaction holds`);
      await sleep(PAUSE);
    }
  }
}

/** The migrations of this version, in order. */
export async function migrationNames(): Promise<string[]> {
  const entries = await readdir(MIGRATIONS, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** The runtime login works the queue; the roles of actors never touch it. */
async function grantQueues(owner: Owner): Promise<void> {
  await owner.query('grant usage on schema pgboss to parley_login');
  await owner.query('grant select, insert, update, delete on all tables in schema pgboss to parley_login');
  await owner.query('grant usage on all sequences in schema pgboss to parley_login');
  await owner.query('grant execute on all functions in schema pgboss to parley_login');
  // A temporary table stands before ours of the same name. Said anew each time: neither a template nor a dump hands it on.
  await owner.query(
    `do $$ begin execute format('revoke temporary on database %I from public', current_database()); end $$`,
  );
}
