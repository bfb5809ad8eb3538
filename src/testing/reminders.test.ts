import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Who } from '../core/kernel/actor.ts';
import { withActor } from '../core/kernel/context.ts';
import { runCommand, showView } from '../core/kernel/registry.ts';
import type { TestApp } from './app.ts';
import { testApp } from './app.ts';
import { asOwner } from './database.ts';
import type { TestFirm } from './firm.ts';
import { as, makeFirm } from './firm.ts';

/* What waits for a client's answer is reminded of on its days, at nine where the client is, until it is answered. */

let app: TestApp;
let firm: TestFirm;
let admin: Who;
let approver: Who;
let count = 0;

beforeAll(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
  admin = as(firm, firm.admin);
  approver = as(firm, firm.acme.approver, 'mail', 'email');
});
afterAll(() => app.close());

const owner = (text: string, values: unknown[] = []) => asOwner(app.database)(text, values);
const run = async (who: Who, name: string, input: Record<string, unknown>) =>
  (await runCommand(app, who, { name, input, requestId: `test ${++count}` })).output as Record<string, string>;

/** Noon in New York, where the client is. */
function goTo(day: string): void {
  app.clock.jump(Date.parse(`${day}T17:00:00Z`) - app.clock.now().getTime());
}

/** Does what the schedules ask for now, as a worker does. @returns the commands that were run about this thing */
async function sweep(id: string): Promise<string[]> {
  const ran: string[] = [];
  for (const { name, candidates, due } of app.registry.areas.flatMap(({ schedules }) => schedules)) {
    const rows = await owner(`select id from ${candidates}($1) where tenant_id = $2`, [app.clock.now(), firm.tenantId]);
    const mine = rows.map((row) => String(row.id)).filter((one) => one === id);
    const system: Who = { kind: 'system', tenantId: firm.tenantId, reason: name };
    for (const request of await withActor(app, system, (context) => due(context, mine))) {
      await runCommand(app, system, request);
      ran.push(request.name);
    }
  }
  return ran;
}

/** Looks twice on each of so many days. @returns the days on which something was done, with what it was */
async function walk(id: string, from: string, days: number): Promise<string[]> {
  const done: string[] = [];
  for (let index = 0; index < days; index += 1) {
    const day = new Date(Date.parse(from) + index * 24 * 60 * 60_000).toISOString().slice(0, 10);
    goTo(day);
    for (const name of [...(await sweep(id)), ...(await sweep(id))]) done.push(`${day} ${name}`);
  }
  return done;
}

const heard = async (id: string, name: string) =>
  (await owner('select data from event where entity_id = $1 and name = $2 order by seq', [id, name])).map(
    ({ data }) => (data as { days: number }).days,
  );

async function offer(expiresOn: string): Promise<Record<string, string>> {
  const place = { client: firm.acme.id, project: firm.acme.project, currency: 'EUR', title: 'Shop' };
  const { quote, version } = await run(admin, 'quote.draft', {
    ...{ ...place, text: 'Checkout', quantity: '1', price: '100', vat: '19' },
  });
  const { version: written } = await run(admin, 'quote.set-terms', { quote, version, title: 'Shop', expiresOn });
  return run(admin, 'quote.send', { quote, version: written });
}

describe('an offer', () => {
  test('is reminded of a week, two days and hours before it ends, and then ends', async () => {
    goTo('2027-01-04');
    const { quote = '' } = await offer('2027-01-15');

    expect(await walk(quote, '2027-01-04', 14)).toEqual([
      '2027-01-08 quote.remind',
      '2027-01-13 quote.remind',
      '2027-01-15 quote.remind',
      '2027-01-16 quote.expire',
    ]);
    expect(await heard(quote, 'quote.reminded')).toEqual([7, 2, 0]);
  });

  test('is not reminded of on the day on which it is sent, nor once it is answered, and is answered as it was shown', async () => {
    goTo('2027-02-01');
    const { quote = '', hash, version } = await offer('2027-02-08');
    const before = await walk(quote, '2027-02-01', 6);
    const shown = await owner('select version from quote where id = $1', [quote]);
    await run(approver, 'quote.accept', { quote, hash, take: 'none' });

    expect(before).toEqual(['2027-02-06 quote.remind']);
    expect(shown).toEqual([{ version: Number(version) }]);
    expect(await walk(quote, '2027-02-07', 4)).toEqual([]);
    const late = { name: 'quote.remind', input: { quote }, requestId: 'late' };
    const system: Who = { kind: 'system', tenantId: firm.tenantId, reason: 'quotes' };
    await expect(runCommand(app, system, late)).rejects.toMatchObject({ code: 'conflict' });
  });

  test('that is sent an hour before it would be reminded of is not reminded of on that day', async () => {
    app.clock.jump(Date.parse('2027-02-15T13:00:00Z') - app.clock.now().getTime());
    const { quote = '' } = await offer('2027-02-22');

    expect(await walk(quote, '2027-02-15', 6)).toEqual(['2027-02-20 quote.remind']);
  });

  test('that people did not get round to for weeks is reminded of once', async () => {
    goTo('2027-03-01');
    const { quote = '' } = await offer('2027-03-12');
    goTo('2027-03-11');

    expect([await sweep(quote), await sweep(quote)]).toEqual([['quote.remind'], []]);
    expect(await heard(quote, 'quote.reminded')).toEqual([2]);
  });

  test('says on its card that the client was reminded, to each side in its own words, until it is answered', async () => {
    goTo('2027-03-22');
    const { quote = '', hash } = await offer('2027-03-29');
    const first = async (who: Who) => {
      const { blocks } = await showView(app, who, { target: 'quote.show', input: { quote } });
      return JSON.stringify(blocks[0]);
    };
    expect(await first(approver)).not.toContain('reminder');
    await walk(quote, '2027-03-22', 6);

    expect(await first(approver)).toContain(
      'A reminder: this still waits for you. (27 Mar 2027, 13:00 (America/New_York))',
    );
    expect(await first(admin)).toContain('Acme was reminded, 27 Mar 2027, 18:00 (Europe/Berlin).');
    await run(approver, 'quote.accept', { quote, hash, take: 'none' });
    for (const who of [admin, approver]) expect(await first(who)).not.toContain('remind');
  });

  test('is reminded of by nobody but the clock', async () => {
    const { quote = '' } = await offer('2027-04-18');
    for (const who of [admin, approver])
      await expect(run(who, 'quote.remind', { quote })).rejects.toMatchObject({ code: 'forbidden' });
  });
});

describe('a scope', () => {
  test('is reminded of until the client has approved it, anew when it was changed, and not while work goes on', async () => {
    goTo('2027-08-02');
    const days = { startsOn: '2027-09-06', endsOn: '2027-09-17', deliverables: 'Basket' };
    const plan = { project: firm.acme.project, name: 'Checkout', ...days };
    const { cycle = '', version } = await run(admin, 'cycle.plan', plan);
    const first = await walk(cycle, '2027-08-02', 7);
    const change = { cycle, version, ...days, name: 'Checkout, second part' };
    goTo('2027-08-09');
    const { hash } = await run(admin, 'cycle.edit-scope', change);
    const second = await walk(cycle, '2027-08-09', 4);
    await run(admin, 'cycle.approve', { cycle, hash });
    const half = await walk(cycle, '2027-08-13', 2);
    await run(approver, 'cycle.approve', { cycle, hash });

    expect(first).toEqual(['2027-08-04 cycle.remind-approval', '2027-08-07 cycle.remind-approval']);
    expect(second).toEqual(['2027-08-11 cycle.remind-approval']);
    expect(half).toEqual(['2027-08-14 cycle.remind-approval']);
    expect(await walk(cycle, '2027-08-15', 10)).toEqual([]);
    expect(await walk(cycle, '2027-09-06', 2)).toEqual(['2027-09-06 cycle.start']);
  });
});

describe('a month that was sent to be signed', () => {
  test('is reminded of until it is signed; sent anew after a dispute, it is counted from then', async () => {
    goTo('2027-04-01');
    const log = { project: firm.acme.project, time: '2h', note: 'Header', day: '2027-03-30' };
    const { period = '' } = await run(admin, 'hours.log', log);
    const send = async () => {
      const [row] = await owner('select version from hours_period where id = $1', [period]);
      return run(admin, 'period.send', { period, version: row?.version });
    };
    await send();
    const first = await walk(period, '2027-04-01', 6);
    const [{ version } = { version: 0 }] = await owner('select version from hours_period where id = $1', [period]);
    await run(approver, 'period.dispute', { period, version, reason: 'Which header?' });
    const disputed = await walk(period, '2027-04-07', 10);
    goTo('2027-04-20');
    const { hash } = await send();
    const second = await walk(period, '2027-04-20', 8);
    await run(approver, 'period.sign', { period, hash });

    expect(first).toEqual(['2027-04-04 period.remind']);
    expect(disputed).toEqual([]);
    expect(second).toEqual(['2027-04-23 period.remind', '2027-04-27 period.remind']);
    expect(await walk(period, '2027-04-28', 10)).toEqual([]);
    expect(await heard(period, 'period.reminded')).toEqual([3, 3, 7]);
  });
});

describe('more hours that were asked for', () => {
  const ask = async (month: string) => {
    const { period } = await run(admin, 'hours.set-budget', { project: firm.acme.project, month, budget: '1h' });
    const { overrun = '' } = await run(admin, 'period.ask-overrun', { period, time: '5h', reason: 'A second header' });
    return overrun;
  };

  test('are reminded of until the client answers', async () => {
    goTo('2027-06-01');
    const overrun = await ask('2027-06');
    const before = await walk(overrun, '2027-06-01', 4);
    await run(approver, 'overrun.approve', { overrun, version: '1' });

    expect(before).toEqual(['2027-06-02 overrun.remind', '2027-06-04 overrun.remind']);
    expect(await walk(overrun, '2027-06-05', 10)).toEqual([]);
    expect(await heard(overrun, 'overrun.reminded')).toEqual([1, 3]);
  });

  test('are not reminded of once they are withdrawn', async () => {
    goTo('2027-07-01');
    const overrun = await ask('2027-07');
    await run(admin, 'overrun.withdraw', { overrun, version: '1' });

    expect(await walk(overrun, '2027-07-01', 10)).toEqual([]);
  });
});
