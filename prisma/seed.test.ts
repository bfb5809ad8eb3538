import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TestApp } from '../src/testing/app.ts';
import { testApp } from '../src/testing/app.ts';
import { asOwner } from '../src/testing/database.ts';
import type { DemoPlaces } from './demo-firm.ts';
import { DEMO_CLIENTS, DEMO_FIRM, DEMO_PEOPLE } from './demo-firm.ts';
import { seed } from './seed.ts';

const PLACES: DemoPlaces = {
  slack: { team: 'T1', users: { priya: 'U1', ada: 'U2' }, channels: { juniper: 'C1', fathom: 'C2', triage: 'C3' } },
  teams: {
    tenant: 'M1',
    serviceUrl: 'http://127.0.0.1:1/',
    users: { marcus: '29:1' },
    chats: { juniper: '19:1', studio: '19:2' },
  },
  discord: {
    guild: '100000000000000001',
    users: { priya: '100000000000000002' },
    channels: { juniper: '100000000000000003' },
  },
  email: { account: 'reply@northwind.example' },
  jira: { account: '127.0.0.1:1' },
};

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());

const count = async (table: string) =>
  Number((await asOwner(app.database)(`select count(*) as n from ${table}`))[0]?.n);
const TABLES = [
  'client',
  'person',
  'identity',
  'project',
  'phase',
  'membership',
  'room',
  'connection',
  'cycle',
  'cycle_version',
  'approval',
  'ticket',
  'ticket_message',
  'quote',
  'requirement',
  'hours_period',
  'billing_party',
  'event',
  'audit',
];
const counts = async () =>
  Object.fromEntries(await Promise.all(TABLES.map(async (table) => [table, await count(table)])));

test('founds the firm with a cycle in every state, and changes nothing when it runs again', async () => {
  expect(await seed(app, PLACES)).toBe(DEMO_FIRM.id);
  const first = await counts();

  expect(first).toMatchObject({
    client: Object.keys(DEMO_CLIENTS).length,
    person: Object.keys(DEMO_PEOPLE).length,
    project: 3,
    cycle: 6,
    quote: 1,
    requirement: 2,
    hours_period: 5,
    ticket: 4,
  });
  const statuses = await asOwner(app.database)('select status from cycle order by status');
  expect(new Set(statuses.map(({ status }) => status))).toEqual(
    new Set(['completed', 'in_progress', 'in_review', 'upcoming']),
  );

  app.clock.jump(9 * 86_400_000);
  await seed(app, PLACES);
  expect(await counts()).toEqual(first);
});
