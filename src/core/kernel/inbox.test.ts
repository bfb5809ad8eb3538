import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TestApp } from '../../testing/app.ts';
import { testApp } from '../../testing/app.ts';
import { asOwner } from '../../testing/database.ts';
import type { TestFirm } from '../../testing/firm.ts';
import { makeFirm } from '../../testing/firm.ts';
import { DomainError } from './errors.ts';
import type { InboxItem, InboxJob, Worked } from './inbox.ts';
import { askAgain, storeDeliveries, workDelivery, workInbox } from './inbox.ts';

let app: TestApp;
let firm: TestFirm;

beforeAll(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
});
afterAll(() => app.close());

/** Stores deliveries with one commit; the job that works them. */
async function stored(...ids: string[]): Promise<InboxJob> {
  app.asked.length = 0;
  const deliveries = ids.map((deliveryId) => ({
    source: 'tool',
    account: 'acme',
    deliveryId,
    kind: 'thing.changed',
    headers: {},
    body: Buffer.from('{}'),
  }));
  await storeDeliveries(app, { tenantId: firm.tenantId }, deliveries);
  return app.asked[0]?.data as InboxJob;
}

const sourcesOf = (work: (item: InboxItem) => Promise<Worked>) => new Map([['tool', { name: 'tool', work }]]);

const statusOf = async (deliveryId: string) =>
  (
    await asOwner(app.database)('select status, outcome from inbox where tenant_id = $1 and delivery_id = $2', [
      firm.tenantId,
      deliveryId,
    ])
  )[0];

test('a delivery in quarantine is not worked again with those that came with it, only when somebody asks', async () => {
  const worked: string[] = [];
  const refusing = sourcesOf(async ({ deliveryId }) => {
    worked.push(deliveryId);
    if (deliveryId === 'bad') throw new DomainError('invalid', 'Nobody knows this.');
    return { status: 'applied', outcome: 'done' };
  });
  const job = await stored('good', 'bad');

  await workInbox(app, refusing, job, 0);
  await workInbox(app, refusing, job, 1);
  expect(worked).toEqual(['good', 'bad']);

  const [row] = await asOwner(app.database)(`select id from inbox where delivery_id = 'bad'`);
  expect(await askAgain(app, firm.tenantId, String(row?.id))).toBe(true);
  await workInbox(app, refusing, { tenantId: firm.tenantId, ids: [String(row?.id)] }, 0);
  expect(worked).toEqual(['good', 'bad', 'bad']);
  expect(await statusOf('bad')).toEqual({ status: 'quarantined', outcome: 'Nobody knows this.' });
});

test('one that is not in quarantine cannot be asked for again', async () => {
  const job = await stored('done before');
  await workInbox(
    app,
    sourcesOf(async () => ({ status: 'applied', outcome: 'done' })),
    job,
    0,
  );
  expect(await askAgain(app, firm.tenantId, String(job.ids[0]))).toBe(false);
  for (const id of [crypto.randomUUID(), 'no id at all']) expect(await askAgain(app, firm.tenantId, id)).toBe(false);
  expect(await statusOf('done before')).toMatchObject({ status: 'applied' });
});

test('what a worker that was given up says at last changes nothing of what another one did', async () => {
  const job = { tenantId: firm.tenantId, id: String((await stored('slow')).ids[0]) };
  let end: (worked: Worked) => void = () => undefined;
  const hanging = new Promise<Worked>((resolve) => {
    end = resolve;
  });
  let began: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => {
    began = resolve;
  });
  const slow = workDelivery(
    app,
    sourcesOf(() => {
      began();
      return hanging;
    }),
    job,
    0,
  );
  await begun;
  await workDelivery(
    app,
    sourcesOf(async () => ({ status: 'applied', outcome: 'by the other' })),
    job,
    1,
  );
  end({ status: 'quarantined', outcome: 'too late' });
  await slow;

  expect(await statusOf('slow')).toEqual({ status: 'applied', outcome: 'by the other' });
});

test('a delivery whose source is not set up here is kept, and says so', async () => {
  const job = await stored('for nobody');

  await workInbox(app, new Map(), job, 0);

  expect(await statusOf('for nobody')).toEqual({ status: 'quarantined', outcome: 'tool is not set up here' });
});
