import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { pino } from 'pino';
import { readAddress } from './core/kernel/address.ts';
import { openServer } from './core/kernel/db.ts';
import { assertProtection } from './core/kernel/protection.ts';
import { migrate } from './migrate.ts';
import { openDatabase } from './open-database.ts';
import { loginOf } from './roles.ts';
import type { Postgres } from './testing/postgres.ts';
import { asksPasswords, serverPrograms, startPostgres } from './testing/postgres.ts';

const OLD = 'the secret that was there at first, long enough';
const NEW = 'the secret that comes after it, as long as that';
const programs = await serverPrograms().catch((error: Error) => {
  console.log(`roles: not run. ${error.message}`);
  return null;
});
const testOnServer = programs ? test : test.skip;

let server: Postgres;
let databases = 0;

beforeAll(async () => {
  if (!programs) return;
  server = await startPostgres();
  await asksPasswords(server.url);
}, 60_000);
afterAll(async () => {
  await server?.stop();
});

/** @returns the owner's address of a new, empty database */
async function newDatabase(): Promise<string> {
  databases += 1;
  const name = `installation_${databases}`;
  await run(server.url, `create database ${name}`);
  return Object.assign(new URL(server.url), { pathname: `/${name}` }).toString();
}

async function run(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

const migrated = (ownerUrl: string, secrets: [string, ...string[]] = [OLD], options = {}) =>
  migrate({ database: { ownerUrl, appUrl: null }, secrets }, () => undefined, options);
const opened = (ownerUrl: string, secrets: [string, ...string[]] = [OLD], appUrl: string | null = null) =>
  openDatabase(
    { database: { ownerUrl, appUrl, connections: 2, wait: 0 }, dataDir: '', secrets },
    { connections: 2, log: () => undefined, onError: () => undefined },
  );
const nameOf = (url: string) => readAddress(url)?.database ?? '';
const who = (url: string) => run(url, 'select session_user::text as me');

testOnServer('two installations on one server keep their own logins, and neither opens the other', async () => {
  const [one, two] = [await newDatabase(), await newDatabase()];
  const loginOne = await migrated(one);
  const loginTwo = await migrated(two, [NEW]);

  await expect(who(loginOne)).resolves.toEqual([{ me: loginOf(nameOf(one), OLD).user }]);
  const across = new URL(loginTwo);
  across.pathname = `/${nameOf(one)}`;
  await expect(who(across.toString())).rejects.toMatchObject({ code: '42501' });
  const database = await opened(one);
  await assertProtection(database);
  await database.close();
});

testOnServer('a process at run time changes no password, and a wrong secret is refused with its cure', async () => {
  const url = await newDatabase();
  const login = await migrated(url);

  await expect(opened(url, [NEW])).rejects.toThrow(/PARLEY_SECRET is not the one .* was migrated with/);

  await expect(who(login)).resolves.toHaveLength(1);
  await (await opened(url)).close();
});

testOnServer('migrate with another secret is refused, until the old one is named or given up', async () => {
  const url = await newDatabase();
  const before = await migrated(url);

  await expect(migrated(url, [NEW])).rejects.toThrow(/PARLEY_SECRET_PREVIOUS.*--new-secret/);
  await expect(who(before)).resolves.toHaveLength(1);

  const after = await migrated(url, [NEW], { newSecret: true });
  await expect(who(after)).resolves.toHaveLength(1);
  await expect(who(before)).rejects.toMatchObject({ code: '28P01' });
});

testOnServer('while the secret changes, processes with the old and the new one are both let in', async () => {
  const url = await newDatabase();
  await migrated(url);

  // New processes may come before migrate has seen the new secret, old ones may come back after it.
  await (await opened(url, [NEW, OLD])).close();
  await migrated(url, [NEW, OLD]);
  await (await opened(url, [NEW])).close();
  await (await opened(url, [OLD])).close();

  await migrated(url, [NEW]);
  await (await opened(url, [NEW])).close();
  await expect(opened(url, [OLD])).rejects.toThrow(/PARLEY_SECRET/);
});

testOnServer(
  'migrations of several databases of a server may run at once',
  async () => {
    const fresh = await startPostgres();
    try {
      const urls = await Promise.all(
        ['a', 'b', 'c', 'd'].map(async (name) => {
          await run(fresh.url, `create database ${name}`).catch(async () => {
            // Two copies of the template at once wait for each other badly.
            await new Promise((resolve) => setTimeout(resolve, 500));
            await run(fresh.url, `create database ${name}`);
          });
          return Object.assign(new URL(fresh.url), { pathname: `/${name}` }).toString();
        }),
      );
      const logins = await Promise.all([...urls, ...urls].map((url) => migrated(url)));

      for (const login of logins) await expect(who(login)).resolves.toHaveLength(1);
    } finally {
      await fresh.stop();
    }
  },
  60_000,
);

testOnServer(
  'what parley_login is granted later, the login of run time has after the next migrate, and no more',
  async () => {
    const url = await newDatabase();
    const login = await migrated(url);
    await run(
      url,
      'create function later() returns int language sql as $$ select 1 $$; revoke all on function later() from public; grant execute on function later() to parley_login',
    );

    await migrated(url);
    await expect(run(login, 'select later()')).resolves.toEqual([{ later: 1 }]);

    await run(url, 'revoke execute on function later() from parley_login');
    await migrated(url);
    await expect(run(login, 'select later()')).rejects.toMatchObject({ code: '42501' });
  },
);

testOnServer(
  'the login of an earlier version works beside the new one until it has gone, then it is shut out',
  async () => {
    const url = await newDatabase();
    await migrated(url);
    await run(
      url,
      `alter role parley_login password 'earlier'; grant connect on database ${nameOf(url)} to parley_login`,
    );
    const earlierUrl = Object.assign(new URL(url), { username: 'parley_login', password: 'earlier' }).toString();
    const earlier = new pg.Client({ connectionString: earlierUrl });
    await earlier.connect();

    const lines: string[] = [];
    const config = { database: { ownerUrl: url, appUrl: null }, secrets: [OLD] as [string] };
    await migrate(config, (line) => lines.push(line));
    expect(lines.join()).toMatch(/earlier version still works as parley_login: run migrate once more/);
    await expect(who(earlierUrl)).resolves.toHaveLength(1);
    await earlier.query('select * from parley_firms()');

    await earlier.end();
    while ((await run(url, `select from pg_stat_activity where usename = 'parley_login'`)).length)
      await new Promise((resolve) => setTimeout(resolve, 20));
    await migrate(config, () => undefined);
    await expect(who(earlierUrl)).rejects.toMatchObject({ code: '42501' });
  },
);

testOnServer('a role of the operator’s own is let in as it is, and one that may too much is refused', async () => {
  const url = await newDatabase();
  const as = (user: string) => Object.assign(new URL(url), { username: user, password: 'theirs' }).toString();
  const given = (user: string) =>
    migrate({ database: { ownerUrl: url, appUrl: as(user) }, secrets: [OLD] }, () => undefined);

  await expect(given('web_of_ours')).rejects.toThrow(/is not there: make it with: create role/);
  await run(url, `create role web_of_ours login password 'theirs'`);
  await given('web_of_ours');
  const database = await opened(url, [OLD], as('web_of_ours'));
  await assertProtection(database);
  await database.close();

  await run(url, `create role too_much login superuser password 'theirs'`);
  const strong = openServer(as('too_much'), { connections: 1, onError: () => undefined });
  await expect(assertProtection(strong)).rejects.toThrow(/too_much, who is superuser/);
  await strong.close();
});

testOnServer('an owner who may not make roles is told what to ask for', async () => {
  const fresh = await startPostgres();
  try {
    await run(
      fresh.url,
      `create role plain login; grant create on database postgres to plain; grant all on schema public to plain`,
    );
    const url = Object.assign(new URL(fresh.url), { username: 'plain' }).toString();

    await expect(migrated(url)).rejects.toThrow(
      /plain of DATABASE_URL may not create roles.*alter role plain createrole/,
    );
  } finally {
    await fresh.stop();
  }
});

testOnServer('an older schema is refused at start, with what is missing', async () => {
  const url = await newDatabase();
  await migrated(url);
  await run(
    url,
    `delete from _prisma_migrations where migration_name = (select max(migration_name) from _prisma_migrations)`,
  );

  await expect(opened(url)).rejects.toThrow(/older than this version of Parley.*run npm run migrate/);
});

testOnServer('objects of extensions are no breach of the protection', async () => {
  const url = await newDatabase();
  await migrated(url);
  await run(url, 'create extension pg_stat_statements');
  const database = await opened(url);
  await assertProtection(database);

  await run(url, 'create view of_ours as select * from firm');
  await expect(assertProtection(database)).rejects.toThrow(/view of_ours/);
  await database.close();
});

testOnServer('a server that is down is named while it is waited for, ever more rarely', async () => {
  const { waitForDatabase } = await import('./open-database.ts');
  const lines: string[] = [];
  const log = pino({ level: 'warn' }, { write: (line: string) => lines.push(line) });
  const config = { database: { ownerUrl: null, appUrl: 'postgres://x@127.0.0.1:1/parley', wait: 2 }, dataDir: '' };

  await expect(
    waitForDatabase(config as never, log, () => Promise.reject(Object.assign(new Error(), { code: 'ECONNREFUSED' }))),
  ).rejects.toThrow('The database parley on 127.0.0.1:1 cannot be reached (ECONNREFUSED)');

  expect(lines.length).toBeLessThanOrEqual(4);
  expect(lines[0]).toContain('parley on 127.0.0.1:1');
});
