import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Delivery, InboxJob } from '../src/core/kernel/inbox.ts';
import type { Job } from '../src/core/kernel/jobs.ts';
import type { TestApp } from '../src/testing/app.ts';
import { testApp } from '../src/testing/app.ts';
import { asOwner } from '../src/testing/database.ts';
import { makeFirm } from '../src/testing/firm.ts';
import { storingTogether } from './together.ts';

const of = { tool: 'tool', account: 'acme' };

let app: TestApp;
/** The deliveries that each transaction gave to the workers. */
let transactions: string[][];

beforeAll(async () => {
  app = await testApp();
  const { tenantId } = await makeFirm(app.database);
  await asOwner(app.database)('insert into connection (tenant_id, id, tool, account) values ($1, $2, $3, $4)', [
    tenantId,
    crypto.randomUUID(),
    of.tool,
    of.account,
  ]);
});
afterAll(() => app.close());

beforeEach(() => {
  transactions = [];
  app.jobs.enqueue = (_ending, jobs) => {
    transactions.push(jobs.flatMap(({ data }: Job) => (data as InboxJob).ids));
  };
});

function delivery(deliveryId: string, more: Partial<Delivery> = {}): Delivery {
  return {
    source: of.tool,
    ...of,
    deliveryId,
    kind: 'thing.changed',
    headers: { 'user-agent': 'ü' },
    body: Buffer.from([0, 255, 10]),
    ...more,
  };
}

async function stored(prefix: string) {
  return asOwner(app.database)(
    'select delivery_id, status, body, headers from inbox where delivery_id like $1 order by seq',
    [`${prefix}%`],
  );
}

test('one that comes alone does not wait', async () => {
  const store = storingTogether(app, of);

  expect(await store(delivery('alone'))).toBe('stored');

  expect(transactions.map(({ length }) => length)).toEqual([1]);
  expect(await stored('alone')).toMatchObject([
    { status: 'waiting', headers: { 'user-agent': 'ü' }, body: new Uint8Array([0, 255, 10]) },
  ]);
});

test('what comes while a transaction is under way shares the next one', async () => {
  const store = storingTogether(app, of);

  const answers = await Promise.all(Array.from({ length: 120 }, (_, index) => store(delivery(`many-${index}`))));

  expect(answers).toEqual(answers.map(() => 'stored'));
  expect(transactions.map(({ length }) => length).sort((a, b) => a - b)).toEqual([20, 50, 50]);
  expect(await stored('many-')).toHaveLength(120);
});

test('the same delivery twice in one transaction is stored once and kept once as a duplicate', async () => {
  const store = storingTogether(app, of);

  const answers = await Promise.all(['x', 'x', 'x', 'y', 'x', 'y'].map((id) => store(delivery(`same-${id}`))));

  expect([...answers].sort()).toEqual(['duplicate', 'duplicate', 'duplicate', 'duplicate', 'stored', 'stored']);
  expect((await stored('same-')).map(({ status }) => status).sort()).toEqual([
    'duplicate',
    'duplicate',
    'duplicate',
    'duplicate',
    'waiting',
    'waiting',
  ]);
});

test('large bodies do not share', async () => {
  const store = storingTogether(app, of);
  const body = Buffer.alloc(4 * 1024 * 1024, 'x');

  await Promise.all(Array.from({ length: 6 }, (_, index) => store(delivery(`large-${index}`, { body }))));

  expect(Math.max(...transactions.map(({ length }) => length))).toBe(2);
});

test('one that the database refuses does not take its neighbours along', async () => {
  const store = storingTogether(app, of);
  const ids = ['a', 'b', 'c', 'd', 'e'].map((id) => `near-${id}`);

  const answers = await Promise.allSettled(
    // Longer than the index of delivery ids takes; the webhooks' door would have shortened it.
    ids.map((id) => store(delivery(id === 'near-d' ? `${id} ${randomBytes(8_000).toString('hex')}` : id))),
  );

  expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  expect(await stored('near-')).toHaveLength(4);
});

test('when the database cannot be reached, all are told, and what comes later is stored', async () => {
  const store = storingTogether(app, of);
  const { connect } = app.database.pool;
  app.database.pool.connect = (() =>
    Promise.reject(Object.assign(new Error('gone'), { code: 'ECONNREFUSED' }))) as typeof connect;
  const answers = await Promise.allSettled(['a', 'b', 'c', 'd'].map((id) => store(delivery(`gone-${id}`))));
  app.database.pool.connect = connect;

  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'rejected']);
  expect(await store(delivery('gone-a'))).toBe('stored');
});

test('nothing is stored for an account that no firm connected', async () => {
  const store = storingTogether(app, { tool: 'tool', account: 'nobody' });

  expect(await store(delivery('nobody', { account: 'nobody' }))).toBeNull();

  expect(await stored('nobody')).toEqual([]);
});
