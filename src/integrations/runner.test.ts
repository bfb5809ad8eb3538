import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { withActor } from '../core/kernel/context.ts';
import type { Event } from '../core/kernel/event.ts';
import type { TestApp } from '../testing/app.ts';
import { testApp } from '../testing/app.ts';
import { environmentOnly } from '../testing/connectors.ts';
import { asOwner } from '../testing/database.ts';
import type { TestFirm } from '../testing/firm.ts';
import { makeFirm } from '../testing/firm.ts';
import type { Connector } from './connector.ts';
import type { Connectors, PushJob } from './runner.ts';
import { pushConsumer } from './runner.ts';

let app: TestApp;
let firm: TestFirm;
let other: TestFirm;
let connectors: Connectors;

beforeAll(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
  other = await makeFirm(app.database, 'Another Studio');
  const wanted = { jira: 'ticket.replied', linear: 'ticket.replied', books: 'invoice.paid' };
  connectors = new Map(
    Object.entries(wanted).map(([name, event]) => [
      name,
      environmentOnly(app, { name, account: name } as Connector, (one) => one.name === event),
    ]),
  );
});
afterAll(() => app.close());

const owner = (text: string, values?: unknown[]) => asOwner(app.database)(text, values);
const connected = (of: TestFirm, tool: string, account: string, client: string | null = null) =>
  owner('insert into connection (tenant_id, id, tool, account, client_id) values ($1, gen_random_uuid(), $2, $3, $4)', [
    of.tenantId,
    tool,
    account,
    client,
  ]);

beforeEach(async () => {
  await owner(`delete from connection where tool <> 'slack'; delete from external_ref`);
  for (const tool of connectors.keys()) await connected(firm, tool, tool);
});

const TICKET = crypto.randomUUID();

function event(actor: Partial<Event['actor']>, more: Partial<Event> = {}): Event {
  const about = { entity: 'ticket', id: TICKET };
  const { tenantId, acme } = firm;
  return { tenantId, id: 'e1', name: 'ticket.replied', about, clientId: acme.id, actor, ...more } as Event;
}

async function jobsOf(of: Event) {
  const who = { kind: 'system', tenantId: of.tenantId, reason: 'test' } as const;
  return withActor(app, who, async ({ sql, now }) => pushConsumer(connectors).jobs(of, sql, now));
}

const toldTo = async (of: Event) =>
  (await jobsOf(of)).map(({ queue, key, data }) => [queue, key, (data as PushJob).connector]);
const accountsOf = async (of: Event) => (await jobsOf(of)).map(({ data }) => (data as PushJob).account);

describe('a fact', () => {
  test('of a person is told to every tool that wants it, in order per thing', async () => {
    expect(await toldTo(event({ kind: 'person' }))).toEqual([
      ['push', `jira:${TICKET}`, 'jira'],
      ['push', `linear:${TICKET}`, 'linear'],
    ]);
  });

  test('that came from a tool is told to the others, never to itself', async () => {
    expect(await toldTo(event({ kind: 'integration', connector: 'jira' }))).toEqual([
      ['push', `linear:${TICKET}`, 'linear'],
    ]);
  });

  test('is told to no account of another firm, and to nobody where no tool is connected', async () => {
    await connected(other, 'jira', 'other.example');
    expect(await accountsOf(event({ kind: 'person' }, { tenantId: other.tenantId, clientId: null }))).toEqual([
      'other.example',
    ]);

    await owner(`delete from connection where tool <> 'slack'`);
    expect(await accountsOf(event({ kind: 'person' }))).toEqual([]);
  });

  test('goes to the account of its client before that of the firm, and never to another client’s', async () => {
    await connected(firm, 'jira', 'acme.example', firm.acme.id);

    expect(await accountsOf(event({ kind: 'person' }))).toEqual(['acme.example', 'linear']);
    expect(await accountsOf(event({ kind: 'person' }, { clientId: firm.globex.id }))).toEqual(['jira', 'linear']);
  });

  test('goes on to the account that has the thing already', async () => {
    await connected(firm, 'jira', 'acme.example', firm.acme.id);
    await owner(
      `insert into external_ref (tenant_id, id, tool, account, entity, entity_id, client_id, external_id)
       values ($1, gen_random_uuid(), 'jira', 'jira', 'ticket', $2, $3, '1')`,
      [firm.tenantId, TICKET, firm.acme.id],
    );

    expect(await accountsOf(event({ kind: 'person' }))).toEqual(['jira', 'linear']);
  });

  test('is not told where Parley was removed', async () => {
    await owner(`update connection set status = 'revoked' where tool = 'jira'`);
    expect(await accountsOf(event({ kind: 'person' }))).toEqual(['linear']);
  });
});
