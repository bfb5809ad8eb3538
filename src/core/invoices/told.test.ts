import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TestApp } from '../../testing/app.ts';
import { testApp } from '../../testing/app.ts';
import type { FakeChannel } from '../../testing/channel.ts';
import { fakeChannel } from '../../testing/channel.ts';
import type { TestFirm } from '../../testing/firm.ts';
import { as, makeFirm } from '../../testing/firm.ts';
import { runJobs } from '../../testing/worker.ts';
import { withActor } from '../kernel/context.ts';
import { runCommand } from '../kernel/registry.ts';
import { invoiceSchedule } from './schedule.ts';

let app: TestApp;
let firm: TestFirm;
let slack: FakeChannel;
let count = 0;

beforeAll(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
  slack = fakeChannel('slack');
});
afterAll(() => app.close());

async function run(name: string, input: Record<string, unknown>) {
  const request = { name, input, requestId: `test ${++count}` };
  return (await runCommand(app, as(firm, firm.admin), request)).output as { invoice: string; version: number };
}

/** What stands in the client's room once everybody was told. */
async function inRoom(): Promise<(string | undefined)[]> {
  await runJobs(app, new Map([[slack.name, slack]]));
  return slack.in(firm.acme.room).map(({ card }) => card.status);
}

/** Runs what the clock asks for of one invoice. */
async function sweep(invoice: string): Promise<void> {
  const system = { kind: 'system', tenantId: firm.tenantId, reason: 'invoices' } as const;
  const due = await withActor(app, system, (context) => invoiceSchedule.due(context, [invoice]));
  for (const request of due) await runCommand(app, system, request);
}

test('a client is told when an invoice is issued, reminded of, sent again and paid, and of no draft', async () => {
  const place = { client: firm.acme.id, project: firm.acme.project, currency: 'EUR', title: 'Shop' };
  const draft = await run('invoice.draft', { ...place, text: 'Checkout', quantity: '1', price: '100', vat: '19' });
  const { invoice } = draft;
  expect(await inRoom()).toEqual([]);

  const open = await run('invoice.issue', { invoice, version: draft.version });
  expect(await inRoom()).toEqual(['Open']);

  // A part: what stands there changes, and nothing more is posted.
  const today = app.clock.now().toISOString().slice(0, 10);
  const paid = { invoice, amount: '19.00', day: today };
  const part = await run('invoice.record-payment', { ...paid, version: open.version });
  expect(await inRoom()).toEqual(['Partly paid']);

  app.clock.jump(30 * 86_400_000);
  await sweep(invoice);
  // The last reminder, as a message of its own; of what stands there already, the state follows from the day.
  expect(await inRoom()).toEqual(['Overdue', 'Overdue']);

  await run('invoice.send-again', { invoice });
  expect(await inRoom()).toEqual(['Overdue', 'Overdue', 'Overdue']);

  await run('invoice.record-payment', { ...paid, amount: '100.00', version: part.version });
  const told = await inRoom();
  expect(told.slice(0, 3)).toEqual(['Paid', 'Paid', 'Paid']);
  await sweep(invoice);
  expect(await inRoom()).toEqual(told);
});
