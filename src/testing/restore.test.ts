import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import pg from 'pg';
import { openServer } from '../core/kernel/db.ts';
import { assertProtection } from '../core/kernel/protection.ts';
import { runCommand, showView } from '../core/kernel/registry.ts';
import { migrate } from '../migrate.ts';
import { testApp } from './app.ts';
import { asOwner, onServer, SECRET } from './database.ts';
import { as, makeFirm } from './firm.ts';
import type { Postgres } from './postgres.ts';
import { serverPrograms, startPostgres } from './postgres.ts';

const run = promisify(execFile);

const programs = await serverPrograms().catch((error: Error) => {
  console.log(`restore: not run. ${error.message}`);
  return null;
});

(programs ? test : test.skip)(
  'a backup taken on one server is restored on a new one',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'parley-backup-'));
    const [from, to] = await Promise.all([startPostgres(), startPostgres()]);
    try {
      const app = await testApp(await onServer(from.url));
      const firm = await makeFirm(app.database);
      const request = {
        name: 'ticket.file-bug',
        input: { project: firm.acme.project, title: 'Lost and found', description: 'It must be there afterwards.' },
        requestId: 'before-the-backup',
      };
      const filed = await runCommand(app, as(firm, firm.acme.approver), request);
      const before = await countsOf(asOwner(app.database));
      const [{ name } = { name: '' }] = await asOwner(app.database)('select current_database() as name');
      const dump = join(folder, 'parley.dump');
      const tool = (program: string, ...args: string[]) => run(join(programs ?? '', program), args);
      await tool('pg_dump', '--format=custom', `--file=${dump}`, urlOf(from, String(name)));
      await app.close();

      await migrated(await createDatabase(to, 'roles'));
      const restored = await createDatabase(to, 'parley');
      await tool('pg_restore', '--exit-on-error', `--dbname=${restored}`, dump);
      const there = openServer(await migrated(restored), { connections: 4, onError: () => undefined });
      const owner = new pg.Client({ connectionString: restored });
      owner.on('error', () => undefined);
      await owner.connect();

      await expect(assertProtection(there)).resolves.toBeUndefined();
      expect(await countsOf(async (text) => (await owner.query(text)).rows)).toEqual(before);
      const again = await testApp(there);
      expect(await runCommand(again, as(firm, firm.acme.approver), request)).toEqual({ ...filed, replayed: true });
      const { id } = filed.output as { id: string };
      const show = { target: 'ticket.show', input: { ticket: id } };
      expect(await showView(again, as(firm, firm.acme.approver), show)).toMatchObject({ about: { id } });
      await expect(showView(again, as(firm, firm.globex.approver), show)).rejects.toMatchObject({ code: 'not_found' });

      await owner.end();
      await there.close();
    } finally {
      await Promise.all([from.stop(), to.stop()]);
      await rm(folder, { recursive: true });
    }
  },
  60_000,
);

type Query = (text: string) => Promise<Record<string, unknown>[]>;

/** Rows of each table, the queue's included. */
async function countsOf(query: Query): Promise<Record<string, unknown>> {
  const tables = await query(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('public', 'pgboss') order by 1`,
  );
  const counts: Record<string, unknown> = {};
  for (const { name } of tables)
    counts[String(name)] = (await query(`select count(*)::int as count from ${name}`))[0]?.count;
  return counts;
}

function urlOf(server: Postgres, name: string): string {
  return Object.assign(new URL(server.url), { pathname: `/${name}` }).toString();
}

async function createDatabase(server: Postgres, name: string): Promise<string> {
  const admin = new pg.Client({ connectionString: server.url });
  await admin.connect();
  await admin.query(`create database ${name}`);
  await admin.end();
  return urlOf(server, name);
}

/** @returns the connection string of the run-time login role */
async function migrated(ownerUrl: string): Promise<string> {
  return migrate({ database: { ownerUrl, appUrl: null }, secrets: [SECRET] }, () => undefined);
}
