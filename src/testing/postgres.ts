import { execFile, spawn } from 'node:child_process';
import { chown, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { freePort } from '../simulator/free-port.ts';

/** A PostgreSQL server of a test's own, on a private port of the loopback address. */
export interface Postgres {
  /** Connection string of its superuser. */
  url: string;
  version: string;
  port: number;
  /** Stops it without a checkpoint, as a power cut would, and starts it again: it must recover from its log. */
  crash(): Promise<void>;
  /** Takes it away for good, as if its machine were lost. */
  kill(): Promise<void>;
  /** Every process of it stands still, and its sockets stay open, until `thaw`. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  stop(): Promise<void>;
}

/** A copy of a primary that follows it, and can take its place. */
export interface Standby extends Postgres {
  /** Makes it the primary; returns once it takes writes. */
  promote(): Promise<void>;
}

/** More lines for postgresql.conf, like { synchronous_commit: 'off' }. */
export type Settings = Record<string, string>;

/**
 * Makes a cluster in a temporary folder and starts it, as the user `postgres` where this process is root.
 * @param within the folder for its data; its log for recovery stays in the system's temporary folder then
 * @throws Error naming what to install when there are no server programs
 */
export async function startPostgres(settings: Settings = {}, within?: string): Promise<Postgres> {
  const cluster = await newCluster(within ?? tmpdir());
  const log = within ? [`--waldir=${join((await newCluster(tmpdir())).folder, 'wal')}`] : [];
  const access = ['-A', 'trust', '--no-locale', '-E', 'UTF8', '--no-sync'];
  await cluster.as('initdb', '-D', cluster.data, '-U', 'postgres', ...access, ...log);
  return started(cluster, settings);
}

/** Starts a server that follows `primary`, under the name `parley_standby` for its synchronous_standby_names. */
export async function startStandby(primary: Postgres, settings: Settings = {}): Promise<Standby> {
  const cluster = await newCluster(tmpdir());
  const from = `host=127.0.0.1 port=${primary.port} user=postgres application_name=parley_standby`;
  await cluster.as(
    'pg_basebackup',
    '-d',
    from,
    '-D',
    cluster.data,
    '-R',
    '-X',
    'stream',
    '--checkpoint=fast',
    '--no-sync',
  );
  const postgres = await started(cluster, settings);
  return { ...postgres, promote: () => cluster.as('pg_ctl', '-D', cluster.data, '-w', '-t', '60', 'promote') };
}

interface Cluster {
  bin: string;
  folder: string;
  data: string;
  /** Runs one of the server's programs as the user that owns the cluster. */
  as(program: string, ...args: string[]): Promise<void>;
}

async function newCluster(within: string): Promise<Cluster> {
  const bin = await serverPrograms();
  const folder = await mkdtemp(join(within, 'parley-postgres-'));
  const asRoot = userInfo().uid === 0;
  if (asRoot) await chown(folder, ...(await idsOf('postgres')));
  const as = (program: string, ...args: string[]) =>
    asRoot
      ? run('runuser', ['-u', 'postgres', '--', join(bin, program), ...args], folder)
      : run(join(bin, program), args, folder);
  return { bin, folder, data: join(folder, 'data'), as };
}

async function started({ bin, folder, data, as }: Cluster, settings: Settings): Promise<Postgres> {
  const port = await freePort();
  const options = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: folder,
    max_connections: '100',
    ...settings,
  };
  const flags = Object.entries(options).map(([name, value]) => `-c ${name}=${value}`);
  const start = () =>
    as('pg_ctl', '-D', data, '-w', '-t', '60', '-l', join(folder, 'log'), '-o', flags.join(' '), 'start');
  const postmaster = async () => Number((await readFile(join(data, 'postmaster.pid'), 'utf8')).split('\n')[0]);
  // The signal of an immediate stop, without the moment that a program takes to send it.
  const quit = async () => {
    const pid = await postmaster();
    process.kill(pid, 'SIGQUIT');
    while (lives(pid)) await new Promise((resolve) => setTimeout(resolve, 10));
  };
  const signalAll = async (signal: NodeJS.Signals) => {
    for (const pid of await familyOf(await postmaster())) {
      // A backend may end while the others are signalled.
      if (lives(pid)) process.kill(pid, signal);
    }
  };
  await start();
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    version: bin.split('/').at(-2) ?? '?',
    port,
    crash: async () => {
      await quit();
      await start();
    },
    kill: quit,
    freeze: () => signalAll('SIGSTOP'),
    thaw: () => signalAll('SIGCONT'),
    stop: async () => {
      await signalAll('SIGCONT').catch(() => undefined);
      await as('pg_ctl', '-D', data, '-w', '-m', 'immediate', 'stop').catch(() => undefined);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The postmaster first: what it starts while the others are counted would not stand still. */
async function familyOf(postmaster: number): Promise<number[]> {
  const children = await readFile(`/proc/${postmaster}/task/${postmaster}/children`, 'utf8');
  return [postmaster, ...children.trim().split(' ').filter(Boolean).map(Number)];
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/**
 * The folder of the newest server programs here.
 * @throws Error naming what to install
 */
export async function serverPrograms(): Promise<string> {
  const root = '/usr/lib/postgresql';
  const versions = await readdir(root).catch(() => []);
  const newest = versions.sort((a, b) => Number(b) - Number(a))[0];
  if (!newest)
    throw new Error(
      'There are no PostgreSQL server programs here: install the package postgresql, or set DATABASE_URL.',
    );
  return join(root, newest, 'bin');
}

async function idsOf(user: string): Promise<[number, number]> {
  const idOf = async (flag: string) => Number((await promisify(execFile)('id', [flag, user])).stdout);
  return [await idOf('-u'), await idOf('-g')];
}

/** Runs a program to its end, not to that of its pipes: the server it may leave behind can hold them. */
function run(program: string, args: string[], cwd = '/'): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    child.stdout.on('data', (text: Buffer) => {
      said += text;
    });
    child.stderr.on('data', (text: Buffer) => {
      said += text;
    });
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`${program} ${args.join(' ')} ended with ${code}: ${said}`)),
    );
  });
}

/** Makes a server of `startPostgres` ask everybody but its superuser for a password. */
export async function asksPasswords(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const [{ file }] = (await client.query("select current_setting('hba_file') as file")).rows as [{ file: string }];
  await client.query(
    `copy (values ('host all postgres 127.0.0.1/32 trust'), ('host all all 127.0.0.1/32 scram-sha-256')) to '${file}'`,
  );
  await client.query('select pg_reload_conf()');
  await client.end();
}
