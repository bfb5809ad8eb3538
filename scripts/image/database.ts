import { execFileSync, spawn } from 'node:child_process';
import { appendFileSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { serverPrograms } from '../../src/testing/postgres.ts';
import type { Service } from './compose.ts';
import type { Network } from './network.ts';

/** The service `database`, as the official image would run it, from this machine's server programs. */
export interface Database {
  version: string;
  stop(): Promise<number | null>;
}

/** Makes the cluster, the database and its owner, runs the script that compose mounts, and starts the server. */
export async function startDatabase(service: Service, network: Network, folder: string): Promise<Database> {
  const bin = await serverPrograms();
  const [sockets, data, password] = ['sockets', 'data', 'password'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const { POSTGRES_DB = '', POSTGRES_USER = '', POSTGRES_PASSWORD = '' } = service.environment;
  mkdirSync(sockets);
  writeFileSync(password, `${POSTGRES_PASSWORD}\n`, { mode: 0o600 });
  const uid = Number(execFileSync('id', ['-u', 'postgres'], { encoding: 'utf8' }));
  for (const path of [folder, sockets, password]) chownSync(path, uid, uid);

  const env = { ...process.env, ...service.environment, PGHOST: sockets };
  const as = (program: string, ...args: string[]) =>
    execFileSync('runuser', ['-u', 'postgres', '--', join(bin, program), ...args], { cwd: folder, env, stdio: 'pipe' });
  as(
    'initdb',
    '-D',
    data,
    '-U',
    POSTGRES_USER,
    '--auth-local=trust',
    '--auth-host=scram-sha-256',
    `--pwfile=${password}`,
  );
  appendFileSync(join(data, 'pg_hba.conf'), 'host all all all scram-sha-256\n');
  // Reachable by nobody until it is set up, as in the official image.
  const alone = `-c listen_addresses= -c unix_socket_directories=${sockets}`;
  as('pg_ctl', '-D', data, '-w', '-l', join(folder, 'log'), '-o', alone, 'start');
  execFileSync('psql', ['-U', POSTGRES_USER, '-d', 'postgres', '-qc', `create database ${POSTGRES_DB}`], { env });
  for (const script of initScripts(service)) execFileSync('sh', [script], { env, stdio: 'pipe' });
  as('pg_ctl', '-D', data, '-w', 'stop');

  const [program = '', ...options] = service.command;
  const [enter = '', ...rest] = network.enter('database');
  const server = ['runuser', '-u', 'postgres', '--', join(bin, program), '-D', data];
  const child = spawn(
    enter,
    [...rest, ...server, '-c', 'listen_addresses=*', '-c', `unix_socket_directories=${sockets}`, ...options],
    { cwd: folder, env, stdio: 'ignore' },
  );
  await healthy(service, { ...env, PATH: `${bin}:${process.env.PATH}` });
  return {
    version: bin.split('/').at(-2) ?? '?',
    stop: async () => {
      const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
      as('pg_ctl', '-D', data, '-m', 'fast', 'stop');
      return ended;
    },
  };
}

/** The scripts that compose lays where the official image runs them once. */
function initScripts({ volumes }: Service): string[] {
  const scripts = volumes.filter((volume) => volume.includes(':/docker-entrypoint-initdb.d/'));
  if (!scripts.length) throw new Error('compose.yaml gives the database no script that makes the role of run time.');
  return scripts.map((volume) => volume.split(':')[0] ?? '');
}

/** The service's own health check, in a shell where it is written for one. */
async function healthy({ healthcheck }: Service, env: NodeJS.ProcessEnv): Promise<void> {
  const [kind, ...words] = healthcheck?.test ?? [];
  const command = kind === 'CMD-SHELL' ? ['sh', '-c', ...words] : words;
  for (let tried = 0; ; tried += 1) {
    try {
      execFileSync(command[0] ?? '', command.slice(1), { env, stdio: 'pipe' });
      return;
    } catch (error) {
      if (tried === 60) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}
