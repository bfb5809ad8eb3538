import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { announcementConsumer } from '../bots/announce.ts';
import type { Who } from '../core/kernel/actor.ts';
import { fanOut } from '../core/kernel/delivery.ts';
import { runCommand } from '../core/kernel/registry.ts';
import type { TestApp } from './app.ts';
import { testApp } from './app.ts';
import { fakeChannel } from './channel.ts';
import { allWait, asOwner } from './database.ts';
import type { TestFirm } from './firm.ts';
import { as, makeFirm } from './firm.ts';
import { ownServer } from './own-server.ts';

/*
 * What only several connections show. The row that all of them need is held by somebody else until every one of them waits:
 * without a lock or a key they would all have read the same state by then, and all act on it.
 */
const server = await ownServer('two acts at the same time');
const given = server ? test : test.skip;

let app: TestApp;
let firm: TestFirm;

beforeAll(async () => {
  if (!server) return;
  app = await testApp(await server.open());
  firm = await makeFirm(app.database);
}, 60_000);
afterAll(() => app?.close());

const owner = (text: string, values?: unknown[]) => asOwner(app.database)(text, values);

/** Runs acts while the row is held; lets go once that many connections wait for a lock. */
async function whileHeld<T>(table: string, id: string, acts: (() => Promise<T>)[]): Promise<PromiseSettledResult<T>[]> {
  await owner('begin');
  await owner(`select from ${table} where id = $1 for update`, [id]);
  const running = Promise.allSettled(acts.map((act) => act()));
  await allWait(owner, acts.length);
  await owner('commit');
  return running;
}

async function fileBug(title: string): Promise<string> {
  const input = { project: firm.acme.project, title, description: 'It does nothing.' };
  const filed = await runCommand(app, as(firm, firm.acme.approver), {
    name: 'ticket.file-bug',
    input,
    requestId: title,
  });
  return (filed.output as { id: string }).id;
}

given('of two decisions on one ticket at the same time, one holds and the other is told', async () => {
  const ticket = await fileBug('decided at once');

  const outcomes = await whileHeld('ticket', ticket, [
    () =>
      runCommand(app, as(firm, firm.admin), {
        name: 'ticket.approve',
        input: { ticket, version: '1' },
        requestId: 'approve at once',
      }),
    () =>
      runCommand(app, as(firm, firm.partner), {
        name: 'ticket.decline',
        input: { ticket, version: '1', reason: 'Out of scope' },
        requestId: 'decline at once',
      }),
  ]);

  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  const refused = outcomes.find((one) => one.status === 'rejected');
  expect(refused?.reason).toMatchObject({ code: 'stale' });
  const decisions = await owner(`select name from event where entity_id = $1 and name <> 'ticket.filed'`, [ticket]);
  expect(decisions).toHaveLength(1);
});

given('of two who take a task at the same time, one has it and the other is told', async () => {
  const added = {
    name: 'task.add',
    input: { project: firm.acme.project, title: 'Taken at once' },
    requestId: 'a task',
  };
  const task = ((await runCommand(app, as(firm, firm.admin), added)).output as { id: string }).id;
  const take = (person: string) => () =>
    runCommand(app, as(firm, person), {
      name: 'task.take',
      input: { task, version: '1' },
      requestId: `taken at once by ${person}`,
    });

  const outcomes = await whileHeld('task', task, [take(firm.admin), take(firm.partner)]);

  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(outcomes.find((one) => one.status === 'rejected')?.reason).toMatchObject({ code: 'stale' });
  expect(await owner(`select from event where entity_id = $1 and name = 'task.taken'`, [task])).toHaveLength(1);
});

given('what happens while a channel is being mended is sent there: nobody takes it for broken still', async () => {
  const { room } = firm.acme;
  await owner(`update room set fault = 'The channel is archived.' where id = $1`, [room]);
  const ticket = await fileBug('filed while it is mended');
  const [event] = await owner(`select id from event where entity_id = $1`, [ticket]);
  await owner('begin');
  await owner('update room set fault = null where id = $1', [room]);

  const consumer = announcementConsumer(app, new Map([['slack', fakeChannel('slack')]]));
  const told = fanOut(app, [consumer], { tenantId: firm.tenantId, eventId: String(event?.id) });
  await allWait(owner, 1);
  await owner('commit');
  await told;

  expect(await owner('select state from posted_card where room_id = $1 and entity_id = $2', [room, ticket])).toEqual([
    { state: 'sending' },
  ]);
});

given('the same request twice at the same time takes effect once, and both are told its outcome', async () => {
  const input = { project: firm.acme.project, title: 'filed twice at once', description: 'It does nothing.' };
  const file = () =>
    runCommand(app, as(firm, firm.acme.approver), { name: 'ticket.file-bug', input, requestId: 'twice at once' });

  const outcomes = await whileHeld('project', firm.acme.project, [file, file]);

  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
  const replayed = outcomes.map((one) => one.status === 'fulfilled' && one.value.replayed);
  expect(replayed.sort()).toEqual([false, true]);
  expect(await owner(`select id from ticket where title = 'filed twice at once'`)).toHaveLength(1);
});

given('of the same decision twice at the same time, the second is answered with the first one’s outcome', async () => {
  const ticket = await fileBug('approved twice at once');
  const approve = () =>
    runCommand(app, as(firm, firm.admin), {
      name: 'ticket.approve',
      input: { ticket, version: '1' },
      requestId: 'approved twice at once by one press',
    });

  // Once the first is through, the second finds a card that has become old.
  const outcomes = await whileHeld('ticket', ticket, [approve, approve]);

  const replayed = outcomes.map((one) => one.status === 'fulfilled' && one.value.replayed);
  expect([outcomes.map(({ status }) => status), replayed.sort()]).toEqual([
    ['fulfilled', 'fulfilled'],
    [false, true],
  ]);
});

given(
  'of two acceptances of one quote at the same time, from chat and by mail, one holds and the other is told',
  async () => {
    const run = async (name: string, input: Record<string, unknown>) =>
      (await runCommand(app, as(firm, firm.admin), { name, input, requestId: `${name} of a race` })).output as {
        quote: string;
        version: number;
        hash: string;
      };
    const line = { text: 'Checkout', quantity: '1', price: '1000', vat: '19' };
    const place = { client: firm.acme.id, project: firm.acme.project };
    const { quote, version } = await run('quote.draft', { ...place, title: 'Shop', currency: 'EUR', ...line });
    const { hash } = await run('quote.send', { quote, version });
    const accept = (channel: 'slack' | 'email') => () =>
      runCommand(app, as(firm, firm.acme.approver, channel === 'slack' ? 'chat' : 'mail', channel), {
        name: 'quote.accept',
        input: { quote, hash, take: 'no' },
        requestId: `accepted at once by ${channel}`,
      });

    const outcomes = await whileHeld('quote', quote, [accept('slack'), accept('email')]);

    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(outcomes.find((one) => one.status === 'rejected')?.reason).toMatchObject({ code: 'conflict' });
    expect(await owner('select quote_id from quote_acceptance where quote_id = $1', [quote])).toHaveLength(1);
    expect(
      await owner(`select name from event where entity_id = $1 and name = 'quote.accepted'`, [quote]),
    ).toHaveLength(1);
  },
);

given(
  'of two approvals of one deliverable at the same time, from chat and by mail, one holds and the other is told',
  async () => {
    const run = async (name: string, input: Record<string, unknown>) =>
      (await runCommand(app, as(firm, firm.admin), { name, input, requestId: `${name} of a deliverable` }))
        .output as Record<'cycle' | 'id' | 'version' | 'hash', string>;
    const days = { startsOn: '2026-11-02', endsOn: '2026-11-27', deliverables: 'Basket' };
    const { cycle } = await run('cycle.plan', { project: firm.acme.project, name: 'Approved at once', ...days });
    const { id: deliverable, version } = await run('deliverable.plan', { cycle, name: 'Training' });
    const { hash } = await run('deliverable.share', { deliverable, version, link: 'https://example.com/draft' });
    const approve = (channel: 'slack' | 'email') => () =>
      runCommand(app, as(firm, firm.acme.approver, channel === 'slack' ? 'chat' : 'mail', channel), {
        name: 'deliverable.approve',
        input: { deliverable, hash: hash.slice(0, 22) },
        requestId: `a deliverable approved at once by ${channel}`,
      });

    const outcomes = await whileHeld('deliverable', deliverable, [approve('slack'), approve('email')]);

    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(outcomes.find((one) => one.status === 'rejected')?.reason).toMatchObject({ code: 'conflict' });
    expect(await owner('select from deliverable_decision where deliverable_id = $1', [deliverable])).toHaveLength(1);
  },
);

given(
  'of the two last approvers at the same time, one by chat and one by mail, each counts and the agreement comes about once',
  async () => {
    const run = async (who: Who, name: string, input: Record<string, unknown>) =>
      (await runCommand(app, who, { name, input, requestId: crypto.randomUUID() })).output as Record<
        'quote' | 'cycle' | 'hash' | 'version',
        string
      >;
    const { id: client, project, approver, clientAdmin, viewer } = firm.globex;
    const [admin, chat, mail] = [
      as(firm, firm.admin),
      as(firm, approver),
      as(firm, clientAdmin, 'mail', 'email'),
    ] as const;
    await owner(`update membership set role = 'approver' where person_id = $1`, [viewer]);
    await run(admin, 'approval.set-rule', { client, needed: '3' });
    const line = { text: 'Checkout', quantity: '1', price: '1000', vat: '19' };
    const drafted = await run(admin, 'quote.draft', { client, project, title: 'Shop', currency: 'EUR', ...line });
    const { quote, hash } = await run(admin, 'quote.send', { quote: drafted.quote, version: drafted.version });
    const days = { startsOn: '2026-12-01', endsOn: '2026-12-18' };
    const scope = await run(admin, 'cycle.plan', { project, name: 'Cart', ...days, deliverables: 'Cart' });
    const accept = (who: Who) => () => run(who, 'quote.accept', { quote, hash, take: 'no' });
    const approve = (who: Who) => () => run(who, 'cycle.approve', { cycle: scope.cycle, hash: scope.hash });
    await accept(as(firm, viewer))();
    await approve(as(firm, viewer))();

    const quoted = await whileHeld('quote', quote, [accept(chat), accept(mail)]);
    const agreed = await whileHeld('cycle', scope.cycle, [approve(chat), approve(mail)]);

    for (const outcomes of [quoted, agreed])
      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
    const counts = await owner(
      `select (select count(*)::int from quote_signature where quote_id = $1) as signed,
        (select count(*)::int from quote_acceptance where quote_id = $1) as accepted,
        (select count(*)::int from event where entity_id = $1 and name = 'quote.accepted') as told,
        (select count(*)::int from approval where cycle_id = $2 and side = 'client') as approved,
        (select count(*)::int from cycle_agreement where cycle_id = $2) as agreed`,
      [quote, scope.cycle],
    );
    expect(counts).toEqual([{ signed: 3, accepted: 1, told: 1, approved: 3, agreed: 1 }]);
    await run(admin, 'approval.set-rule', { client, needed: '1' });
    await owner(`update membership set role = 'viewer' where person_id = $1`, [viewer]);
  },
);

given('quotes that are drafted at the same time have one number each', async () => {
  const draft = (title: string) => () =>
    runCommand(app, as(firm, firm.admin), {
      name: 'quote.draft',
      input: {
        ...{ client: firm.acme.id, project: firm.acme.project, title, currency: 'EUR', text: 'Checkout' },
        ...{ quantity: '1', price: '1000', vat: '19' },
      },
      requestId: title,
    });

  const made = await Promise.all([1, 2, 3, 4, 5].map((one) => draft(`at once ${one}`)()));

  const numbers = made.map(({ output }) => (output as { number: number }).number).sort((a, b) => a - b);
  expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index));
});

given('hours that are changed while the client signs them are signed as they are, or not at all', async () => {
  const run = async (who: string, name: string, input: Record<string, unknown>) =>
    (await runCommand(app, as(firm, who), { name, input, requestId: crypto.randomUUID() })).output as {
      period: string;
      hash: string;
    };
  const worked = { project: firm.acme.project, time: '2h', note: 'Fixed the header' };
  const { period } = await run(firm.member, 'hours.log', worked);
  const { hash } = await run(firm.admin, 'period.send', { period, version: '2' });

  const outcomes = await whileHeld('hours_period', period, [
    () => run(firm.acme.approver, 'period.sign', { period, hash }),
    () => run(firm.member, 'hours.log', { ...worked, time: '30m' }),
  ]);

  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  const code = outcomes[0]?.status === 'fulfilled' ? 'conflict' : 'stale';
  expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code } });
});

given(
  'more hours that are approved while the month is signed are part of what is signed, or not approved',
  async () => {
    const run = async (who: string, name: string, input: Record<string, unknown>) =>
      (await runCommand(app, as(firm, who), { name, input, requestId: crypto.randomUUID() })).output as Record<
        'period' | 'hash' | 'overrun',
        string
      >;
    const { otherProject: project, clientAdmin } = firm.acme;
    const { period } = await run(firm.admin, 'hours.set-budget', { project, month: '2020-03', budget: '2h' });
    await run(firm.member, 'hours.log', { project, time: '2h', note: 'Fixed the header', day: '2020-03-12' });
    const { overrun } = await run(firm.admin, 'period.ask-overrun', { period, time: '5h', reason: 'A second header' });
    const { hash } = await run(firm.admin, 'period.send', { period, version: '4' });

    const outcomes = await whileHeld('hours_overrun', overrun, [
      () => run(clientAdmin, 'period.sign', { period, hash }),
      () => run(clientAdmin, 'overrun.approve', { overrun, version: '1' }),
    ]);

    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const code = outcomes[0]?.status === 'fulfilled' ? 'conflict' : 'stale';
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code } });
  },
);

given('of one person no more is logged at the same time than their day has', async () => {
  const log = (project: string) => () =>
    runCommand(app, as(firm, firm.partner), {
      ...{ name: 'hours.log', input: { project, time: '15h', note: 'Both at once' }, requestId: crypto.randomUUID() },
    });

  const { project, otherProject } = firm.globex;
  const outcomes = await Promise.allSettled([log(project)(), log(otherProject)()]);

  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
});

given('of two payments of all that is due at the same time, one is recorded and the other is told', async () => {
  const run = async (name: string, input: Record<string, unknown>) =>
    (await runCommand(app, as(firm, firm.admin), { name, input, requestId: `${name} of a race` })).output as {
      invoice: string;
      version: number;
    };
  const line = { text: 'Checkout', quantity: '1', price: '1000', vat: '19' };
  const place = { client: firm.acme.id, project: firm.acme.project };
  const draft = await run('invoice.draft', { ...place, title: 'Shop', currency: 'EUR', ...line });
  const { invoice, version } = await run('invoice.issue', { invoice: draft.invoice, version: draft.version });
  const pay = (person: string) => () =>
    runCommand(app, as(firm, person), {
      name: 'invoice.record-payment',
      input: { invoice, version, amount: '1190.00', day: '2026-11-02' },
      requestId: `paid at once by ${person}`,
    });

  const outcomes = await whileHeld('invoice', invoice, [pay(firm.admin), pay(firm.partner)]);

  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(outcomes.find((one) => one.status === 'rejected')?.reason).toMatchObject({ code: 'stale' });
  expect(await owner(`select from invoice_entry where invoice_id = $1 and kind = 'payment'`, [invoice])).toHaveLength(
    1,
  );
});

given('of the deposit and of all that a quote bills, asked for at the same time, one is billed', async () => {
  const run = async (who: string, name: string, input: Record<string, unknown>) =>
    (await runCommand(app, as(firm, who), { name, input, requestId: crypto.randomUUID() })).output as {
      quote: string;
      version: number;
      hash: string;
    };
  const line = { text: 'Checkout', quantity: '1', price: '1000', vat: '19' };
  const place = { client: firm.acme.id, project: firm.acme.project };
  const draft = { ...place, title: 'Shop', currency: 'EUR', ...line };
  const { quote, version } = await run(firm.admin, 'quote.draft', draft);
  const terms = { title: 'Shop', expiresOn: '2999-12-31', deposit: '30 %' };
  const set = await run(firm.admin, 'quote.set-terms', { quote, version, ...terms });
  const { hash } = await run(firm.admin, 'quote.send', { quote, version: set.version });
  await run(firm.acme.approver, 'quote.accept', { quote, hash, take: 'none' });
  const bill = (what: string) => () => run(firm.admin, 'invoice.bill-quote', { quote, what });

  const outcomes = await whileHeld('quote', quote, [bill('deposit'), bill('once')]);

  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(outcomes.find((one) => one.status === 'rejected')?.reason).toMatchObject({ code: 'conflict' });
  expect(await owner('select from invoice where quote_id = $1', [quote])).toHaveLength(1);
});

given('of two who bill one month’s hours at the same time, one does and the other is told', async () => {
  const run = async (who: string, name: string, input: Record<string, unknown>) =>
    (await runCommand(app, as(firm, who), { name, input, requestId: crypto.randomUUID() })).output as {
      period: string;
      invoice: string;
    };
  const worked = { project: firm.acme.project, time: '2h', note: 'Fixed the header', day: '2019-03-12' };
  const { period } = await run(firm.admin, 'hours.log', worked);
  const bill = (who: string) => () =>
    run(who, 'invoice.bill-hours', { period, price: '95', vat: '19', currency: 'EUR', unsigned: 'yes' });

  const outcomes = await whileHeld('hours_period', period, [bill(firm.admin), bill(firm.partner)]);

  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(outcomes.find((one) => one.status === 'rejected')?.reason).toMatchObject({ code: 'conflict' });
  expect(
    await owner(`select from invoice where content -> 'lines' @> $1`, [JSON.stringify([{ hours: { period } }])]),
  ).toHaveLength(1);
});

given('a period that two processes bill at the same time is billed once', async () => {
  const run = async (who: string, name: string, input: Record<string, unknown>) =>
    (await runCommand(app, as(firm, who), { name, input, requestId: crypto.randomUUID() })).output as {
      quote: string;
      subscription: string;
      version: number;
      hash: string;
    };
  const line = { text: 'Hosting', quantity: '1', price: '100', vat: '19' };
  const place = { client: firm.acme.id, project: firm.acme.project };
  const { quote, version } = await run(firm.admin, 'quote.draft', {
    ...place,
    title: 'Hosting',
    currency: 'EUR',
    ...line,
  });
  const added = await run(firm.admin, 'quote.add-line', { quote, version, ...line, billed: 'monthly' });
  const { hash } = await run(firm.admin, 'quote.send', { quote, version: added.version });
  await run(firm.acme.approver, 'quote.accept', { quote, hash, take: 'none' });
  const { subscription } = await run(firm.admin, 'subscription.begin', { quote, every: 'monthly' });
  const system = { kind: 'system', tenantId: firm.tenantId, reason: 'subscriptions' } as const;
  const bill = (requestId: string) => () =>
    runCommand(app, system, { name: 'subscription.bill', input: { subscription }, requestId });

  // Under names of their own: the same name would be answered with the first one’s outcome.
  const outcomes = await whileHeld('subscription', subscription, [bill('billed by one'), bill('billed by another')]);

  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(outcomes.find((one) => one.status === 'rejected')?.reason).toMatchObject({ code: 'conflict' });
  expect(await owner('select from subscription_period where subscription_id = $1', [subscription])).toHaveLength(1);
});

given('of many wrong codes at the same time, no more are tried than one after the other', async () => {
  const system = { kind: 'system', tenantId: firm.tenantId, reason: 'linking' } as const;
  const sender = { provider: 'slack', account: firm.tenantId, externalId: 'U-guesser' };
  const email = `${firm.acme.viewer}@example.com`;
  const asked = { name: 'identity.request-code', input: { ...sender, email }, requestId: 'a code' };
  const link = ((await runCommand(app, system, asked)).output as { id: string }).id;
  const guess = (code: number) => () =>
    runCommand(app, system, {
      name: 'identity.confirm-code',
      input: { ...sender, link, code: String(code).padStart(8, '0') },
      requestId: `guess ${code}`,
    });

  // One is tried beforehand, so that four are left; as many at a time as may wait for one thing.
  await guess(0)();
  for (const first of [1, 4]) await whileHeld('link_code', link, [guess(first), guess(first + 1), guess(first + 2)]);

  const [row] = await owner('select attempts from link_code where id = $1', [link]);
  expect(row).toEqual({ attempts: 5 });
});

given('a connection keeps its deadlines, whatever transactions it has carried', async () => {
  await fileBug('before the deadlines are asked');

  const { rows } = await app.database.pool.query(
    `select name, setting from pg_settings where name in ('lock_timeout', 'statement_timeout') order by name`,
  );

  expect(rows).toEqual([
    { name: 'lock_timeout', setting: '1500' },
    { name: 'statement_timeout', setting: '15000' },
  ]);
});
