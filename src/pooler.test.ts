import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { readAddress } from './core/kernel/address.ts';
import { runCommand } from './core/kernel/registry.ts';
import { migrate } from './migrate.ts';
import { openDatabase } from './open-database.ts';
import { freePort } from './simulator/free-port.ts';
import { testApp } from './testing/app.ts';
import { ownedBy, SECRET } from './testing/database.ts';
import { as, makeFirm } from './testing/firm.ts';
import type { Postgres } from './testing/postgres.ts';
import { serverPrograms, startPostgres } from './testing/postgres.ts';

const PROGRAM = '/usr/sbin/pgbouncer';
const why =
  (await serverPrograms().then(
    () => null,
    (error: Error) => error.message,
  )) ?? (existsSync(PROGRAM) ? null : 'There is no pgbouncer here: install the package pgbouncer.');
if (why) console.log(`pooler: not run. ${why}`);
const onServer = why ? test.skip : test;

let server: Postgres;
let appUrl: string;
const stops: (() => Promise<void>)[] = [];

beforeAll(async () => {
  if (why) return;
  server = await startPostgres();
  appUrl = await migrate({ database: { ownerUrl: server.url, appUrl: null }, secrets: [SECRET] }, () => undefined);
}, 60_000);
afterAll(async () => {
  for (const stop of stops) await stop();
  await server?.stop();
});

/** A PgBouncer before the server. @returns the address of run time through it */
async function through(mode: 'session' | 'transaction'): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-pgbouncer-'));
  const port = await freePort();
  const { user } = readAddress(appUrl) as { user: string };
  await writeFile(join(folder, 'users'), `"${user}" ""\n`);
  await writeFile(
    join(folder, 'ini'),
    `[databases]\npostgres = host=127.0.0.1 port=${new URL(server.url).port}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = ${port}\nunix_socket_dir =\nauth_type = trust\nauth_file = ${folder}/users\npool_mode = ${mode}\n`,
  );
  if (userInfo().uid === 0) execFileSync('chown', ['-R', 'postgres', folder]);
  const args = [PROGRAM, join(folder, 'ini')];
  const child =
    userInfo().uid === 0
      ? spawn('setpriv', ['--reuid=postgres', '--regid=postgres', '--clear-groups', ...args], { stdio: 'ignore' })
      : spawn(args[0] ?? '', args.slice(1), { stdio: 'ignore' });
  stops.push(async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
    await rm(folder, { recursive: true });
  });
  const url = new URL(appUrl);
  url.port = String(port);
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const client = new pg.Client({ connectionString: url.toString() });
    if (
      await client.connect().then(
        () => true,
        () => false,
      )
    ) {
      await client.end();
      return url.toString();
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('pgbouncer did not start');
}

const opened = (url: string) =>
  openDatabase(
    { database: { ownerUrl: null, appUrl: url, connections: 4, wait: 0 }, dataDir: '', secrets: [SECRET] },
    { connections: 4, log: () => undefined, onError: () => undefined },
  );

onServer(
  'PgBouncer in transaction mode is refused at start, with what to set',
  async () => {
    await expect(opened(await through('transaction'))).rejects.toThrow(/transaction mode.*pool_mode = session/);
  },
  30_000,
);

onServer(
  'PgBouncer in session mode carries commands, with the deadlines of a direct connection',
  async () => {
    const database = await opened(await through('session'));
    const owner = new pg.Pool({ connectionString: server.url, max: 1 });
    ownedBy(database, async (text, values) => (await owner.query(text, values as unknown[])).rows);
    const app = await testApp(database);
    try {
      const firm = await makeFirm(database);
      const file = (index: number) =>
        runCommand(app, as(firm, firm.acme.approver), {
          name: 'ticket.file-bug',
          input: { project: firm.acme.project, title: `Bug ${index}`, description: 'Through a pooler.' },
          requestId: `pooled-${index}`,
        });
      const filed = await Promise.all(Array.from({ length: 40 }, (_, index) => file(index)));

      expect(filed).toHaveLength(40);
      const { rows } = await database.pool.query(`select current_setting('lock_timeout') as lock`);
      expect(rows[0].lock).toBe('1500ms');
    } finally {
      await owner.end();
      await app.close();
    }
  },
  30_000,
);
