import pg from 'pg';
import { migrate } from '../src/migrate.ts';
import { startPostgres } from '../src/testing/postgres.ts';
import { parentOf } from './servers.ts';

/** The secret of every Parley process in the bench; nothing real is behind it. */
export const SECRET = 'a secret for the bench, long enough to be one';

/** A PostgreSQL server to measure on. */
export interface Cluster {
  /** The postmaster, when the server is our own: only then its CPU time can be read. */
  pid: number | null;
  version: string;
  settings: Record<string, string>;
  /** Makes a database and brings it to this version of Parley's schema. */
  database(name: string): Promise<BenchDatabase>;
  /** Makes an empty one, for a program that brings a schema of its own. */
  empty(name: string): Promise<EmptyDatabase>;
  stop(): Promise<void>;
}

export interface EmptyDatabase {
  /** Connection string of the owner, who stands behind the policies. */
  ownerUrl: string;
  owner: pg.Pool;
  drop(): Promise<void>;
}

export interface BenchDatabase extends EmptyDatabase {
  /** Connection string of the run-time login role, as Parley connects. */
  loginUrl: string;
}

/** What decides how much a commit promises and costs: printed with every result, changed by none. */
const SETTINGS = [
  'fsync',
  'synchronous_commit',
  'full_page_writes',
  'wal_level',
  'shared_buffers',
  'max_connections',
  'jit',
];

/** The server of DATABASE_URL, or a private one with PostgreSQL's own default settings in a temporary folder. */
export async function openCluster(): Promise<Cluster> {
  const given = process.env.DATABASE_URL;
  const own = given ? null : await startPostgres();
  const cluster = await openClusterAt(given ?? own?.url ?? '', own !== null);
  return {
    ...cluster,
    stop: async () => {
      await cluster.stop();
      await own?.stop();
    },
  };
}

/**
 * A server that runs already; `stop` leaves it running.
 * @param near whether its processes can be seen from here
 */
export async function openClusterAt(url: string, near: boolean): Promise<Cluster> {
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  const show = async (name: string) => (await admin.query(`show ${name}`)).rows[0][name] as string;
  const settings: Record<string, string> = {};
  for (const name of SETTINGS) settings[name] = await show(name);
  const backend = (await admin.query('select pg_backend_pid() as pid')).rows[0].pid as number;
  return {
    pid: near ? parentOf(backend) : null,
    version: (await show('server_version')).split(' ')[0] ?? '?',
    settings,
    database: (name) => makeDatabase(admin, url, name),
    empty: (name) => makeEmpty(admin, url, name),
    stop: () => admin.end(),
  };
}

async function makeDatabase(admin: pg.Client, url: string, part: string): Promise<BenchDatabase> {
  const made = await makeEmpty(admin, url, part);
  const database = { ownerUrl: made.ownerUrl, appUrl: null, connections: 16 };
  return { ...made, loginUrl: await migrate({ database, secrets: [SECRET] }, () => undefined) };
}

async function makeEmpty(admin: pg.Client, url: string, part: string): Promise<EmptyDatabase> {
  const name = `parley_bench_${part}_${crypto.randomUUID().slice(0, 8)}`;
  await admin.query(`create database ${name}`);
  const ownerUrl = Object.assign(new URL(url), { pathname: `/${name}` }).toString();
  const owner = new pg.Pool({ connectionString: ownerUrl, max: 4 });
  owner.on('error', () => undefined);
  return {
    ownerUrl,
    owner,
    drop: async () => {
      await owner.end();
      await admin.query(`drop database ${name} with (force)`);
    },
  };
}
