import { applyMigrations, inTurns, LOCK_TIMEOUT } from './apply-migrations.ts';
import type { Config } from './config.ts';
import { readAddress } from './core/kernel/address.ts';
import { embeddedPool } from './core/kernel/db.ts';
import { rewrapFirmKeys } from './core/kernel/firm-key.ts';
import { clientTo } from './core/kernel/hosts.ts';
import { installQueues } from './core/kernel/jobs.ts';
import { secretsFrom } from './core/kernel/secrets.ts';
import { StartFault } from './core/kernel/start-fault.ts';
import type { Owner } from './roles.ts';
import { grantRuntime, makeLogins, makeRoles } from './roles.ts';

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
    const url = await makeLogins(client, address, { appUrl, secrets, newSecret }, log);
    await rewrapKeys(client, secrets, newSecret, log);
    return url;
  } finally {
    await client.end();
  }
}

/** The same on an embedded database that is already open. */
export async function migrateEmbedded(
  pglite: Parameters<typeof embeddedPool>[0],
  secrets: Config['secrets'],
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
  await rewrapKeys(pool, secrets, false, log);
  await pool.end();
}

/** After this the previous secret may go: what the firms have sealed opens with the current one. */
async function rewrapKeys(
  owner: Owner,
  secrets: Config['secrets'],
  lost: boolean,
  log: (line: string) => void,
): Promise<void> {
  const closed = await rewrapFirmKeys(owner, secretsFrom(secrets), { lost });
  if (closed)
    log(
      lost
        ? `What ${closed} firms had sealed under the lost PARLEY_SECRET is gone: their accounts are to be connected again`
        : `What ${closed} firms have sealed was sealed under another PARLEY_SECRET: set that one as PARLEY_SECRET_PREVIOUS and migrate again`,
    );
}

/** What a multi-statement query answers is a list of results. */
function flatten(result: unknown): { rows: unknown[] } {
  return { rows: [result as { rows?: unknown[] }].flat().flatMap((one) => one.rows ?? []) };
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
