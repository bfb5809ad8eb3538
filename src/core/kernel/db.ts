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
import { Deadline, Overdue } from './deadline.ts';
import { DomainError } from './errors.ts';
import { reach } from './hosts.ts';
import { holdDirectory } from './lock.ts';
import { codeOf, isConnectionFault, isWriteFault, outageOf } from './outage.ts';
import { unstorableIn } from './text.ts';
import type { Opening } from './turns.ts';
import { Turns } from './turns.ts';
import { Unsettled } from './unsettled.ts';

/** Rows of one statement. */
export type Row = Record<string, unknown>;

/**
 * Runs SQL in the open transaction: sql`select … where id = ${id}`. Values become parameters, the text becomes a
 * statement prepared once per connection. Whoever reads a column of a row says what rows are: sql<{ id: string }>`…`; npm run check
 * asks PostgreSQL whether they are.
 */
export type Sql = <R = object>(text: TemplateStringsArray, ...values: unknown[]) => Promise<R[]>;

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
  /** The pool of the runtime login role. Outside the kernel only jobs use it: `inTransaction` and `ask` know when to give up. */
  pool: pg.Pool;
  /** A connection of its own for /readyz, so that it tells the truth while all others are taken. */
  health: pg.Pool;
  /** Milliseconds after which a transaction is given up, from the wish for it to its commit. */
  patience: number;
  turns: Turns;
  /** Whose acts are about one thing: while its row is locked, the other turns of the firm stay free. */
  things: Turns;
  unsettled: Unsettled;
  /** When a write was last refused for want of room or of a primary (performance.now()); null: never. */
  writeFaultAt: number | null;
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

/** Slack and Teams show an error of their own after 3 s; half a second is for the way and for drawing the answer. */
const PATIENCE = 2_500;
/** A health check that is not answered within a second counts as a no. */
const HEALTH_PATIENCE = 900;
/**
 * The lock is waited for less long than the platform waits for us. The others end what a client left behind that gave up
 * or died: longer than any statement should take, so that it is the client that decides.
 */
const DEADLINES = { lock_timeout: '1500', statement_timeout: '15000', idle_in_transaction_session_timeout: '5000' };
/** Of the connections, how many one firm may have: with all but a few rows of it locked, the others still work. */
const FIRM_SHARE = 0.6;
/** Of those, how many may be about one thing. */
const THING_SHARE = 0.5;

/**
 * A pool on a server. Statements of one transaction are pipelined, so that those which do not wait cost one round trip.
 * @param settings patience: milliseconds for a transaction; the command line has more of it than a platform
 */
export function openServer(
  url: string,
  settings: { connections: number; patience?: number; onError(error: Error): void },
): Database {
  const { connections, patience = PATIENCE, onError } = settings;
  const pool = listened(
    new pg.Pool({
      ...reach(url),
      max: connections,
      pipeline: true,
      connectionTimeoutMillis: 2_000,
      // Not as options of the connection, which a pooler between refuses.
      onConnect: (client: pg.ClientBase) => client.query(`select ${settingOf(DEADLINES)}`),
      keepAlive: true,
    } as pg.PoolConfig),
    onError,
  );
  const health = listened(
    new pg.Pool({
      ...reach(url),
      max: 1,
      application_name: 'parley-health',
      connectionTimeoutMillis: HEALTH_PATIENCE,
      query_timeout: HEALTH_PATIENCE,
    }),
    onError,
  );
  return {
    embedded: false,
    pool,
    health,
    url,
    patience,
    turns: new Turns(Math.ceil(connections * FIRM_SHARE)),
    things: new Turns(Math.ceil(connections * FIRM_SHARE * THING_SHARE)),
    unsettled: new Unsettled(),
    writeFaultAt: null,
    close: async () => {
      await Promise.all([pool.end(), health.end()]);
    },
  };
}

/** Without somebody who listens, a connection that is lost would end the process. */
function listened(pool: pg.Pool, onError: (error: Error) => void): pg.Pool {
  pool.on('error', onError);
  pool.on('connect', (client) => client.on('error', onError));
  return pool;
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
    health: pool,
    // In process and with one connection there is nobody to wait for but ourselves.
    patience: Number.POSITIVE_INFINITY,
    turns: new Turns(Number.POSITIVE_INFINITY),
    things: new Turns(Number.POSITIVE_INFINITY),
    unsettled: new Unsettled(),
    writeFaultAt: null,
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
 * @param patience milliseconds that all of it may take
 * @throws DomainError unavailable when the database cannot do it in time, with `unknown` when the connection was lost while the commit
 *   of a request was under way: then a repeat of the request tells what became of it
 */
export async function inTransaction<T>(
  database: Database,
  clock: Clock,
  open: Opening,
  work: (transaction: Transaction, opened: Opened, ending: Ending) => Promise<T>,
  patience = database.patience,
): Promise<T> {
  if (unstorableIn(open)) throw new DomainError('invalid', 'This holds characters that cannot be kept.');
  const deadline = new Deadline(patience);
  let unknown = false;
  let claimed = false;
  try {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await once(database, clock, deadline, open, work);
      } catch (error) {
        const lost = error instanceof OutcomeUnknown && open.request !== undefined;
        unknown ||= lost;
        // Under the same request id it may simply run again: what was committed is found there, and nothing is done twice.
        if (attempt < 4 && !deadline.over && (isRetryable(error) || lost)) continue;
        // Two runs of one request at the same time: the second finds the first one's outcome when it looks again.
        if (!claimed && codeOf(error) === '23505') {
          claimed = true;
          continue;
        }
        throw refusalOf(database, error, unknown);
      }
    }
  } finally {
    deadline.end();
  }
}

/** What an error of the database means for whoever asked; anything else is itself. */
function refusalOf(database: Database, error: unknown, unknown: boolean): unknown {
  const cause = error instanceof OutcomeUnknown ? error.cause : error;
  const code = codeOf(cause);
  // The policies have the last word: what they refuse is refused, whatever a command thought.
  if (code === '42501') return new DomainError('forbidden', 'You may not do this.');
  if (code === '23505') return new DomainError('conflict', 'That is there already.');
  if (isWriteFault(code)) database.writeFaultAt = performance.now();
  const say = outageOf(cause);
  if (say === null) return error;
  return unknown ? new DomainError('unavailable', UNKNOWN, { unknown }) : new DomainError('unavailable', say);
}

const UNKNOWN =
  'Parley lost its database while it was saving this, so it is not known whether it was done. Please do the same again in a moment: what was done is not done twice.';

/** The connection was lost between the wish to commit and the answer. */
class OutcomeUnknown extends Error {
  constructor(cause: unknown) {
    super('the connection was lost while the commit was under way', { cause });
  }
}

/**
 * One statement of the login role outside of any firm, like asking a function of the gate whose an account is.
 * @throws DomainError unavailable
 */
export async function ask<R extends pg.QueryResultRow>(database: Database, statement: Statement): Promise<R[]> {
  const limit = database.embedded ? {} : { query_timeout: database.patience };
  try {
    return (await database.pool.query<R>({ ...statement, ...limit } as pg.QueryConfig)).rows;
  } catch (error) {
    throw refusalOf(database, error, false);
  }
}

async function once<T>(
  database: Database,
  clock: Clock,
  deadline: Deadline,
  open: Opening,
  work: (transaction: Transaction, opened: Opened, ending: Ending) => Promise<T>,
): Promise<T> {
  const { turns, things } = database;
  const thing = thingOf(open);
  const run = () =>
    inTurn(turns, turns.keyOf(open), deadline, () => onConnection(database, clock, deadline, open, work));
  return thing ? inTurn(things, thing, deadline, run) : run();
}

/** The thing that an act is about; reading waits for no lock. */
function thingOf({ request, about }: Opening): string | null {
  return request && about ? `${about.entity} ${about.id}` : null;
}

async function inTurn<T>(turns: Turns, key: string, deadline: Deadline, run: () => Promise<T>): Promise<T> {
  if (!turns.take(key)) await turnOf(turns, key, deadline);
  try {
    return await run();
  } finally {
    turns.give(key);
  }
}

function turnOf(turns: Turns, key: string, deadline: Deadline): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = turns.wait(key, resolve);
    deadline.giveUp = () => {
      leave();
      reject(new Overdue());
    };
  });
}

/** A connection of the pool, which is cut when the deadline passes: a server that is frozen answers nothing at all. */
function connected(pool: pg.Pool, deadline: Deadline): Promise<pg.PoolClient> {
  return new Promise((resolve, reject) => {
    deadline.giveUp = () => reject(new Overdue());
    pool.connect().then((client) => {
      if (deadline.over) {
        client.release();
        return reject(new Overdue());
      }
      deadline.giveUp = () => (client as unknown as Wired).connection.stream.destroy();
      resolve(client);
    }, reject);
  });
}

/** What pg's types leave out. */
interface Wired {
  connection: { stream: { destroy(): void } };
}

async function onConnection<T>(
  database: Database,
  clock: Clock,
  deadline: Deadline,
  open: Opening,
  work: (transaction: Transaction, opened: Opened, ending: Ending) => Promise<T>,
): Promise<T> {
  const client = await connected(database.pool, deadline);
  let broken = false;
  try {
    const [, result] = await together(database, client, [BEGIN, { ...OPEN, values: [JSON.stringify(open)] }]);
    const row = result?.rows[0] as Opened & { role: string };
    database.turns.learn(open, row.actor?.tenantId);
    const ending = new OpenEnding();
    const value = await work(
      transactionOn(database, client, row.role),
      { actor: row.actor, now: clock.adjust(row.now), replay: row.replay },
      ending,
    );
    const results = await together(database, client, [...ending.statements, COMMIT, ...resetOf(database)]).catch(
      (error: unknown) => {
        throw isConnectionFault(error) ? new OutcomeUnknown(error) : error;
      },
    );
    // A statement that failed unseen turns COMMIT into ROLLBACK without an error of its own.
    if (results[ending.statements.length]?.command !== 'COMMIT')
      throw new Error('the transaction was rolled back by the database');
    ending.committed(results);
    return value;
  } catch (error) {
    broken = deadline.over || error instanceof OutcomeUnknown || isConnectionFault(error);
    if (!broken) {
      await together(database, client, [ROLLBACK, ...resetOf(database)]).catch(() => {
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
const ROLLBACK = { name: 'rollback', text: 'rollback' };
/**
 * As a connection goes back: nothing that was set on it for longer than the transaction reaches the next one. What DISCARD ALL
 * would do as well is left out: it also forgets the prepared statements, and temporary tables nobody may make.
 */
function resetOf({ embedded }: Database): Statement[] {
  return embedded ? RESET : RESET_WITH_DEADLINES;
}

const RESET_ALL = { name: 'reset-all', text: 'reset all' };
const FORGET = `set_config('role', 'none', false), pg_advisory_unlock_all()`;
const RESET = [RESET_ALL, { name: 'reset', text: `select ${FORGET}` }];
// The deadlines were set on the connection as well: they come again after what forgets them.
const RESET_WITH_DEADLINES = [RESET_ALL, { name: 'reset', text: `select ${FORGET}, ${settingOf(DEADLINES)}` }];

function settingOf(settings: Record<string, string>): string {
  return Object.entries(settings)
    .map(([name, value]) => `set_config('${name}', '${value}', false)`)
    .join(', ');
}

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

/** Serialization failures and deadlocks: the same transaction may simply run again. */
function isRetryable(error: unknown): boolean {
  return ['40001', '40P01'].includes(codeOf(error));
}
