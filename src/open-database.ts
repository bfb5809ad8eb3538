import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { Logger } from 'pino';
import { migrationNames } from './apply-migrations.ts';
import type { Config } from './config.ts';
import type { Address } from './core/kernel/address.ts';
import { placeOf, readAddress } from './core/kernel/address.ts';
import type { Database } from './core/kernel/db.ts';
import { openEmbedded, openEmbeddedFiles, openServer } from './core/kernel/db.ts';
import { clientTo } from './core/kernel/hosts.ts';
import { isConnectionFault } from './core/kernel/outage.ts';
import { StartFault } from './core/kernel/start-fault.ts';
import { faultOfServer, unreachable } from './faults.ts';
import { migrate, migrateEmbedded } from './migrate.ts';
import { assertOwnConnection } from './pooler.ts';
import { loginUrl } from './roles.ts';

/** What opening needs to know. */
type Where = Pick<Config, 'database' | 'dataDir' | 'secrets'>;

/**
 * Opens the database as the login of run time. An embedded one, which no other process can use meanwhile, is brought to
 * this version first; on a server only `migrate` changes anything.
 * @throws StartFault when the login is refused or the database is older than this version; an error of the connection when the server cannot be reached
 */
export async function openDatabase(
  config: Where,
  options: { connections: number; patience?: number; log(line: string): void; onError(error: Error): void },
): Promise<Database> {
  const { log, ...settings } = options;
  if (config.database.ownerUrl || config.database.appUrl) {
    const database = openServer(await runtimeUrl(config), settings);
    try {
      await assertCurrent(database);
    } catch (error) {
      await database.close();
      throw error;
    }
    return database;
  }
  const files = await openEmbeddedFiles(config.dataDir);
  await migrateEmbedded(files.pglite, config.secrets, log);
  return openEmbedded(files, settings.onError);
}

/** Milliseconds between the first two tries; each further pause is twice as long, up to the longest. */
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 5_000;

/**
 * Opens what needs the database; a server that cannot be reached just now is waited for.
 * @throws StartFault naming the server, when it did not come within DATABASE_WAIT
 */
export async function waitForDatabase<T>(config: Config, log: Logger, open: () => Promise<T>): Promise<T> {
  const until = Date.now() + config.database.wait * 1_000;
  const place = placeOfDatabase(config);
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    try {
      return await open();
    } catch (error) {
      if (!isConnectionFault(error)) throw error;
      if (Date.now() + pause > until) throw unreachable(error, place);
      log.warn(
        { database: place, code: (error as { code?: string }).code },
        'the database cannot be reached yet; trying again',
      );
      await sleep(pause);
    }
  }
}

/** Milliseconds: a report over all that there is takes longer than a press may. */
const DESK_PATIENCE = 60_000;

/** Opens the database for one command: nobody waits at a prompt for a server that may come. */
export async function openOnce(config: Config, onError: (error: Error) => void): Promise<Database> {
  try {
    return await openDatabase(config, { connections: 4, patience: DESK_PATIENCE, log: () => undefined, onError });
  } catch (error) {
    throw isConnectionFault(error) ? unreachable(error, placeOfDatabase(config)) : error;
  }
}

/**
 * Brings the database to this version, wherever it is.
 * @throws StartFault
 */
export async function migrateWhere(
  config: Config,
  log: (line: string) => void,
  options: { newSecret: boolean },
): Promise<void> {
  const { ownerUrl, appUrl } = config.database;
  const address = readAddress(ownerUrl ?? '');
  try {
    if (ownerUrl || appUrl) await migrate(config, log, options);
    else await (await openDatabase(config, { connections: 2, log, onError: () => undefined })).close();
  } catch (error) {
    if (isConnectionFault(error)) throw unreachable(error, placeOfDatabase(config));
    throw (address && faultOfServer(error, address, 'DATABASE_URL')) ?? error;
  }
}

/** @throws StartFault where neither a server is named nor anything is embedded: an empty database would only look like a lost one */
export async function assertThere({ database: { ownerUrl, appUrl }, dataDir }: Where): Promise<void> {
  if (ownerUrl || appUrl || dataDir.startsWith('memory://')) return;
  await access(join(dataDir, 'postgres')).catch((error: unknown) => {
    throw new StartFault(
      `There is no database: DATABASE_URL is not set, and none is embedded in ${resolve(dataDir)}: set DATABASE_URL, or found a firm here with: npm run parley -- firm create`,
      { cause: error },
    );
  });
}

/** Where the database is, for people: no password. */
export function placeOfDatabase({ database: { ownerUrl, appUrl }, dataDir }: Where): string {
  const address = readAddress(appUrl ?? ownerUrl ?? '');
  return address ? placeOf(address) : `embedded in ${resolve(dataDir)} (DATABASE_URL is not set)`;
}

/** The first login that is let in: that of PARLEY_SECRET, or of PARLEY_SECRET_PREVIOUS while `migrate` has not seen the new one. */
async function runtimeUrl({ database: { ownerUrl, appUrl }, secrets }: Where): Promise<string> {
  const owner = readAddress(ownerUrl ?? '');
  const urls = appUrl ? [appUrl] : owner ? secrets.map((secret) => loginUrl(owner, secret)) : [];
  let refusal: unknown = null;
  for (const url of urls) {
    refusal = await knock(url);
    if (!refusal) return url;
  }
  throw faultOfServer(refusal, readAddress(urls[0] ?? '') as Address, appUrl ? 'DATABASE_APP_URL' : 'login') ?? refusal;
}

/** @returns why the login was refused; null when it was let in */
async function knock(url: string): Promise<unknown> {
  const client = visitor(url);
  try {
    await client.connect();
    await assertOwnConnection(client, async () => {
      const another = visitor(url);
      await another.connect();
      return another;
    });
    return null;
  } catch (error) {
    if (isConnectionFault(error) || error instanceof StartFault) throw error;
    return error;
  } finally {
    await client.end().catch(() => undefined);
  }
}

function visitor(url: string): pg.Client {
  const client = clientTo(url, { application_name: 'parley-start', connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  return client;
}

/** New code on an older schema would answer some things and fail at others. Older code on a newer one is made for. */
async function assertCurrent({ pool }: Database): Promise<void> {
  const applied = await pool
    .query<{ name: string }>(
      'select migration_name as name from _prisma_migrations where finished_at is not null and rolled_back_at is null',
    )
    .catch((error: { code?: string }) => {
      // The table is missing, or an earlier version has not let its login read it.
      if (error.code === '42P01' || error.code === '42501') return { rows: [] };
      throw error;
    });
  const names = new Set(applied.rows.map(({ name }) => name));
  const missing = (await migrationNames()).filter((name) => !names.has(name));
  if (missing.length)
    throw new StartFault(
      `The database is older than this version of Parley (${missing.length === 1 ? `${missing[0]} is missing` : `${missing.length} migrations are missing, ${missing[0]} first`}): run npm run migrate with DATABASE_URL set, then start again`,
    );
}
