import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import type { PGlite } from '@electric-sql/pglite';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient } from '../../generated/prisma/client.ts';
import type { Statement } from './batch.ts';
import { runTogether } from './batch.ts';
import type { Clock } from './clock.ts';
import { DomainError } from './errors.ts';
import { holdDirectory } from './lock.ts';
import { unstorableIn } from './text.ts';

/** Rows of one statement. */
export type Row = Record<string, unknown>;

/**
 * Runs SQL in the open transaction: sql`select … where id = ${id}`. Values become parameters, the text becomes a
 * statement prepared once per connection.
 */
export type Sql = <R = Row>(text: TemplateStringsArray, ...values: unknown[]) => Promise<R[]>;

export interface Transaction {
  sql: Sql;
  /** Prisma's typed reads on the connection of this transaction. Writes of several statements belong in `sql`. */
  prisma: PrismaClient;
}

/** How a transaction ends. */
export interface Ending {
  /** Sends a statement with the commit, after those given before. Its result is there once it is committed, or never. */
  send(statement: Statement): Promise<pg.QueryResult>;
  /** Called once the transaction has committed; not at all when it is rolled back. */
  afterCommit(then: () => void): void;
}

/** For an ending: the queue's tables are not for the roles of actors. */
export const LEAVE_ROLE: Statement = { name: 'leave-role', text: `select set_config('role', 'none', true)` };

export interface Opened {
  /** The database's clock when the transaction opened. */
  now: Date;
  /** Null when the firm is not known; `{kind: 'unknown', tenantId}` when the person or room is not. */
  actor: Record<string, unknown> | null;
  /** What the first run of the request left, when its id was used before; `byAnother` when somebody else used it. */
  replay: { command: string; inputHash: string; outcome: unknown; byAnother: boolean } | null;
}

export interface Database {
  embedded: boolean;
  /** The pool of the runtime login role. Outside the kernel only jobs and health checks use it. */
  pool: pg.Pool;
  /** Embedded only: the instance itself, for its in-process LISTEN. */
  pglite?: PGlite;
  /** For pg-boss's own connections; null when embedded. */
  url: string | null;
  close(): Promise<void>;
}

// V8 sometimes ends the process when it frees compiled WebAssembly (nodejs/node#64500), of which PGlite and Prisma's query
// compiler are made. What they replace by faster code is some megabytes: it stays.
setFlagsFromString('--no-wasm-code-gc');

pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

/** A pool on a server. Statements of one transaction are pipelined, so that those which do not wait cost one round trip. */
export function openServer(url: string, settings: { connections: number; onError(error: Error): void }): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: settings.connections,
    pipeline: true,
    connectionTimeoutMillis: 5_000,
    // Longer than any command should take, shorter than a platform waits for an answer twice.
    options: '-c statement_timeout=15000 -c idle_in_transaction_session_timeout=15000 -c lock_timeout=5000',
    keepAlive: true,
  } as pg.PoolConfig);
  pool.on('error', settings.onError);
  pool.on('connect', (client) => client.on('error', settings.onError));
  return { embedded: false, pool, url, close: () => pool.end() };
}

/** The embedded database as the runtime login role. Migrate first, as its owner. */
export async function openEmbedded(
  files: { pglite: PGlite; release(): Promise<void> },
  onError: (error: Error) => void,
): Promise<Database> {
  const pool = await embeddedPool(files.pglite, onError);
  await pool.query('set session authorization parley_login');
  return {
    embedded: true,
    pool,
    pglite: files.pglite,
    url: null,
    close: async () => {
      await pool.end();
      await files.pglite.close();
      await files.release();
    },
  };
}

/** Opens the files of the embedded database, alone: a second process would destroy them, so it is refused. */
export async function openEmbeddedFiles(dataDir: string): Promise<{ pglite: PGlite; release: () => Promise<void> }> {
  const { PGlite } = await import('@electric-sql/pglite');
  if (dataDir.startsWith('memory://')) return { pglite: await PGlite.create(dataDir), release: async () => undefined };
  await mkdir(dataDir, { recursive: true });
  const release = await holdDirectory(dataDir);
  return { pglite: await PGlite.create(join(dataDir, 'postgres')), release };
}

/** PGlite under an ordinary pool of one connection: everything that speaks to a server speaks to it. */
export async function embeddedPool(pglite: PGlite, onError: (error: Error) => void): Promise<pg.Pool> {
  const { createPgConfig } = await import('@electric-sql/pglite/node-postgres');
  let clients = 0;
  // A fresh shim per client: one that ended cannot start again.
  class EmbeddedClient extends pg.Client {
    constructor() {
      const config = createPgConfig(pglite);
      const parse = config.connection.parse.bind(config.connection);
      // A query's own type parsers stand where the protocol has a list of parameter types: they are not for the wire.
      config.connection.parse = (query: { types?: unknown }) =>
        parse({ ...query, types: Array.isArray(query.types) ? query.types : [] });
      super(config as unknown as pg.ClientConfig);
      // Here is no pipeline: each statement waits for the one before it, as a server's socket would make it.
      let last: Promise<unknown> = Promise.resolve();
      const query = this.query.bind(this) as (...parts: unknown[]) => unknown;
      // A client that failed is replaced, but the session with its prepared statements stays: each has names of its own.
      clients += 1;
      const prefix = `${clients}:`;
      this.query = ((first: unknown, ...more: unknown[]) => {
        const parts = [hasName(first) ? { ...first, name: prefix + first.name } : first, ...more];
        if (typeof parts.at(-1) === 'function') return query(...parts);
        const next = last.then(() => query(...parts));
        last = next.catch(() => undefined);
        return next;
      }) as typeof this.query;
    }
  }
  const pool = new pg.Pool({ max: 1, idleTimeoutMillis: 0, Client: EmbeddedClient } as unknown as pg.PoolConfig);
  pool.on('error', onError);
  return pool;
}

function hasName(statement: unknown): statement is { name: string } {
  return (
    typeof statement === 'object' && statement !== null && 'name' in statement && typeof statement.name === 'string'
  );
}

const OPEN = {
  name: 'parley_open',
  text: `select set_config('role', coalesce(o.o_role, 'none'), true) as role, o.o_actor as actor, o.o_now as now, o.o_replay as replay from parley_open($1::jsonb) o`,
};

/**
 * The one door: opens a transaction with the row level security context of `open`, runs `work`, commits.
 * @throws DomainError unavailable when the database cannot be reached or the outcome of the commit is not known
 */
export async function inTransaction<T>(
  database: Database,
  clock: Clock,
  open: object,
  work: (transaction: Transaction, opened: Opened, ending: Ending) => Promise<T>,
): Promise<T> {
  if (unstorableIn(open)) throw new DomainError('invalid', 'This holds characters that cannot be kept.');
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await once(database, clock, open, work);
    } catch (error) {
      if (attempt < 4 && isRetryable(error)) continue;
      // Two runs of one request at the same time: the second finds the first one's outcome when it looks again.
      if (attempt === 1 && codeOf(error) === '23505') continue;
      // The policies have the last word: what they refuse is refused, whatever a command thought.
      if (codeOf(error) === '42501') throw new DomainError('forbidden', 'You may not do this.');
      if (codeOf(error) === '23505') throw new DomainError('conflict', 'That is there already.');
      throw isConnectionFault(error)
        ? new DomainError(
            'unavailable',
            'Parley cannot reach its database just now. Nothing was changed; please try again.',
          )
        : error;
    }
  }
}

async function once<T>(
  database: Database,
  clock: Clock,
  open: object,
  work: (transaction: Transaction, opened: Opened, ending: Ending) => Promise<T>,
): Promise<T> {
  const client = await database.pool.connect();
  let broken = false;
  try {
    const [, result] = await together(database, client, [BEGIN, { ...OPEN, values: [JSON.stringify(open)] }]);
    const row = result?.rows[0] as Opened & { role: string };
    const ending = new OpenEnding();
    const value = await work(
      transactionOn(database, client, row.role),
      { actor: row.actor, now: clock.adjust(row.now), replay: row.replay },
      ending,
    );
    const results = await together(database, client, [...ending.statements, COMMIT]);
    // A statement that failed unseen turns COMMIT into ROLLBACK without an error of its own.
    if (results.at(-1)?.command !== 'COMMIT') throw new Error('the transaction was rolled back by the database');
    ending.committed(results);
    return value;
  } catch (error) {
    broken = isConnectionFault(error);
    if (!broken) {
      await client.query('rollback').catch(() => {
        broken = true;
      });
    }
    throw error;
  } finally {
    client.release(broken);
  }
}

const BEGIN = { name: 'begin', text: 'begin' };
const COMMIT = { name: 'commit', text: 'commit' };

class OpenEnding implements Ending {
  readonly statements: Statement[] = [];
  readonly #then: ((results: pg.QueryResult[]) => void)[] = [];

  send(statement: Statement): Promise<pg.QueryResult> {
    const place = this.statements.push(statement) - 1;
    return new Promise((resolve) => {
      this.#then.push((results) => resolve(results[place] as pg.QueryResult));
    });
  }

  afterCommit(then: () => void): void {
    this.#then.push(then);
  }

  committed(results: pg.QueryResult[]): void {
    for (const then of this.#then) then(results);
  }
}

/** The embedded database has no wire: there one follows the other. */
async function together(database: Database, client: pg.PoolClient, statements: Statement[]): Promise<pg.QueryResult[]> {
  if (!database.embedded) return runTogether(client, statements);
  const results: pg.QueryResult[] = [];
  for (const statement of statements) results.push(await client.query(statement));
  return results;
}

const prepared = new WeakMap<TemplateStringsArray, { name: string; text: string }>();
let preparedCount = 0;

function statementOf(strings: TemplateStringsArray): { name: string; text: string } {
  let statement = prepared.get(strings);
  if (!statement) {
    const text = strings.reduce((sum, part, index) => `${sum}$${index}${part}`);
    preparedCount += 1;
    statement = { name: `q${preparedCount}`, text };
    prepared.set(strings, statement);
  }
  return statement;
}

/** A statement's plan holds the policies of one role: under one name for all, PostgreSQL would plan it anew at each change. */
function nameFor(role: string, name: string): string {
  return `${name}:${role}`;
}

function transactionOn(database: Database, client: pg.PoolClient, role: string): Transaction {
  return {
    sql: async <R>(strings: TemplateStringsArray, ...values: unknown[]) => {
      const { name, text } = statementOf(strings);
      const [result] = await together(database, client, [{ name: nameFor(role, name), text, values }]);
      return result?.rows as R[];
    },
    get prisma() {
      return prismaOn(client, role);
    },
  };
}

const readers = new WeakMap<pg.PoolClient, { prisma: PrismaClient; role: string }>();

/**
 * One Prisma client per connection, so that its reads run inside the transaction open there and can never be batched
 * with those of another one. Prisma's own transactions become savepoints.
 */
function prismaOn(client: pg.PoolClient, role: string): PrismaClient {
  const known = readers.get(client);
  if (known) return Object.assign(known, { role }).prisma;
  const statementNameGenerator = (query: { sql: string }): string => nameFor(reader.role, nameOf(query.sql));
  const prisma = new PrismaClient({ adapter: new PrismaPg(poolOf(client), { statementNameGenerator }) });
  const reader = { prisma, role };
  readers.set(client, reader);
  return prisma;
}

const names = new Map<string, string>();

function nameOf(sql: string): string {
  let name = names.get(sql);
  if (!name) {
    name = `p${names.size}`;
    names.set(sql, name);
  }
  return name;
}

/** What Prisma's adapter asks of a pool, answered by one connection in its open transaction. */
function poolOf(client: pg.PoolClient): pg.Pool {
  const refuse = () =>
    Promise.reject(
      new Error('a command runs in one transaction: write several rows with sql, not with a nested Prisma write'),
    );
  return Object.assign(Object.create(pg.Pool.prototype) as pg.Pool, {
    query: client.query.bind(client),
    connect: refuse,
    on: () => undefined,
    end: async () => undefined,
    options: {},
  });
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error
    ? String((error as { code: unknown }).code)
    : '';
}

/** Serialization failures and deadlocks: the same transaction may simply run again. */
function isRetryable(error: unknown): boolean {
  return ['40001', '40P01'].includes(codeOf(error));
}

/** The connection is gone or going: class 08, shutdown, crash recovery, sockets. */
export function isConnectionFault(error: unknown): boolean {
  const code = codeOf(error);
  if (
    code.startsWith('08') ||
    ['57P01', '57P02', '57P03', '53300', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOENT', 'ETIMEDOUT'].includes(code)
  )
    return true;
  const message = error instanceof Error ? error.message : '';
  return /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|not queryable|Connection ended/i.test(
    message,
  );
}
