import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf } from './core/kernel/outage.ts';
import { StartFault } from './core/kernel/start-fault.ts';
import type { Owner } from './roles.ts';

const MIGRATIONS = join(import.meta.dirname, '../prisma/migrations');

/** The migrations of this version, in order. */
export async function migrationNames(folder = MIGRATIONS): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/**
 * Applies the migrations of a folder in order, each once and in one transaction, in Prisma's own ledger.
 * @throws StartFault when one was edited after it had been applied; Error with the name of one that failed and was rolled back
 */
export async function applyMigrations(owner: Owner, log: (line: string) => void, folder = MIGRATIONS): Promise<void> {
  await owner.query(`create table if not exists _prisma_migrations (
    id varchar(36) primary key not null, checksum varchar(64) not null, finished_at timestamptz, migration_name varchar(255) not null,
    logs text, rolled_back_at timestamptz, started_at timestamptz not null default now(), applied_steps_count integer not null default 0)`);
  const { rows } = await owner.query(
    'select migration_name, checksum from _prisma_migrations where finished_at is not null and rolled_back_at is null',
  );
  const applied = new Map(rows.map((row) => [row.migration_name, row.checksum]));
  for (const name of await migrationNames(folder)) {
    const text = await readFile(join(folder, name, 'migration.sql'), 'utf8');
    const checksum = createHash('sha256').update(text).digest('hex');
    if (applied.has(name)) {
      if (applied.get(name) !== checksum)
        throw new StartFault(
          `Migration ${name} was edited after it had been applied. Restore the file and put the change into a new migration.`,
        );
      continue;
    }
    await inTurns(log, name, () => applyMigration(owner, { name, text, checksum }));
    log(`applied ${name}`);
  }
}

/**
 * An owner who is no superuser sees no row of a table with forced policies: an UPDATE that fills a new column would change
 * nothing and succeed, and a new foreign key would be checked against nothing. With this it fails. Bodies of functions are not
 * run, but the check that reads them when they are made would fail as well.
 */
const SEE_ALL_OR_FAIL = `select set_config('row_security', 'off', true), set_config('check_function_bodies', 'off', true)
  from pg_roles where rolname = current_user and not rolsuper and not rolbypassrls`;

/**
 * In one transaction.
 * @param opened tables that it was found to need all rows of: until the end of the transaction, in which nobody else gets at
 *   them, their policies are not forced on the owner
 */
async function applyMigration(
  owner: Owner,
  migration: { name: string; text: string; checksum: string },
  opened: string[] = [],
): Promise<void> {
  const { name, text, checksum } = migration;
  await owner.query('begin');
  try {
    await owner.query(SEE_ALL_OR_FAIL);
    for (const table of opened) await owner.query(`alter table ${table} no force row level security`);
    await owner.query(text);
    for (const table of opened) await owner.query(`alter table if exists ${table} force row level security`);
    await owner.query(
      'insert into _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count) values ($1, $2, $3, now(), 1)',
      [randomUUID(), checksum, name],
    );
    await owner.query('commit');
  } catch (error) {
    await owner.query('rollback');
    if (isInTheWay(error)) throw error;
    const hidden = hiddenTable(error);
    if (hidden && !opened.includes(hidden)) return applyMigration(owner, migration, [...opened, hidden]);
    throw new Error(
      `Migration ${name} failed and was rolled back: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
}

/** The table whose rows the owner would not have seen; null when an error says something else. The server speaks any language. */
function hiddenTable(error: unknown): string | null {
  const { routine, message } = error as { routine?: string; message?: string };
  if (routine !== 'check_enable_rls') return null;
  return /["«»„“”](\w+)["«»„“”]/.exec(message ?? '')?.[1] ?? null;
}

/** Somebody else holds a lock, or waits for one that this holds: it was rolled back, and may be tried again as it is. */
function isInTheWay(error: unknown): boolean {
  return ['55P03', '40P01'].includes(codeOf(error));
}

/** Milliseconds between two tries, in which whoever queued behind the last one is served. */
const PAUSE = 1_000;
/** Tries, about ten minutes: a report that takes longer should be ended by whoever began it. */
const TRIES = 400;

/**
 * Makes a change that may have to wait for a lock: behind whoever waits for a lock on a table, everybody else waits for it
 * too, so that it waits for less long than a press does (see LOCK_TIMEOUT), goes away, and comes back.
 */
export async function inTurns(log: (line: string) => void, name: string, change: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await change();
    } catch (error) {
      if (!isInTheWay(error)) throw error;
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

/** How long a migration waits for a lock: a press that comes behind it waits for three times as long. */
export const LOCK_TIMEOUT = `set lock_timeout = '500ms'`;
