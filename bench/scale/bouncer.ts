import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../src/simulator/free-port.ts';
import type { Postgres } from '../../src/testing/postgres.ts';

/** A running PgBouncer of Debian's package. */
export interface Bouncer {
  /** The connection string that goes through it. */
  url: string;
  stop(): Promise<void>;
}

/** Server connections that it keeps: what both webs and both workers share. */
const SERVERS = 16;

/** Starts PgBouncer between Parley's login and the server. */
export async function startBouncer(postgres: Postgres, loginUrl: string, mode = 'session'): Promise<Bouncer> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-bouncer-'));
  await chmod(folder, 0o755);
  const port = await freePort();
  const { username } = new URL(loginUrl);
  const path = join(folder, 'pgbouncer.ini');
  await writeFile(
    path,
    `[databases]
* = host=127.0.0.1 port=${postgres.port} user=${username}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
auth_type = any
pool_mode = ${mode}
default_pool_size = ${SERVERS}
max_client_conn = 200
ignore_startup_parameters = extra_float_digits,options
unix_socket_dir =
`,
  );
  // It refuses to run as root.
  const args = userInfo().uid === 0 ? ['-u', 'postgres', path] : [path];
  const child = spawn('/usr/sbin/pgbouncer', args, { stdio: 'ignore' });
  while (!(await listens(port))) await sleep(20);
  return {
    url: Object.assign(new URL(loginUrl), { port: String(port) }).toString(),
    stop: async () => {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket.end() !== null));
    socket.once('error', () => resolve(false));
  });
}
