import { execFile, spawn } from 'node:child_process';
import { chown, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A PostgreSQL server of a test's own, on a private port of the loopback address. */
export interface Postgres {
  /** Connection string of its superuser. */
  url: string;
  version: string;
  /** Stops it without a checkpoint, as a power cut would, and starts it again: it must recover from its log. */
  crash(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Makes a cluster in a temporary folder and starts it, as the user `postgres` where this process is root.
 * @param settings more lines for postgresql.conf, like { synchronous_commit: 'off' }
 * @throws Error naming what to install when there are no server programs
 */
export async function startPostgres(settings: Record<string, string> = {}): Promise<Postgres> {
  const bin = await serverPrograms();
  const folder = await mkdtemp(join(tmpdir(), 'parley-postgres-'));
  const asRoot = userInfo().uid === 0;
  if (asRoot) await chown(folder, ...(await idsOf('postgres')));
  const data = join(folder, 'data');
  const port = await freePort();
  const as = (program: string, ...args: string[]) =>
    asRoot
      ? run('runuser', ['-u', 'postgres', '--', join(bin, program), ...args], folder)
      : run(join(bin, program), args, folder);

  await as('initdb', '-D', data, '-U', 'postgres', '-A', 'trust', '--no-locale', '-E', 'UTF8', '--no-sync');
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
  await start();
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    version: bin.split('/').at(-2) ?? '?',
    crash: async () => {
      // The signal of an immediate stop, without the moment that a program takes to send it.
      const postmaster = Number((await readFile(join(data, 'postmaster.pid'), 'utf8')).split('\n')[0]);
      process.kill(postmaster, 'SIGQUIT');
      while (lives(postmaster)) await new Promise((resolve) => setTimeout(resolve, 10));
      await start();
    },
    stop: async () => {
      await as('pg_ctl', '-D', data, '-w', '-m', 'immediate', 'stop').catch(() => undefined);
      await rm(folder, { recursive: true, force: true });
    },
  };
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

/** A port nobody listens on. */
export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
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
