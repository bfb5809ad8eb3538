import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { inTransaction } from '../core/kernel/db.ts';
import { assertProtection } from '../core/kernel/protection.ts';
import { acting, written } from './acting.ts';
import type { TestApp } from './app.ts';
import { testApp } from './app.ts';
import { asOwner } from './database.ts';
import { fillEveryTable } from './everything.ts';
import type { TestFirm } from './firm.ts';
import { as, makeFirm } from './firm.ts';
import type { FilledFirm } from './isolation.ts';
import { allRows, breaches, tenantTables, viewersOf } from './isolation.ts';

/** What every table of a project's data looks like. */
const OF_PROJECT = `tenant_id uuid not null references firm (id), id uuid not null, client_id uuid not null, project_id uuid not null,
  primary key (tenant_id, id), foreign key (tenant_id, client_id, project_id) references project (tenant_id, client_id, id)`;
const OF_CLIENT = `tenant_id uuid not null references firm (id), id uuid not null, client_id uuid not null,
  primary key (tenant_id, id), foreign key (tenant_id, client_id) references client (tenant_id, id)`;

/** Tables that an area might bring, each protected by one line. */
const SCRATCH = `
  create table guarantee (${OF_PROJECT}, internal boolean not null, note text, until date check (until > '2000-01-01'),
    status text not null check (status in ('open', 'used')), person_id uuid, by_name text,
    foreign key (tenant_id, person_id) references person (tenant_id, id));
  select parley_protect('guarantee', scope => 'project', contact_where => 'not internal', contact_update => '{note}',
    contact_insert => '{tenant_id, id, client_id, project_id, internal, status, person_id, by_name}', author => 'person_id');
  select parley_entity('guarantee');
  create table guarantee_part (${OF_PROJECT}, guarantee_id uuid not null,
    foreign key (tenant_id, guarantee_id) references guarantee (tenant_id, id));
  select parley_protect('guarantee_part', scope => 'project', firm => '{select, insert}');
  create table contract (${OF_CLIENT});
  select parley_protect('contract', scope => 'client');
  create table estimate (${OF_CLIENT});
  select parley_protect('estimate', scope => 'client', contacts => false);
  create table salary (tenant_id uuid not null references firm (id), id uuid not null, primary key (tenant_id, id));
  select parley_protect('salary', scope => 'firm');
  create table cursor_of_tool (tenant_id uuid not null references firm (id), id uuid not null, primary key (tenant_id, id));
  select parley_protect('cursor_of_tool', scope => 'system', firm => '{select, insert, update, delete}');`;
const NAMES = ['contract', 'cursor_of_tool', 'estimate', 'guarantee', 'guarantee_part', 'salary'];

let app: TestApp;
let firms: FilledFirm[];
let firm: TestFirm;
const owner = (text: string, values: unknown[] = []) => asOwner(app.database)(text, values);

beforeAll(async () => {
  app = await testApp();
  await owner(SCRATCH);
  firms = [];
  for (const name of ['Northwind Studio', 'Rival & Sons']) {
    const made = await makeFirm(app.database, name);
    firms.push({ firm: made, filled: await fillEveryTable(app.database, made) });
  }
  ({ firm } = firms[0] as FilledFirm);
});
afterAll(() => app.close());

async function walk(name: string): Promise<string[]> {
  const table = (await tenantTables(app)).find((one) => one.name === name);
  if (!table) throw new Error(`${name} is not in the matrix`);
  const rows = await allRows(app, table);
  const found: string[] = [];
  for (const viewer of firms.flatMap(viewersOf)) found.push(...(await breaches(app, table, viewer, rows)));
  return found;
}

describe('a new table that one line protects', () => {
  test('is found and filled by the isolation matrix, and shows every actor exactly what is theirs', async () => {
    for (const name of NAMES) {
      expect(await owner(`select count(distinct tenant_id)::int as firms from ${name}`)).toEqual([{ firms: 2 }]);
      expect({ name, found: await walk(name) }).toEqual({ name, found: [] });
    }
    expect(await owner('select distinct internal from guarantee order by 1')).toHaveLength(2);
  });

  test('has no policy that nobody would miss', async () => {
    const policies = await owner(
      `select policyname as name, tablename as table, array_to_string(roles, ', ') as roles from pg_policies
        where tablename = any($1) and permissive = 'PERMISSIVE' and roles <> '{parley_gate}'`,
      [NAMES],
    );
    expect(policies).toHaveLength(6 + 6 + 4 + 3 + 1 + 1);
    for (const { name, table, roles } of policies) {
      await owner(`alter policy ${name} on ${table} to parley_gate`);
      expect({ name, noticed: (await walk(String(table))).length > 0 }).toEqual({ name, noticed: true });
      await owner(`alter policy ${name} on ${table} to ${roles}`);
    }
  });

  test('lets a contact change the columns named and no other', async () => {
    const viewer = as(firm, firm.acme.viewer);
    await acting(app, viewer, (attempt) => attempt(`update guarantee set note = 'Seen'`));

    for (const change of [`status = 'used'`, 'internal = false', 'project_id = project_id', 'person_id = null'])
      await expect(acting(app, viewer, (attempt) => attempt(`update guarantee set ${change}`))).rejects.toMatchObject({
        code: 'forbidden',
      });
    await expect(acting(app, viewer, (attempt) => attempt('delete from guarantee'))).rejects.toMatchObject({
      code: 'forbidden',
    });
    const changed = await owner(`select distinct project_id, internal from guarantee where note = 'Seen'`);
    expect(changed).toEqual([{ project_id: firm.acme.project, internal: false }]);
  });

  test('lets people insert rows of their own, in their own name, where they may read', async () => {
    const row = (person: string, name: string, project: string, internal = false) =>
      `insert into guarantee (tenant_id, id, client_id, project_id, internal, status, person_id, by_name)
        values ('${firm.tenantId}', gen_random_uuid(), '${firm.acme.id}', '${project}', ${internal}, 'open', '${person}', '${name}')`;
    const { viewer, approver, project, otherProject } = firm.acme;
    await acting(app, as(firm, viewer), (attempt) => attempt(row(viewer, 'Acme Viewer', project)));

    for (const text of [
      row(approver, 'Acme Approver', project),
      row(viewer, 'Ada Admin', project),
      row(viewer, 'Acme Viewer', otherProject),
      row(viewer, 'Acme Viewer', project, true),
    ])
      await expect(acting(app, as(firm, viewer), (attempt) => attempt(text))).rejects.toMatchObject({
        code: 'forbidden',
      });
    await expect(
      acting(app, as(firm, firm.member), (attempt) => attempt(row(viewer, 'Acme Viewer', project))),
    ).rejects.toMatchObject({ code: 'forbidden' });
  });

  test('is a thing that an act can be about: whoever acts sees its client or project alone', async () => {
    const [filled] = firms as [FilledFirm, FilledFirm];
    const [{ id } = { id: '' }] = await owner('select id from guarantee where project_id = $1', [firm.acme.project]);
    const opened = (person: string, entity: string) => {
      const open = { kind: 'person' as const, tenant: firm.tenantId, person, about: { entity, id } };
      return inTransaction(app.database, app.clock, open, async ({ sql }) => {
        const rows = await sql(
          written(
            `select current_user::text as role, current_setting('app.clients') as clients, current_setting('app.projects') as projects`,
          ),
        );
        return rows[0];
      });
    };

    expect(await opened(filled.filled.memberOfBoth, 'guarantee')).toMatchObject({
      role: 'parley_member_one',
      clients: firm.acme.id,
    });
    expect(await opened(filled.filled.viewerAndReporter, 'guarantee')).toMatchObject({
      role: 'parley_contact_one',
      projects: firm.acme.project,
    });
    expect(await opened(filled.filled.memberOfBoth, 'estimate')).toMatchObject({ role: 'parley_member' });
  });

  test('lets a process start, and would not with a contact who may change every column', async () => {
    await assertProtection(app.database);
    await owner('grant update on contract to parley_contact_one');

    await expect(assertProtection(app.database)).rejects.toThrow(
      /parley_contact_one may change every column of table contract/,
    );

    await owner('revoke update on contract from parley_contact_one');
  });
});

describe('what cannot be protected is refused with the cure', () => {
  test.each([
    [
      'an unknown scope',
      OF_PROJECT,
      `scope => 'projects'`,
      /the scope is project, client, firm or system, not projects/,
    ],
    ['a missing column', OF_CLIENT, `scope => 'project'`, /a table of a project has the uuid columns project_id/],
    [
      'a column of another type',
      'tenant_id text',
      `scope => 'firm'`,
      /a table of a firm has the uuid columns tenant_id/,
    ],
    [
      'a project that need not be the client’s',
      'tenant_id uuid, client_id uuid, project_id uuid',
      `scope => 'project'`,
      /needs foreign key \(tenant_id, client_id, project_id\) references project/,
    ],
    ['new rows of nobody', OF_PROJECT, `scope => 'project', contact_insert => '{id}'`, /author names the column/],
    [
      'rights without reach',
      OF_PROJECT,
      `scope => 'firm', contact_update => '{id}'`,
      /contacts do not read this table/,
    ],
  ])('%s', async (_what, columns, how, said) => {
    await expect(owner(`create table refused (${columns}); select parley_protect('refused', ${how})`)).rejects.toThrow(
      said,
    );
  });

  test('and nobody at run time protects or declares anything', async () => {
    for (const call of [`parley_protect('firm', scope => 'firm')`, `parley_entity('person')`])
      await expect(
        acting(app, { kind: 'system', tenantId: firm.tenantId, reason: 'test' }, (attempt) =>
          attempt(`select ${call}`),
        ),
      ).rejects.toMatchObject({ code: 'forbidden' });
  });
});

/** Policies, and rights of the roles of actors, as text. */
const STATE = `
  with granted as (
    select c.relname, a.grantee::regrole::text as role, lower(a.privilege_type) as what, '' as columns
      from pg_class c, aclexplode(c.relacl) a where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.grantee <> 0
    union all
    select c.relname, a.grantee::regrole::text, lower(a.privilege_type), ' ' || string_agg(t.attname, ', ' order by t.attname)
      from pg_class c join pg_attribute t on t.attrelid = c.oid, aclexplode(t.attacl) a
      where c.relnamespace = 'public'::regnamespace and a.grantee <> 0 group by 1, 2, 3)
  select format('%s %s %s to %s using %s check %s', tablename, policyname, cmd, roles, qual, with_check) as line from pg_policies
    where schemaname = 'public' and permissive = 'PERMISSIVE' and roles <> '{parley_gate}'
  union all
  select format('%s %s may %s%s', relname, role, what, columns) from granted
    where role ~ '^parley_(staff|member|contact|system)'`;

/** What was there when protection came to be declared. */
const FIRST = [
  ...['phase', 'cycle', 'cycle_version', 'approval', 'dispute', 'ticket', 'ticket_message', 'message', 'assignment'],
  ...['event', 'audit', 'external_ref', 'connection', 'inbox', 'posted_card', 'room_delivery'],
];

test('the tables there are have what one line would give them; what is special is listed here', async () => {
  const state = async () => new Set((await owner(STATE)).map(({ line }) => String(line)));
  const before = await state();
  // Later tables say what is special about them where they are made.
  const declared = await owner('select * from gate.protection where relation = any($1)', [[...FIRST, ...NAMES]]);
  const everybody =
    'parley_staff, parley_member, parley_member_one, parley_contact, parley_contact_one, parley_contact_whole, parley_system';
  await owner('begin');
  for (const { relation, ...how } of declared) {
    const policies = await owner(
      `select policyname as name from pg_policies where tablename = $1 and permissive = 'PERMISSIVE' and roles <> '{parley_gate}'`,
      [relation],
    );
    for (const { name } of policies) await owner(`drop policy ${name} on ${relation}`);
    await owner(`revoke all on ${relation} from ${everybody}`);
    const names = Object.keys(how);
    await owner(
      `select parley_protect('${relation}', ${names.map((name, index) => `${name} => $${index + 1}`).join(', ')})`,
      Object.values(how),
    );
  }
  const after = await state();
  await owner('rollback');

  const contacts = ['parley_contact', 'parley_contact_one', 'parley_contact_whole'];
  const short = (lines: Set<string>, others: Set<string>) =>
    [...lines].filter((line) => !others.has(line)).map((line) => line.replace(/ using .*/s, ''));
  expect(declared).toHaveLength(FIRST.length + NAMES.length);
  expect(short(after, before).sort()).toEqual([
    // Taken from staff later: an account is written by functions that check who acts.
    ...['delete', 'insert', 'update'].map((what) => `connection parley_staff may ${what}`),
    'ticket ticket_contact ALL to {parley_contact}',
    'ticket_message ticket_message_contact ALL to {parley_contact}',
  ]);
  expect(short(before, after).sort()).toEqual(
    [
      ...contacts.flatMap((role) =>
        ['approval', 'message', 'ticket_message'].map((table) => `${table} ${role} may insert`),
      ),
      ...['staff', 'system'].flatMap((role) =>
        ['insert', 'delete'].map((what) => `assignment parley_${role} may ${what}`),
      ),
      'event parley_system may update delivered_at',
      'ticket ticket_contact ALL to {parley_contact}',
      'ticket_message ticket_message_contact ALL to {parley_contact}',
    ].sort(),
  );
});
