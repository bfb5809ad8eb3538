import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Context } from '../core/kernel/context.ts';
import { withActor } from '../core/kernel/context.ts';
import type { TestApp } from '../testing/app.ts';
import { testApp } from '../testing/app.ts';
import { asOwner } from '../testing/database.ts';
import type { TestFirm } from '../testing/firm.ts';
import { makeFirm } from '../testing/firm.ts';
import { unsent } from './refs.ts';

const MANY = 2_000;
const ENTITY = 'ticket_message';

let app: TestApp;
let firm: TestFirm;
const ticket = crypto.randomUUID();

const owner = (text: string, values?: unknown[]) => asOwner(app.database)(text, values);
/** Notes messages as they are known in an account of the tool, under these names. */
const known = (account: string, name: string, bodies: string, values: unknown[]) =>
  owner(
    `insert into external_ref (tenant_id, id, tool, account, entity, entity_id, client_id, external_id)
     select tenant_id, gen_random_uuid(), 'jira', '${account}', '${ENTITY}', id, client_id, '${name}' || id from ticket_message where ${bodies}`,
    values,
  );

beforeAll(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
  const { tenantId, acme } = firm;
  await owner(
    `insert into ticket (tenant_id, id, client_id, project_id, kind, status, title, description, priority, reporter_id, reporter_name)
     values ($1, $2, $3, $4, 'bug', 'approved', 'Wrong', 'It is broken', 'normal', $5, 'Ann')`,
    [tenantId, ticket, acme.id, acme.project, acme.approver],
  );
  await owner(
    `insert into ticket_message (tenant_id, id, ticket_id, client_id, project_id, internal, by_name, side, channel, body, created_at)
     select $1, gen_random_uuid(), $2, $3, $4, n = 20, 'Ann', 'contact', case n when 30 then 'jira' else 'slack' end, 'Said ' || n,
       now() - (${MANY} - n) * interval '1 second'
     from generate_series(1, ${MANY}) n`,
    [tenantId, ticket, acme.id, acme.project],
  );
  const all = ['Said 7', 'Said 9', 'Said 20', 'Said 30', `Said ${MANY}`];
  await known('acme.example', 'c', 'body <> all($1)', [all]);
  // A try that may have got through, and what another account has.
  await known('acme.example', 'claim:', 'body = $1', ['Said 9']);
  await known('other.example', 'c', 'body = $1', ['Said 7']);
}, 60_000);
afterAll(() => app.close());

test('of a long thread only what the tool lacks is read, in its order: no notes, and nothing that came from the tool', async () => {
  const connection = { tenantId: firm.tenantId, tool: 'jira', account: 'acme.example' };
  const thing = app.registry.things.get('ticket');
  const who = { kind: 'integration', tenantId: firm.tenantId, connector: 'jira', account: 'acme.example' } as const;
  let rows = 0;
  const replies = await withActor(app, who, (context) => {
    const counting: Context['sql'] = async <R>(strings: TemplateStringsArray, ...values: unknown[]) => {
      const read = await context.sql<R>(strings, ...values);
      rows += read.length;
      return read;
    };
    const counted = Object.create(context, { sql: { value: counting } }) as Context;
    return thing ? unsent(counted, connection, thing, ticket, ENTITY) : Promise.reject(new Error('no tickets here'));
  });

  expect(replies.map(({ body }) => body)).toEqual(['Said 7', 'Said 9', `Said ${MANY}`]);
  expect(rows).toBe(3);
});
