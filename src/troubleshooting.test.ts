import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { migrate } from './migrate.ts';
import { freePort } from './simulator/free-port.ts';
import type { MailStandIn } from './simulator/mail/index.ts';
import { startMailStandIn } from './simulator/mail/index.ts';
import type { Postgres } from './testing/postgres.ts';
import { asksPasswords, serverPrograms, startPostgres } from './testing/postgres.ts';

/** The page for operators holds exactly what this file has seen Parley say: UPDATE_DOCS=1 writes it anew. */
const PAGE = join(import.meta.dirname, '../docs/troubleshooting.md');
const SECRET = 'a secret for wrong set-ups, long enough to be one';
const programs = await serverPrograms().catch((error: Error) => {
  console.log(`troubleshooting: set-ups on a server are not run. ${error.message}`);
  return null;
});

/** The hub starts all the same, and says it in its log. */
const RUNS = 'keeps running';
/** pino's number for it. */
const WARNING = 40;

interface Place {
  /** A server that asks for passwords; its superuser's address. */
  server: string;
  /** A port that something else listens on. */
  taken: number;
  /** A Slack that refuses every token. */
  slack: string;
  /** A Slack that takes the token and knows no channel. */
  emptySlack: string;
  /** A mail server, and the address of its mailbox with a wrong password. */
  smtp: string;
  imap: string;
  folder: string;
}

interface Case {
  wrong: string;
  /** What is printed; … stands for what differs from place to place. */
  says: string;
  code: number | typeof RUNS;
  run: 'main' | 'cli';
  words?: string[];
  server?: true;
  environment?(place: Place): Record<string, string>;
}

const embedded = { PARLEY_SECRET: SECRET, PARLEY_DATA_DIR: 'memory://', PORT: '0' };
const mail = { MAIL_FROM: 'hello@northwind.example', MAIL_REPLY_TO: 'reply@northwind.example' };
const at = (server: string, user: string, database: string) => {
  const url = Object.assign(new URL(server), { username: user, password: 'wrong', pathname: `/${database}` });
  return url.toString();
};

const CASES: Case[] = [
  {
    wrong: 'PARLEY_SECRET is not set',
    says: 'PARLEY_SECRET is missing: set it to a long random text; make one with: openssl rand -base64 48',
    code: 2,
    run: 'main',
  },
  {
    wrong: 'PARLEY_SECRET is short',
    says: 'PARLEY_SECRET must be at least 32 characters; make one with: openssl rand -base64 48',
    code: 2,
    run: 'main',
    environment: () => ({ PARLEY_SECRET: 'short' }),
  },
  {
    wrong: 'PORT=http',
    says: 'PORT must be a whole number from 0 to 65535',
    code: 2,
    run: 'main',
    environment: () => ({ ...embedded, PORT: 'http' }),
  },
  {
    wrong: 'TRUST_PROXY=true',
    says: 'TRUST_PROXY is how many proxies stand before Parley (1 to 10), or their addresses: loopback, uniquelocal, 10.0.0.0/8',
    code: 2,
    run: 'main',
    environment: () => ({ ...embedded, TRUST_PROXY: 'true' }),
  },
  {
    wrong: 'DATABASE_URL of another product',
    says: 'DATABASE_URL must start with postgres://',
    code: 2,
    run: 'main',
    environment: () => ({ ...embedded, DATABASE_URL: 'mysql://host/parley' }),
  },
  {
    wrong: 'half of Slack’s settings',
    says: 'Slack is half set up: SLACK_SIGNING_SECRET is missing. Set it, or unset SLACK_BOT_TOKEN to turn Slack off',
    code: 2,
    run: 'main',
    environment: () => ({ ...embedded, SLACK_BOT_TOKEN: 'xoxb-1' }),
  },
  {
    wrong: 'npm start -- wed',
    says: 'There is no role "wed": npm start -- web, npm start -- worker, or npm start for both',
    code: 2,
    run: 'main',
    words: ['wed'],
  },
  {
    wrong: 'a word the command line does not know',
    says: 'There is no "project": npm run parley -- --help shows what there is',
    code: 2,
    run: 'cli',
    words: ['project'],
  },
  {
    wrong: 'an option the command line does not know',
    says: "Unknown option '--jsn': npm run parley -- --help shows what there is",
    code: 2,
    run: 'cli',
    words: ['firms', '--jsn'],
  },
  {
    wrong: 'a shell without DATABASE_URL',
    says: 'There is no database: DATABASE_URL is not set, and none is embedded in …: set DATABASE_URL, or found a firm here with: npm run parley -- firm create',
    code: 1,
    run: 'cli',
    words: ['firms'],
    environment: ({ folder }) => ({ PARLEY_SECRET: SECRET, PARLEY_DATA_DIR: join(folder, 'nothing') }),
  },
  {
    wrong: 'an embedded database that another process uses',
    says: 'Another Parley (process …) is using …: stop it, choose another PARLEY_DATA_DIR, or set DATABASE_URL to share a PostgreSQL server',
    code: 1,
    run: 'cli',
    words: ['firms'],
    environment: ({ folder }) => ({ PARLEY_SECRET: SECRET, PARLEY_DATA_DIR: join(folder, 'used') }),
  },
  {
    wrong: 'the port is taken',
    says: 'Port … on 127.0.0.1 is taken by another program: stop it, or set PORT to a free port',
    code: 1,
    run: 'main',
    environment: ({ taken }) => ({ ...embedded, PORT: String(taken) }),
  },
  {
    wrong: 'the port for metrics is taken',
    says: 'Port … on 127.0.0.1 is taken by another program: stop it, or set METRICS_PORT to a free port',
    code: 1,
    run: 'main',
    environment: ({ taken }) => ({ ...embedded, METRICS_PORT: String(taken) }),
  },
  {
    wrong: 'HOST is not of this machine',
    says: 'HOST is 192.0.2.1, which is no address of this machine: set it to 127.0.0.1, or to 0.0.0.0 for all',
    code: 1,
    run: 'main',
    environment: () => ({ ...embedded, HOST: '192.0.2.1' }),
  },
  {
    wrong: 'a bot token that Slack refuses',
    says: 'The settings of slack do not work (…): correct them (docs/connect-slack.md), or unset them all to turn it off',
    code: 1,
    run: 'main',
    environment: ({ slack }) => ({
      ...embedded,
      SLACK_BOT_TOKEN: 'xoxb-wrong',
      SLACK_SIGNING_SECRET: 'secret',
      SLACK_API_URL: slack,
    }),
  },
  {
    wrong: 'mail is not set up, so that nobody is sent a code',
    says: 'mail is off: nobody can be sent a code to link their account. Give people codes with: npm run parley -- link-code <mail address>',
    code: RUNS,
    run: 'main',
    environment: () => embedded,
  },
  {
    wrong: 'the mail server is down',
    says: 'The mail server on 127.0.0.1:1 cannot be reached (ECONNREFUSED), and mails wait until it can: start it, or correct SMTP_URL',
    code: RUNS,
    run: 'main',
    environment: () => ({
      ...embedded,
      ...mail,
      MAIL_AUTHSERV_ID: 'mx.northwind.example',
      SMTP_URL: 'smtp://127.0.0.1:1',
    }),
  },
  {
    wrong: 'a wrong password in IMAP_URL',
    says: 'The mailbox on 127.0.0.1:… does not let "hub" in, and mails wait there unread: correct the user or the password in IMAP_URL',
    code: RUNS,
    run: 'main',
    environment: ({ smtp, imap }) => ({
      ...embedded,
      ...mail,
      MAIL_AUTHSERV_ID: 'mx.northwind.example',
      SMTP_URL: smtp,
      IMAP_URL: imap,
    }),
  },
  {
    wrong: 'the database is down',
    says: 'The database parley on 127.0.0.1:1 cannot be reached (ECONNREFUSED): start it, or correct DATABASE_URL or DATABASE_APP_URL',
    code: 1,
    run: 'main',
    environment: () => ({
      PARLEY_SECRET: SECRET,
      DATABASE_WAIT: '0',
      DATABASE_APP_URL: 'postgres://web@127.0.0.1:1/parley',
    }),
  },
  {
    wrong: 'the database’s host has no address',
    says: 'The host of the database parley on nowhere.invalid:5432 has no address: correct DATABASE_URL or DATABASE_APP_URL, or mend the name service',
    code: 1,
    run: 'main',
    environment: () => ({
      PARLEY_SECRET: SECRET,
      DATABASE_WAIT: '0',
      DATABASE_APP_URL: 'postgres://web@nowhere.invalid/parley',
    }),
  },
  {
    wrong: 'a wrong password in DATABASE_APP_URL',
    says: 'The database app on … does not let "web" in: correct the user or the password in DATABASE_APP_URL',
    code: 1,
    run: 'main',
    server: true,
    environment: ({ server }) => ({ PARLEY_SECRET: SECRET, DATABASE_APP_URL: at(server, 'web', 'app') }),
  },
  {
    wrong: 'a wrong password in DATABASE_URL',
    says: 'The database app on … does not let "plain" in: correct the user or the password in DATABASE_URL',
    code: 1,
    run: 'cli',
    words: ['migrate'],
    server: true,
    environment: ({ server }) => ({ PARLEY_SECRET: SECRET, DATABASE_URL: at(server, 'plain', 'app') }),
  },
  {
    wrong: 'a database that does not exist',
    says: 'There is no database none on …: make it with createdb, or correct DATABASE_URL',
    code: 1,
    run: 'cli',
    words: ['migrate'],
    server: true,
    environment: ({ server }) => ({ PARLEY_SECRET: SECRET, DATABASE_URL: at(server, 'postgres', 'none') }),
  },
  {
    wrong: 'an owner without CREATEROLE',
    says: 'The role plain of DATABASE_URL may not create roles, which migrate must: as a superuser run: alter role plain createrole',
    code: 1,
    run: 'cli',
    words: ['migrate'],
    server: true,
    environment: ({ server }) => ({
      PARLEY_SECRET: SECRET,
      DATABASE_URL: at(server, 'plain', 'empty').replace('wrong', 'right'),
    }),
  },
  {
    wrong: 'the server runs before migrate',
    says: 'The PARLEY_SECRET is not the one this database (empty on …) was migrated with, or it was not migrated yet: set that secret, or run npm run migrate',
    code: 1,
    run: 'main',
    server: true,
    environment: ({ server }) => ({ PARLEY_SECRET: SECRET, DATABASE_URL: at(server, 'postgres', 'empty') }),
  },
  {
    wrong: 'another PARLEY_SECRET',
    says: 'The PARLEY_SECRET is not the one this database (app on …) was migrated with, or it was not migrated yet: set that secret, or run npm run migrate',
    code: 1,
    run: 'main',
    server: true,
    environment: ({ server }) => ({ PARLEY_SECRET: `${SECRET}, another`, DATABASE_URL: at(server, 'postgres', 'app') }),
  },
  {
    wrong: 'migrate with another PARLEY_SECRET',
    says: 'The PARLEY_SECRET is not the one this database was migrated with: set that one, or put it into PARLEY_SECRET_PREVIOUS to change it, or give it up with: npm run migrate -- --new-secret',
    code: 1,
    run: 'cli',
    words: ['migrate'],
    server: true,
    environment: ({ server }) => ({ PARLEY_SECRET: `${SECRET}, another`, DATABASE_URL: at(server, 'postgres', 'app') }),
  },
  {
    wrong: 'a version newer than its database',
    says: 'The database is older than this version of Parley (…): run npm run migrate with DATABASE_URL set, then start again',
    code: 1,
    run: 'main',
    server: true,
    environment: ({ server }) => ({ PARLEY_SECRET: SECRET, DATABASE_URL: at(server, 'postgres', 'older') }),
  },
  {
    wrong: 'a command that does not exist',
    says: 'There is no command "project.bind": npm run parley -- commands lists them',
    code: 1,
    run: 'cli',
    words: ['do', 'project.bind'],
    server: true,
    environment: ({ server }) => ({ PARLEY_SECRET: SECRET, DATABASE_URL: at(server, 'postgres', 'app') }),
  },
  {
    wrong: 'a Slack channel that does not exist',
    says: 'Slack does not know this channel, or it is private and Parley is not in it. Invite Parley there (/invite @Parley), or bind another channel.',
    code: 1,
    run: 'cli',
    words: [
      'do',
      'project.bind-room',
      'channel=slack',
      'account=T1',
      'address=C-none',
      'name=Triage',
      'audience=triage',
    ],
    server: true,
    environment: ({ server, emptySlack }) => ({
      PARLEY_SECRET: SECRET,
      DATABASE_URL: at(server, 'postgres', 'app'),
      SLACK_BOT_TOKEN: 'xoxb-right',
      SLACK_SIGNING_SECRET: 'secret',
      SLACK_API_URL: emptySlack,
    }),
  },
];

let server: Postgres | null = null;
let place: Place;
let mailbox: MailStandIn;
const listeners: ReturnType<typeof createServer>[] = [];

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'parley-wrong-'));
  const port = async (answer: object) => {
    const listener = createServer((_request, response) => {
      response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
    });
    listeners.push(listener);
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    return (listener.address() as AddressInfo).port;
  };
  const used = await import('./core/kernel/lock.ts');
  await (await import('node:fs/promises')).mkdir(join(folder, 'used/postgres'), { recursive: true });
  await used.holdDirectory(join(folder, 'used'));
  if (programs) server = await setUpServer();
  mailbox = await startMailStandIn({ hubAddress: mail.MAIL_REPLY_TO, authservId: 'mx.northwind.example' });
  const slack = async (error: string) => `http://127.0.0.1:${await port({ ok: false, error })}/api/`;
  place = {
    server: server?.url ?? '',
    taken: await port({}),
    slack: await slack('invalid_auth'),
    emptySlack: await slack('channel_not_found'),
    smtp: mailbox.smtpUrl,
    imap: mailbox.imapUrl.replace(/:[^:@]+@/, ':wrong@'),
    folder,
  };
}, 120_000);
afterAll(async () => {
  for (const listener of listeners) listener.close();
  await mailbox.stop();
  await server?.stop();
  await rm(place.folder, { recursive: true });
});

/** Three databases: `app` is in use, `older` lacks a migration, `empty` has none. */
async function setUpServer(): Promise<Postgres> {
  const started = await startPostgres();
  const run = async (database: string, text: string) => {
    const client = new pg.Client({ connectionString: started.url.replace(/\/postgres$/, `/${database}`) });
    await client.connect();
    await client.query(text);
    await client.end();
  };
  for (const name of ['app', 'older', 'empty']) await run('postgres', `create database ${name}`);
  for (const name of ['app', 'older'])
    await migrate(
      { database: { ownerUrl: started.url.replace(/\/postgres$/, `/${name}`), appUrl: null }, secrets: [SECRET] },
      () => undefined,
    );
  await run(
    'older',
    'delete from _prisma_migrations where migration_name = (select max(migration_name) from _prisma_migrations)',
  );
  await run(
    'app',
    `with firm as (select parley_found(id, 'Northwind', 'Europe/Berlin'), id from (select gen_random_uuid() as id) made)
     insert into connection (tenant_id, id, tool, account) select id, gen_random_uuid(), 'slack', 'T1' from firm`,
  );
  await run('postgres', `create role web login password 'right'; create role plain login password 'right'`);
  // The cluster's roles are there already; only a role of the database's own is missing.
  await asksPasswords(started.url);
  return started;
}

interface Ended {
  /** What it ended with by itself; null when it ran until it was stopped. */
  code: number | null;
  said: string;
}

/** Runs it to its end; a hub that keeps running until it has said what is wanted in its log, or half a minute. */
async function end({ run, words = [], code, environment }: Case, wanted: RegExp): Promise<Ended> {
  const runs = code === RUNS;
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, `${run}.ts`), ...words],
    {
      cwd: place.folder,
      env: { PATH: process.env.PATH ?? '', LOG_LEVEL: runs ? 'info' : 'silent', ...environment?.(place) },
      stdio: ['ignore', runs ? 'pipe' : 'ignore', 'pipe'],
    },
  );
  let said = '';
  child.stderr?.on('data', (text: Buffer) => {
    said += text;
  });
  // Once: a second signal would be for an impatient person, who does not wait for the hub to stop in order.
  let stopped = false;
  const stop = () => {
    if (!stopped) child.kill('SIGINT');
    stopped = true;
  };
  let log = '';
  child.stdout?.on('data', (text: Buffer) => {
    log += text;
    said = spoken(log);
    if (log.includes('Parley is running') && wanted.test(said)) stop();
  });
  const impatient = setTimeout(stop, 30_000);
  const ended = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearTimeout(impatient);
  return { code: ended, said };
}

/** The warnings of a log, with the stacks that stand beside them. */
function spoken(log: string): string {
  return (
    log
      .split('\n')
      .slice(0, -1)
      // What is for the terminal alone stands between, like the address at which the first firm is made.
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as { level: number; msg: string; err?: { stack: string } })
      .filter(({ level }) => level >= WARNING)
      .map(({ msg, err }) => `${msg}\n${err ? `${err.stack}\n` : ''}`)
      .join('')
  );
}

/** The text as a pattern: … stands for anything on its line. */
function pattern(says: string): RegExp {
  const parts = says.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^(  - )?${parts.join('.+')}$`, 'm');
}

describe.each(CASES)('$wrong', (set) => {
  (set.server && !programs ? test.skip : test)(
    'ends with its sentence, its code and no stack',
    async () => {
      const wanted = pattern(set.says);
      const { code, said } = await end(set, wanted);

      expect(said).toMatch(wanted);
      expect(said).not.toMatch(/^\s+at |node:internal|Error:/m);
      expect(said.trim().split('\n').length).toBeLessThanOrEqual(2);
      expect(code).toBe(set.code === RUNS ? 0 : set.code);
    },
    60_000,
  );
});

test('docs/troubleshooting.md holds what was seen here', async () => {
  const rows = CASES.map(({ wrong, says, code }) => `| ${wrong} | ${says.replaceAll('|', '\\|')} | ${code} |`);
  const page = [
    '# When Parley does not start, or lacks something',
    '',
    'What is wrong is said in one sentence with its cure, on standard error. Exit code 2: the settings or the words on the command line are',
    'wrong, starting again does not help. Exit code 1: what they point to refuses or is not there. Where Parley keeps running, the sentence is in',
    'its log, as a warning, and what is wrong may be put right meanwhile. Wrong settings are all named at once, below "The settings need attention:".',
    'A text with a stack is a fault of Parley’s own: please report it. … stands for what differs from place to place.',
    '',
    '| what is wrong | what Parley says | exit code |',
    '|---|---|---|',
    ...rows,
    '',
  ].join('\n');
  if (process.env.UPDATE_DOCS) await writeFile(PAGE, page);

  expect(await readFile(PAGE, 'utf8')).toBe(page);
  expect(CASES.length).toBeGreaterThanOrEqual(15);
});

test('a signal to npm start stops the hub', async () => {
  const port = await freePort();
  const npm = spawn('npm', ['start', '--', 'web'], {
    cwd: join(import.meta.dirname, '..'),
    env: { ...process.env, ...embedded, PORT: String(port), LOG_LEVEL: 'info', DATABASE_URL: '', DATABASE_APP_URL: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const pid = await new Promise<number>((resolve) => {
    let text = '';
    npm.stdout.on('data', (part: Buffer) => {
      text += part;
      const running = text.split('\n').find((line) => line.includes('Parley is running'));
      if (running) resolve((JSON.parse(running) as { pid: number }).pid);
    });
  });
  npm.kill('SIGTERM');
  await new Promise((resolve) => npm.once('exit', resolve));

  const until = Date.now() + 15_000;
  let lives = true;
  while (lives && Date.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    try {
      process.kill(pid, 0);
    } catch {
      lives = false;
    }
  }
  if (lives) process.kill(pid, 'SIGKILL');
  expect(lives).toBe(false);
}, 60_000);
