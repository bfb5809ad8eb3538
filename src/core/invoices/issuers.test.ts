import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { TestApp } from '../../testing/app.ts';
import { testApp } from '../../testing/app.ts';
import { allWait, asOwner } from '../../testing/database.ts';
import type { TestFirm } from '../../testing/firm.ts';
import { as, makeFirm } from '../../testing/firm.ts';
import { ownServer } from '../../testing/own-server.ts';
import { todayOf } from '../kernel/dates.ts';
import type { Database } from '../kernel/db.ts';
import { openServer } from '../kernel/db.ts';
import { DomainError } from '../kernel/errors.ts';
import { runCommand } from '../kernel/registry.ts';
import { numberText, yearOf } from './numbering.ts';

/*
 * Numbers without a gap and without a twin, whatever happens to those who take them: many at once, connections that the server cuts,
 * and processes that end in the middle of it. Nothing here depends on how fast the machine is: what was refused because the database
 * was busy or away is asked for again, until it is done.
 */
const server = await ownServer('numbers of invoices that are issued at once');
const given = server ? test : test.skip;

const ISSUERS = 50;
/** The pools of two processes of a hub. Each lets one firm have 18 of them, and whoever else issues waits for a turn. */
const CONNECTIONS = [30, 30];
/** Those who issue while the counter is held: all of them have read it by then, and without a lock they would all take one number. */
const WAITING = 12;
/** So many invoices are issued between two cuts: all of them get done, however slow the machine is. */
const CUT_EVERY = 3;
/** Connections that are cut at least, and processes that are killed. */
const CUTS = 10;
const KILLS = 4;
/** What the killed left is issued by so many at once: how many do not get a turn in time is asked by the tests before. */
const AT_ONCE = 8;
/** Milliseconds that one test may take: a quiet machine needs a tenth of it. */
const LONGEST = 120_000;

let app: TestApp;
let pools: Database[];
/** When the test that runs gives up, by performance.now(). */
let end = 0;

beforeAll(async () => {
  if (!server) return;
  app = await testApp(await server.open());
  pools = CONNECTIONS.map((connections) =>
    openServer(app.database.url ?? '', { connections, onError: () => undefined }),
  );
}, LONGEST);
beforeEach(() => {
  end = performance.now() + LONGEST - 5_000;
});
afterAll(async () => {
  await Promise.all((pools ?? []).map((one) => one.close()));
  await app?.close();
});

const owner = (text: string, values: unknown[] = []) => asOwner(app.database)(text, values);
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** So many drafts of the firm. */
async function drafts(of: TestFirm, many: number): Promise<string[]> {
  const place = { client: of.acme.id, project: of.acme.project, currency: 'EUR', title: 'Shop' };
  const input = { ...place, text: 'Checkout', quantity: '1', price: '100', vat: '19' };
  const made = Array.from({ length: many }, () => again<{ invoice: string }>(of, 'invoice.draft', input, app.database));
  return (await Promise.all(made)).map(({ invoice }) => invoice);
}

/** Issues them all at once. @returns their numbers */
async function issue(of: TestFirm, all: readonly string[], onIssued = async () => {}): Promise<string[]> {
  const issued = all.map(async (invoice, nth) => {
    const database = pools[nth % pools.length] as Database;
    const one = await again<{ number: string }>(of, 'invoice.issue', { invoice, version: 1 }, database);
    await onIssued();
    return one;
  });
  return (await Promise.all(issued)).map(({ number }) => number);
}

/** Asks under one name until the database answers: so do channels. */
async function again<T>(of: TestFirm, name: string, input: Record<string, unknown>, database: Database): Promise<T> {
  const request = { name, input, requestId: crypto.randomUUID() };
  while (performance.now() < end) {
    try {
      return (await runCommand({ ...app, database }, as(of, of.admin), request)).output as T;
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'unavailable') throw error;
      await pause(10 + Math.random() * 40);
    }
  }
  throw new Error(`${name} was not done in time`);
}

/** Every number there is, as each invoice has it; and what the firm's counter says. */
async function counted(of: TestFirm): Promise<{ numbers: unknown[]; last: unknown }> {
  const rows = await owner(
    'select number from invoice where tenant_id = $1 and number is not null order by year, serial',
    [of.tenantId],
  );
  const [counter] = await owner('select last from invoice_counter where tenant_id = $1', [of.tenantId]);
  return { numbers: rows.map(({ number }) => number), last: counter?.last };
}

/** The numbers of this year, on the firm's calendar. */
function upTo(last: number): string[] {
  const year = yearOf(todayOf(app.clock.now(), 'Europe/Berlin'));
  return Array.from({ length: last }, (_, index) => numberText(year, index + 1));
}

given(
  'fifty who issue at once get fifty numbers, in which nothing is left out',
  async () => {
    const firm = await makeFirm(app.database);

    const numbers = await issue(firm, await drafts(firm, ISSUERS));

    expect(numbers.toSorted()).toEqual(upTo(ISSUERS));
    expect(await counted(firm)).toEqual({ numbers: upTo(ISSUERS), last: ISSUERS });
  },
  LONGEST,
);

given(
  'who waited for the number before theirs gets the next one, and nobody is refused',
  async () => {
    const firm = await makeFirm(app.database, 'Waiting & Sons');
    const [first = '', ...others] = await drafts(firm, 1 + WAITING);
    await issue(firm, [first]);
    await owner('begin');
    await owner('select from invoice_counter where tenant_id = $1 for update', [firm.tenantId]);
    const issuing = issue(firm, others);
    await allWait(owner, others.length);
    await owner('commit');

    expect((await issuing).toSorted()).toEqual(upTo(1 + WAITING).slice(1));
  },
  LONGEST,
);

given(
  'connections that the server cuts at random moments leave no gap and no twin',
  async () => {
    const firm = await makeFirm(app.database, 'Cut & Sons');
    const numbers: string[] = [];
    let issued = 0;
    let cuts = 0;
    const cutNow = async () => {
      issued += 1;
      if (issued % CUT_EVERY === 0) cuts += await cutOne();
    };
    while (cuts < CUTS) numbers.push(...(await issue(firm, await drafts(firm, ISSUERS), cutNow)));

    expect(numbers.toSorted()).toEqual(upTo(numbers.length));
    expect(await counted(firm)).toEqual({ numbers: upTo(numbers.length), last: numbers.length });
    const events = await owner(
      `select count(*)::int as issued from event where tenant_id = $1 and name = 'invoice.issued'`,
      [firm.tenantId],
    );
    expect(events).toEqual([{ issued: numbers.length }]);
  },
  LONGEST,
);

/** Cuts the connection of one who works on an invoice at this moment: before, while or after they hold the counter. */
async function cutOne(): Promise<number> {
  const cut = await owner(
    `select pg_terminate_backend(pid) from (select pid from pg_stat_activity
       where datname = current_database() and usename <> current_user and state <> 'idle' order by random() limit 1) one`,
  );
  return cut.length;
}

given(
  'processes that are killed in the middle of it leave no gap and no twin',
  async () => {
    const firm = await makeFirm(app.database, 'Killed & Sons');
    let made = 0;
    let killed = 0;
    while (killed < KILLS) {
      const all = await drafts(firm, ISSUERS);
      made += all.length;
      // Two at a time, which take numbers from each other.
      const children = [issuing(firm, all), issuing(firm, all.toReversed())];
      await Promise.all(children.map(ready));
      for (const child of children) child.stdin?.write('go\n');
      for (const child of children) {
        await pause(Math.random() * 100);
        if (child.exitCode === null && child.kill('SIGKILL')) killed += 1;
      }
      await Promise.all(children.map(ended));
      const { numbers } = await counted(firm);
      expect(numbers).toEqual(upTo(numbers.length));
    }
    const left = await owner(`select id from invoice where tenant_id = $1 and status = 'draft'`, [firm.tenantId]);
    const ids = left.map(({ id }) => String(id));
    while (ids.length) await issue(firm, ids.splice(0, AT_ONCE));

    expect(await counted(firm)).toEqual({ numbers: upTo(made), last: made });
  },
  LONGEST,
);

function issuing({ tenantId, admin }: TestFirm, all: readonly string[]): ChildProcess {
  const script = fileURLToPath(new URL('../../testing/issue-drafts.ts', import.meta.url));
  const url = app.database.url ?? '';
  return spawn(process.execPath, [script, url, tenantId, admin, ...all], { stdio: ['pipe', 'pipe', 'inherit'] });
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.stdout?.once('data', () => resolve());
    child.once('exit', (code) => reject(new Error(`it ended with ${code} before it was ready`)));
  });
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once('exit', () => resolve());
  });
}
