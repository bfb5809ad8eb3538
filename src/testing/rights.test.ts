import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Who } from '../core/kernel/actor.ts';
import { acting } from './acting.ts';
import type { TestApp } from './app.ts';
import { testApp } from './app.ts';
import { asOwner } from './database.ts';
import type { Filled } from './everything.ts';
import { fillEveryTable } from './everything.ts';
import type { TestFirm } from './firm.ts';
import { as, makeFirm } from './firm.ts';

const GOLDEN = join(import.meta.dirname, 'golden/rights.txt');

let app: TestApp;
let firm: TestFirm;
let filled: Filled;
/** Everything below is tried by the strongest role of a client and by the weakest. */
let contacts: { clientAdmin: Who; viewer: Who };

beforeAll(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
  filled = await fillEveryTable(app.database, firm);
  contacts = { clientAdmin: as(firm, firm.acme.clientAdmin), viewer: as(firm, firm.acme.viewer) };
});
afterAll(() => app.close());

const owner = (text: string, values: unknown[] = []) => asOwner(app.database)(text, values);

/** Refused by the database, whoever of the client tries it; what it answers otherwise is what was done. */
async function refusedToContacts(text: string): Promise<void> {
  for (const [name, who] of Object.entries(contacts)) {
    const done = await acting(app, who, (attempt) => attempt(text)).catch((error: { code?: string }) => error.code);
    expect({ name, text, done }).toEqual({ name, text, done: 'forbidden' });
  }
}

const approval = (side: string, person: string, name: string, number = 2) =>
  `insert into approval (tenant_id, client_id, project_id, cycle_id, number, side, hash, person_id, by_name, channel, assurance, at)
   select tenant_id, client_id, project_id, cycle_id, number, '${side}', hash, '${person}', '${name}', 'slack', 'chat', now()
   from cycle_version where cycle_id = '${filled.cycleOfFirst}' and number = ${number}`;

const message = (person: string, name: string, side: string, ticket: string, project: string) =>
  `insert into ticket_message (tenant_id, id, ticket_id, client_id, project_id, internal, person_id, by_name, side, channel, body)
   values ('${firm.tenantId}', gen_random_uuid(), '${ticket}', '${firm.acme.id}', '${project}', false, '${person}', '${name}', '${side}', 'slack', 'Words')`;

const ticket = (reporter: string, name: string, more: [string, string][] = []) =>
  `insert into ticket (tenant_id, id, client_id, project_id, kind, status, title, description, reporter_id, reporter_name${more.map(([column]) => `, ${column}`).join('')})
   values ('${firm.tenantId}', gen_random_uuid(), '${firm.acme.id}', '${firm.acme.project}', 'bug', 'new', 'Title', 'Words', '${reporter}', '${name}'${more.map(([, value]) => `, ${value}`).join('')})`;

/** role × table × column, as the catalogue has it: what each role of actors may write at all. */
const WRITES = `
  with role as (select rolname from pg_roles where rolname in (select g.rolname from pg_auth_members m join pg_roles g on g.oid = m.roleid
      join pg_roles r on r.oid = m.member where r.rolname like 'parley\\_login%') or rolname like 'parley\\_login%'),
  of_table as (select c.oid, n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('public', 'gate') and c.relkind in ('r', 'p', 'v')),
  written as (
    select rolname, name, kind, string_agg(attname, ', ' order by attnum) as columns, count(*) as held,
      (select count(*) from pg_attribute a where a.attrelid = of_table.oid and attnum > 0 and not attisdropped) as there
    from role, of_table join pg_attribute on attrelid = of_table.oid and attnum > 0 and not attisdropped, unnest(array['insert', 'update']) as kind
    where has_column_privilege(rolname, of_table.oid, attnum, kind) group by rolname, of_table.oid, name, kind
    union all
    select rolname, name, kind, '', 1, 1 from role, of_table, unnest(array['delete', 'truncate', 'references', 'trigger']) as kind
    where has_table_privilege(rolname, of_table.oid, kind))
  select format('%s %s %s%s', regexp_replace(rolname, '^parley_login.*', 'parley_login'), kind, name,
    case when held < there then format(' (%s)', columns) else '' end) as line from written order by 1`;

test('what each role may write is what was reviewed, table by table and column by column', async () => {
  const lines = (await owner(WRITES)).map(({ line }) => `${line}\n`).join('');
  if (process.env.UPDATE_GOLDEN) writeFileSync(GOLDEN, lines);

  expect(lines).toBe(readFileSync(GOLDEN, 'utf8'));
  for (const secret of [
    'parley_login insert',
    'parley_login update',
    'gate.seal_key',
    'public.audit',
    'public.request',
  ])
    expect(lines).not.toContain(secret);
});

describe('what a contact’s database role cannot do in its own transaction', () => {
  test('make itself or anybody an administrator, change rights or end somebody’s access', async () => {
    await refusedToContacts(`update person set role = 'client_admin'`);
    await refusedToContacts(`update person set grants = '{"billing": "edit"}'`);
    await refusedToContacts('update person set active = false');
    await refusedToContacts(`update person set name = 'Somebody else'`);
    await refusedToContacts(
      `insert into person (tenant_id, id, side, client_id, name, timezone, role) values ('${firm.tenantId}', gen_random_uuid(), 'contact', '${firm.acme.id}', 'New', 'UTC', 'client_admin')`,
    );
  });

  test('take or give a part in a project', async () => {
    await refusedToContacts('delete from membership');
    await refusedToContacts(`update membership set role = 'approver'`);
    await refusedToContacts(
      `insert into membership (tenant_id, client_id, project_id, person_id, role) values ('${firm.tenantId}', '${firm.acme.id}', '${firm.acme.project}', '${firm.acme.clientAdmin}', 'approver')`,
    );
  });

  test('ask the gate for what they may not do themselves', async () => {
    const add = (client: string) =>
      `select parley_add_contact('${JSON.stringify({
        id: crypto.randomUUID(),
        client,
        name: 'New',
        timezone: 'UTC',
        role: 'client_admin',
        email: 'new@example.com',
        audience: 'person',
      })}'::jsonb)`;
    const change = (person: string) => `select parley_change_person('${person}', 'client_admin', null)`;
    const part = (person: string, project: string) =>
      `select parley_set_membership('${person}', '${project}', 'approver')`;

    // Of another client nobody manages anything; the viewer manages nobody, and an administrator not themselves.
    await refusedToContacts(add(firm.globex.id));
    await refusedToContacts(change(firm.admin));
    for (const [who, text] of [
      [contacts.viewer, add(firm.acme.id)],
      [contacts.viewer, change(firm.acme.viewer)],
      [contacts.viewer, part(firm.acme.viewer, firm.acme.otherProject)],
      [contacts.clientAdmin, change(firm.acme.clientAdmin)],
    ] as const)
      await expect(acting(app, who, (attempt) => attempt(text))).rejects.toMatchObject({ code: 'forbidden' });

    const added = await owner(`select from person where name = 'New'`);
    const [viewer] = await owner('select role from person where id = $1', [firm.acme.viewer]);
    expect([added, viewer]).toEqual([[], { role: 'client_member' }]);
  });

  test('give anybody an identity or a mailbox, or take one', async () => {
    for (const person of [firm.acme.clientAdmin, firm.acme.viewer])
      await refusedToContacts(
        `insert into identity (tenant_id, id, person_id, provider, account, external_id, proof) values ('${firm.tenantId}', gen_random_uuid(), '${person}', 'email', '', 'attacker@example.com', 'invitation')`,
      );
    await refusedToContacts('delete from identity');
    await refusedToContacts(
      `insert into room (tenant_id, id, channel, account, address, name, audience, client_id, person_id) values ('${firm.tenantId}', gen_random_uuid(), 'email', '', 'attacker@example.com', 'Mail', 'client', '${firm.acme.id}', '${firm.acme.viewer}')`,
    );
  });

  test('sign for the firm, for a colleague, or under another name', async () => {
    await owner(
      `insert into cycle_version (tenant_id, client_id, project_id, cycle_id, number, content, hash, by_name) values ($1, $2, $3, $4, 2, '{}', 'second', 'Ada')`,
      [firm.tenantId, firm.acme.id, firm.acme.project, filled.cycleOfFirst],
    );
    await refusedToContacts(approval('firm', firm.acme.viewer, 'Acme Viewer'));
    await refusedToContacts(approval('firm', firm.admin, 'Ada Admin'));
    await refusedToContacts(approval('client', firm.acme.approver, 'Acme Approver'));

    await expect(
      acting(app, contacts.viewer, (attempt) => attempt(approval('client', firm.acme.viewer, 'Ada Admin'))),
    ).rejects.toMatchObject({ code: 'forbidden' });
  });

  test('and staff sign and speak as themselves alone as well', async () => {
    const member = as(firm, firm.member);
    for (const text of [
      approval('client', firm.acme.approver, 'Acme Approver'),
      approval('firm', firm.admin, 'Ada Admin'),
      message(firm.admin, 'Ada Admin', 'staff', filled.ticket, firm.acme.otherProject),
    ])
      await expect(acting(app, member, (attempt) => attempt(text))).rejects.toMatchObject({ code: 'forbidden' });
  });

  test('write as the firm, as somebody else or about a thing of another project', async () => {
    const own = message(firm.acme.viewer, 'Acme Viewer', 'contact', filled.ticket, firm.acme.otherProject);
    await refusedToContacts(message(firm.admin, 'Ada Admin', 'staff', filled.ticket, firm.acme.otherProject));
    await refusedToContacts(own.replace("'contact'", "'staff'"));
    await refusedToContacts(own.replace("'Acme Viewer'", "'Ada Admin'"));
    await refusedToContacts(message(firm.acme.approver, 'Acme Approver', 'contact', filled.ticket, firm.acme.project));
    await refusedToContacts(ticket(firm.acme.approver, 'Acme Approver'));
    await refusedToContacts(ticket(firm.acme.viewer, 'Ada Admin'));
    await refusedToContacts(ticket(firm.acme.viewer, 'Acme Viewer', [['owner_id', `'${firm.admin}'`]]));
  });

  test('label what they say with a project in which they may read, when the thing is of another', async () => {
    const elsewhere = message(firm.acme.viewer, 'Acme Viewer', 'contact', filled.ticket, firm.acme.project);
    await expect(acting(app, contacts.viewer, (attempt) => attempt(elsewhere))).rejects.toMatchObject({
      code: 'forbidden',
    });
  });

  test('what is their own, in their own name, is theirs to write', async () => {
    await acting(app, contacts.viewer, (attempt) => attempt(ticket(firm.acme.viewer, 'Acme Viewer')));
    expect(await owner(`select from ticket where reporter_id = $1`, [firm.acme.viewer])).toHaveLength(1);
  });
});

describe('who is recorded to have acted', () => {
  const closing = (extra: Record<string, unknown>, event: Record<string, unknown> = {}) =>
    `select parley_close('${JSON.stringify({
      request: `forged ${crypto.randomUUID()}`,
      command: 'cycle.approve',
      inputHash: 'hash',
      outcome: {},
      at: '2026-11-25T12:00:00Z',
      events: [
        {
          id: crypto.randomUUID(),
          auditId: crypto.randomUUID(),
          name: 'cycle.approved',
          entity: 'cycle',
          entityId: filled.cycleOfFirst,
          data: { forged: true },
          ...event,
        },
      ],
      ...extra,
    })}')`;
  const forgery = () => ({
    actor: { kind: 'person', name: 'Ada Admin', side: 'staff', personId: firm.admin, channel: 'sso' },
    personId: firm.admin,
    byName: 'Ada Admin',
    onBehalfOf: 'the firm',
    channel: 'portal',
    assurance: 'sso',
  });

  test('is who the transaction was opened for, whatever is asked to be recorded', async () => {
    await acting(app, contacts.viewer, (attempt) => attempt(closing(forgery())));

    expect(await owner(`select actor from event where data ->> 'forged' = 'true'`)).toEqual([
      {
        actor: {
          kind: 'person',
          name: 'Acme Viewer',
          side: 'contact',
          channel: 'slack',
          personId: firm.acme.viewer,
        },
      },
    ]);
    expect(
      await owner(
        `select person_id, by_name, on_behalf_of, channel, assurance from audit where request_id like 'forged %'`,
      ),
    ).toEqual([
      { person_id: firm.acme.viewer, by_name: 'Acme Viewer', on_behalf_of: null, channel: 'slack', assurance: 'chat' },
    ]);
  });

  test('no event of a contact is about another client', async () => {
    await refusedToContacts(closing(forgery(), { clientId: firm.globex.id }));
  });

  test('another actor written into the settings is not believed', async () => {
    await expect(
      acting(app, contacts.viewer, async (attempt) => {
        await attempt(
          `select set_config('app.actor', replace(current_setting('app.actor'), '${firm.acme.viewer}', '${firm.admin}'), true)`,
        );
        return attempt(closing(forgery()));
      }),
    ).rejects.toMatchObject({ code: 'forbidden' });
  });

  test('what one transaction was given counts in no other', async () => {
    const kept = await acting(app, contacts.clientAdmin, (attempt) =>
      attempt(`select current_setting('app.actor') as actor, current_setting('app.seal') as seal`),
    );
    await expect(
      acting(app, contacts.viewer, async (attempt) => {
        await attempt(
          `select set_config('app.actor', '${kept[0]?.actor}', true), set_config('app.seal', '${kept[0]?.seal}', true)`,
        );
        return attempt(closing(forgery()));
      }),
    ).rejects.toMatchObject({ code: 'forbidden' });
  });
});

describe('a connection', () => {
  const leftovers = () =>
    app.database.pool.query(
      `select current_user = session_user as itself, current_setting('search_path') as path, coalesce(current_setting('app.person', true), '') as person,
        (select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()) as locks`,
    );
  const soil = `select set_config('role', 'parley_system', false), set_config('search_path', 'pg_temp', false),
    set_config('app.person', 'somebody', false), pg_advisory_lock(7)`;

  test('goes back as it was, whatever was set on it for longer than the transaction', async () => {
    const { rows: clean } = await leftovers();
    await acting(app, contacts.viewer, (attempt) => attempt(soil));
    expect((await leftovers()).rows).toEqual(clean);

    await acting(app, contacts.viewer, async (attempt) => {
      await attempt(soil);
      throw new Error('undone');
    }).catch(() => undefined);
    expect((await leftovers()).rows).toEqual(clean);
  });

  test('makes no temporary tables, which would stand before ours', async () => {
    for (const who of [contacts.viewer, as(firm, firm.admin), system()])
      await expect(
        acting(app, who, (attempt) => attempt('create temporary table person (id uuid)')),
      ).rejects.toMatchObject({ code: 'forbidden' });
    await expect(app.database.pool.query('create temporary table person (id uuid)')).rejects.toMatchObject({
      code: '42501',
    });
  });
});

test('nobody at run time reads the key of the seals', async () => {
  for (const who of [contacts.viewer, as(firm, firm.admin), system()])
    await expect(acting(app, who, (attempt) => attempt('select secret from gate.seal_key'))).rejects.toMatchObject({
      code: 'forbidden',
    });
});

function system(): Who {
  return { kind: 'system', tenantId: firm.tenantId, reason: 'test' };
}
