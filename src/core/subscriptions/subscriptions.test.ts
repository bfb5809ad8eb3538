import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TestApp } from '../../testing/app.ts';
import { testApp } from '../../testing/app.ts';
import type { FakeChannel } from '../../testing/channel.ts';
import { fakeChannel } from '../../testing/channel.ts';
import { asOwner } from '../../testing/database.ts';
import type { TestFirm } from '../../testing/firm.ts';
import { as, makeFirm } from '../../testing/firm.ts';
import { runJobs } from '../../testing/worker.ts';
import type { Who } from '../kernel/actor.ts';
import { buttonsOf } from '../kernel/card.ts';
import { withActor } from '../kernel/context.ts';
import { runCommand, showView } from '../kernel/registry.ts';
import { subscriptionSchedule } from './schedule.ts';

interface Done {
  quote: string;
  subscription: string;
  invoice: string;
  version: number;
  hash: string;
  say: string;
}

let app: TestApp;
let firm: TestFirm;
let staff: Who;
let approver: Who;
let system: Who;
let slack: FakeChannel;
let count = 0;

beforeAll(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
  slack = fakeChannel('slack');
  staff = as(firm, firm.admin);
  approver = as(firm, firm.acme.approver, 'mail', 'email');
  system = { kind: 'system', tenantId: firm.tenantId, reason: 'test' };
  goTo('2026-01-31T15:00:00Z');
});
afterAll(() => app.close());

/** Sets the hub's clock; the tests of a file run in their order. */
function goTo(instant: string): void {
  app.clock.jump(Date.parse(instant) - app.clock.now().getTime());
}

const owner = (text: string, values: unknown[] = []) => asOwner(app.database)(text, values);
const run = async (who: Who, name: string, input: Record<string, unknown>) =>
  (await runCommand(app, who, { name, input, requestId: `test ${++count}` })).output as Done;
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'was allowed',
    (error: { code: string; say: string; detail: { fields?: object } }) => error,
  );
const show = (who: Who, subscription: string) =>
  showView(app, who, { target: 'subscription.show', input: { subscription } });

const LINE = { quantity: '2', price: '50.00', vat: '19' };

/** A quote with lines that come again, accepted; and what follows from that is done. */
async function accepted(lines: Record<string, string>[]): Promise<string> {
  const place = { client: firm.acme.id, project: firm.acme.project, currency: 'EUR', title: 'Hosting' };
  const draft = await run(staff, 'quote.draft', { ...place, ...LINE, text: 'Set-up' });
  let { version } = draft;
  for (const line of lines)
    ({ version } = await run(staff, 'quote.add-line', { quote: draft.quote, version, ...LINE, ...line }));
  const { hash } = await run(staff, 'quote.send', { quote: draft.quote, version });
  await run(approver, 'quote.accept', { quote: draft.quote, hash, take: 'none' });
  await runJobs(app, new Map([[slack.name, slack]]));
  return draft.quote;
}

const subscriptionsOf = async (quote: string) =>
  (await owner('select id, every, billed, status, version from subscription where quote_id = $1 order by every', [
    quote,
  ])) as unknown as { id: string; every: string; billed: number; status: string; version: number }[];
const periodsOf = async (subscription: string) =>
  (
    await owner('select begins_on::text as day from subscription_period where subscription_id = $1 order by 1', [
      subscription,
    ])
  ).map(({ day }) => day);

/** Runs what the clock asks for, as the hub does every few minutes. */
async function sweep(): Promise<number> {
  const rows = await owner('select id from parley_due_subscriptions($1) where tenant_id = $2', [
    app.clock.now(),
    firm.tenantId,
  ]);
  const ids = rows.map(({ id }) => String(id));
  const due = ids.length ? await withActor(app, system, (context) => subscriptionSchedule.due(context, ids)) : [];
  for (const request of due) await runCommand(app, system, request);
  return due.length;
}

describe('what a client accepts that comes again and again', () => {
  test('is billed from that day on: a draft for each period, on the client’s calendar, and no period twice', async () => {
    const quote = await accepted([
      { text: 'Hosting', billed: 'monthly' },
      { text: 'Backups', billed: 'monthly' },
    ]);
    const [one, ...others] = await subscriptionsOf(quote);
    expect([one?.every, others]).toEqual(['monthly', []]);
    const id = String(one?.id);

    expect(await sweep()).toBe(1);
    expect(await sweep()).toBe(0);

    expect(await periodsOf(id)).toEqual(['2026-01-31']);
    const [row] = await owner(
      `select i.status, i.content, i.gross::int as gross from invoice i join subscription_period p on p.invoice_id = i.id where p.subscription_id = $1`,
      [id],
    );
    expect(row).toMatchObject({ status: 'draft', gross: 23_800 });
    expect((row?.content as { lines: { text: string }[] } | undefined)?.lines.map(({ text }) => text)).toEqual([
      'Hosting, 31 Jan 2026 to 27 Feb 2026',
      'Backups, 31 Jan 2026 to 27 Feb 2026',
    ]);
    // In New York the 28th begins five hours later than in London.
    goTo('2026-02-28T04:59:00Z');
    expect(await sweep()).toBe(0);
    goTo('2026-02-28T05:00:00Z');
    expect(await sweep()).toBe(1);
    expect(await periodsOf(id)).toEqual(['2026-01-31', '2026-02-28']);
  });

  test('is billed for each period that was missed while the hub was off', async () => {
    const [{ id }] = (await owner(`select id from subscription where tenant_id = $1 and status = 'running'`, [
      firm.tenantId,
    ])) as [{ id: string }];
    goTo('2026-06-01T12:00:00Z');

    expect(await sweep()).toBe(1);

    const missed = ['2026-03-31', '2026-04-30', '2026-05-31'];
    expect(await periodsOf(id)).toEqual(['2026-01-31', '2026-02-28', ...missed]);
    expect(await sweep()).toBe(0);
    const asked = { name: 'subscription.bill', input: { subscription: id }, requestId: 'once more' };
    expect(await refusal(runCommand(app, system, asked))).toMatchObject({ code: 'conflict' });
  });

  test('is one subscription for each interval, and none where nothing comes again or an option was not taken', async () => {
    const quote = await accepted([
      { text: 'Hosting', billed: 'monthly' },
      { text: 'Domain', billed: 'yearly' },
      { text: 'Audit', billed: 'quarterly', optional: 'yes' },
    ]);

    expect((await subscriptionsOf(quote)).map(({ every }) => every)).toEqual(['monthly', 'yearly']);
    expect(await subscriptionsOf(await accepted([{ text: 'Photos', billed: 'completion' }]))).toEqual([]);
    expect(await refusal(run(staff, 'subscription.begin', { quote, every: 'monthly' }))).toMatchObject({
      say: expect.stringContaining('begun already'),
    });
    expect(await refusal(run(staff, 'subscription.begin', { quote, every: 'quarterly' }))).toMatchObject({
      say: expect.stringContaining('Nothing of'),
    });
    for (const { id, version } of await subscriptionsOf(quote))
      await run(staff, 'subscription.end', { subscription: id, version, reason: 'Only for this test' });
  });

  test('begins on another day where somebody says so, and not before it was agreed on', async () => {
    const quote = await accepted([{ text: 'Hosting', billed: 'monthly' }]);
    await owner('delete from subscription where quote_id = $1', [quote]);
    const begin = (from: string) => run(staff, 'subscription.begin', { quote, every: 'monthly', from });

    expect(await refusal(begin('2026-05-31'))).toMatchObject({ detail: { fields: { from: expect.any(String) } } });
    expect(await refusal(begin('2036-01-01'))).toMatchObject({ detail: { fields: { from: expect.any(String) } } });
    const { subscription, version } = await begin('2026-07-01');

    expect(await sweep()).toBe(0);
    await run(staff, 'subscription.end', { subscription, version, reason: 'Only for this test' });
    expect(await periodsOf(subscription)).toEqual([]);
  });
});

describe('a subscription', () => {
  test('is ended by the firm with a reason that the client is told; what has begun is billed, and nothing after it', async () => {
    const quote = await accepted([{ text: 'Hosting', billed: 'monthly' }]);
    const [it] = await subscriptionsOf(quote);
    const end = { subscription: String(it?.id), version: it?.version, reason: 'You moved to another host' };
    for (const who of [approver, as(firm, firm.acme.clientAdmin), as(firm, firm.acme.viewer)])
      expect(await refusal(run(who, 'subscription.end', end))).toMatchObject({
        code: expect.stringMatching(/forbidden|not_found/),
      });

    await run(staff, 'subscription.end', end);
    await runJobs(app, new Map([[slack.name, slack]]));

    expect(await periodsOf(end.subscription)).toHaveLength(1);
    const told = slack.in(firm.acme.room).map(({ card }) => JSON.stringify(card));
    expect(told.some((card) => card.includes('You moved to another host'))).toBe(true);
    goTo('2026-12-01T12:00:00Z');
    await sweep();
    expect(await periodsOf(end.subscription)).toHaveLength(1);
    expect(await refusal(run(staff, 'subscription.end', { ...end, version: undefined }))).toMatchObject({
      code: 'invalid',
    });
    const again = { ...end, version: Number(end.version) + 1 };
    expect(await refusal(run(staff, 'subscription.end', again))).toMatchObject({ code: 'conflict' });
  });

  test('is read by the client, who hears nothing of drafts', async () => {
    const [{ id }] = (await owner(
      `select id from subscription where tenant_id = $1 and status = 'running' order by created_at limit 1`,
      [firm.tenantId],
    )) as [{ id: string }];
    const [own, theirs] = [await show(staff, id), await show(approver, id)];

    expect(JSON.stringify(own)).toContain('Periods billed');
    expect(JSON.stringify(theirs)).not.toContain('Periods billed');
    expect(buttonsOf(theirs).map(({ press }) => press.target)).not.toContain('subscription.end');
    for (const who of [as(firm, firm.globex.approver), as(firm, firm.globex.clientAdmin)])
      expect(await refusal(show(who, id))).toMatchObject({ code: 'not_found' });
  });

  test('stays as it was agreed on, whoever writes, and no period has two invoices', async () => {
    const [{ id, invoice }] = (await owner(
      `select s.id, p.invoice_id as invoice from subscription s join subscription_period p on p.subscription_id = s.id where s.tenant_id = $1 limit 1`,
      [firm.tenantId],
    )) as [{ id: string; invoice: string }];
    const kept = (set: string) =>
      expect(owner(`update subscription set ${set} where id = $1`, [id])).rejects.toMatchObject({ code: '23514' });

    await kept(`content = '{}'`);
    await kept(`starts_on = '2020-01-01'`);
    await kept('billed = 0');
    await owner(
      `update subscription set status = 'ended', look_at = null, ended_by_name = 'Ada', ended_at = now(), reason = 'x' where id = $1`,
      [id],
    );
    await kept(`status = 'running', look_at = now(), ended_by_name = null, ended_at = null, reason = null`);
    await expect(
      owner(
        `insert into subscription_period (tenant_id, client_id, project_id, subscription_id, begins_on, invoice_id)
         select tenant_id, client_id, project_id, subscription_id, begins_on, $2 from subscription_period where subscription_id = $1`,
        [id, invoice],
      ),
    ).rejects.toMatchObject({ code: '23505' });
  });
});
