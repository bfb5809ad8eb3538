import { createHash, createHmac, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import type { Config } from './config.ts';
import type { Database } from './core/kernel/db.ts';
import { embeddedPool, openEmbedded, openEmbeddedFiles, openServer } from './core/kernel/db.ts';
import { installQueues } from './core/kernel/jobs.ts';

const MIGRATIONS = join(import.meta.dirname, '../prisma/migrations');
/** Any number will do, if every Parley process uses the same. */
const MIGRATION_LOCK = 7_265_539;

interface Owner {
  query(text: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
}

/** What opening needs to know. */
type Where = Pick<Config, 'database' | 'dataDir' | 'secrets'>;

/**
 * Brings the database to this version and opens it as the runtime login role.
 * @throws Error when a migration fails, or one that was applied has been edited since; or another process holds the data directory
 */
export async function openMigrated(
  config: Where,
  options: { connections: number; log(line: string): void; onError(error: Error): void },
): Promise<Database> {
  const { connections, onError } = options;
  if (config.database.ownerUrl || config.database.appUrl) {
    return openServer(await migrate(config, options.log), { connections, onError });
  }
  const files = await openEmbeddedFiles(config.dataDir);
  await migrateEmbedded(files.pglite, options.log);
  return openEmbedded(files, onError);
}

/**
 * Applies prisma/migrations to a server in order, each once, in Prisma's own ledger (so that `prisma migrate deploy`
 * continues from here), and installs the queue. With only the runtime role's address there is nothing to do.
 * @returns the connection string of the runtime login role
 */
export async function migrate(
  config: Pick<Where, 'database' | 'secrets'>,
  log: (line: string) => void,
): Promise<string> {
  const { ownerUrl, appUrl } = config.database;
  if (!ownerUrl) return appUrl ?? '';
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'parley-migrate' });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await applyMigrations(client, log);
    await installQueues({ executeSql: async (text, values) => flatten(await client.query(text, values)) }, false);
    await grantQueues(client);
    return appUrl ?? (await loginUrl(client, ownerUrl, config.secrets[0]));
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
  await applyMigrations(pool, log);
  await installQueues(
    { executeSql: async (text, values) => flatten(await pool.query(text, values as unknown[])) },
    true,
  );
  await grantQueues(pool);
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
  const names = (await readdir(MIGRATIONS, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  for (const name of names) {
    const text = await readFile(join(MIGRATIONS, name, 'migration.sql'), 'utf8');
    const checksum = createHash('sha256').update(text).digest('hex');
    if (applied.has(name)) {
      if (applied.get(name) !== checksum)
        throw new Error(
          `Migration ${name} was edited after it had been applied. Restore the file and put the change into a new migration.`,
        );
      continue;
    }
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
      throw new Error(
        `Migration ${name} failed and was rolled back: ${error instanceof Error ? error.message : String(error)}`,
        { cause: error },
      );
    }
    log(`applied ${name}`);
  }
}

/** The runtime login works the queue; the roles of actors never touch it. */
async function grantQueues(owner: Owner): Promise<void> {
  await owner.query('grant usage on schema pgboss to parley_login');
  await owner.query('grant select, insert, update, delete on all tables in schema pgboss to parley_login');
  await owner.query('grant usage on all sequences in schema pgboss to parley_login');
  await owner.query('grant execute on all functions in schema pgboss to parley_login');
}

/** Without a connection string of its own, the runtime role gets a password derived from PARLEY_SECRET. */
async function loginUrl(owner: pg.Client, ownerUrl: string, secret: string): Promise<string> {
  const password = createHmac('sha256', secret).update('database login').digest('base64url');
  await owner.query(`alter role parley_login password ${pg.escapeLiteral(password)}`);
  const url = new URL(ownerUrl);
  url.username = 'parley_login';
  url.password = password;
  return url.toString();
}
