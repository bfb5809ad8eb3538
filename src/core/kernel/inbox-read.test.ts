import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TestApp } from '../../testing/app.ts';
import { testApp } from '../../testing/app.ts';
import { asOwner } from '../../testing/database.ts';
import { makeFirm } from '../../testing/firm.ts';
import type { Delivery } from './inbox.ts';
import { storeDeliveries } from './inbox.ts';
import { countWithinTheHour, missingAmong, readBody, readDelivery } from './inbox-read.ts';

let app: TestApp;
let tenantId: string;
let another: string;

const owner = (text: string, values?: unknown[]) => asOwner(app.database)(text, values);
const delivery = (deliveryId: string, more: Partial<Delivery> = {}): Delivery => ({
  ...{ source: 'email', account: 'r@hub.example', deliveryId, kind: 'mail' },
  ...{ headers: { sender: 'ann@acme.example', verified: 'yes' }, body: Buffer.from('Hello') },
  ...more,
});
const idOf = async (deliveryId: string) =>
  String((await owner('select id from inbox where delivery_id = $1', [deliveryId]))[0]?.id);
const from = () => ({ tenantId, source: 'email', account: 'r@hub.example' });

beforeAll(async () => {
  app = await testApp();
  tenantId = (await makeFirm(app.database)).tenantId;
  another = (await makeFirm(app.database, 'Another Studio')).tenantId;
  await storeDeliveries(app, { tenantId }, [delivery('1'), delivery('2'), delivery('2')]);
});
afterAll(() => app.close());

test('a delivery is read by its id, in its own firm alone; a text that is no id names none', async () => {
  const id = await idOf('1');

  expect(await readDelivery(app, tenantId, id)).toMatchObject({ source: 'email', status: 'waiting', bytes: 5 });
  expect(String(await readBody(app, tenantId, id))).toBe('Hello');
  expect(await readDelivery(app, another, id)).toBeNull();
  expect(await readBody(app, another, id)).toHaveLength(0);
  expect(await readDelivery(app, tenantId, '1')).toBeNull();
});

test('what the inbox lacks is what came in no way, from that account', async () => {
  const some = [delivery('1'), delivery('2'), delivery('3')];

  expect((await missingAmong(app, from(), some)).map(({ deliveryId }) => deliveryId)).toEqual(['3']);
  expect(await missingAmong(app, { ...from(), account: 'other' }, some)).toHaveLength(3);
  expect(await missingAmong(app, { ...from(), tenantId: another }, some)).toHaveLength(3);
});

test('what came within the hour is counted by its headers, each once and whatever they hold', async () => {
  const count = (headers: Record<string, string>) => countWithinTheHour(app, from(), headers);
  const odd = { sender: 'a\0"b@acme.example', verified: 'yes' };
  await storeDeliveries(app, { tenantId }, [
    delivery('4', { headers: { sender: 'ann@acme.example', verified: 'no' } }),
    delivery('5', { headers: odd }),
    delivery('6', { account: 'other' }),
  ]);
  await owner(`update inbox set received_at = now() - interval '61 minutes' where delivery_id = '1'`);

  expect(await count({ sender: 'ann@acme.example', verified: 'yes' })).toBe(1);
  expect(await count(odd)).toBe(1);
  expect(await count({ sender: 'nobody@acme.example' })).toBe(0);
});
