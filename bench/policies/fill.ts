import type pg from 'pg';

export const CLIENTS = 500;
export const PROJECTS_OF_A_CLIENT = 4;

/** Whose reads are compared; each may see everything that is asked for, so that both sides return the same rows. */
export interface Filled {
  tenantId: string;
  clientId: string;
  readers: Reader[];
}

export interface Reader {
  name: string;
  person: string;
  /** The projects that they may read, where that is less than the whole client. */
  projects?: string[];
}

/** One firm with 500 clients of four projects each, and the tickets spread over them. Ids are derived from names. */
export async function fill(owner: pg.Pool, tickets: number): Promise<Filled> {
  const client = await owner.connect();
  try {
    await client.query('begin');
    // The rows are consistent by construction; a million look-ups by four foreign keys would only take time.
    await client.query('set local session_replication_role = replica');
    for (const statement of [...PEOPLE, TICKETS]) await client.query(statement.replaceAll(':tickets', String(tickets)));
    await client.query('commit');
    await client.query('vacuum analyze');
  } finally {
    client.release();
  }
  const id = async (name: string) => (await owner.query('select md5($1)::uuid as id', [name])).rows[0].id as string;
  return {
    tenantId: await id('firm'),
    clientId: await id('client 1'),
    readers: [
      { name: 'contact', person: await id('contact 1') },
      {
        name: 'contact of two projects',
        person: await id('some'),
        projects: [await id('project 1 1'), await id('project 1 2')],
      },
      { name: 'member', person: await id('member') },
      { name: 'partner', person: await id('partner') },
    ],
  };
}

const PEOPLE = [
  `insert into firm (id, name, timezone) values (md5('firm')::uuid, 'Bench', 'Europe/Berlin')`,
  `insert into client (tenant_id, id, name, timezone)
    select md5('firm')::uuid, md5('client ' || c)::uuid, 'Client ' || c, 'Europe/Berlin' from generate_series(1, ${CLIENTS}) c`,
  `insert into project (tenant_id, id, client_id, name, stage)
    select md5('firm')::uuid, md5('project ' || c || ' ' || p)::uuid, md5('client ' || c)::uuid, 'Project ' || p, 'build'
    from generate_series(1, ${CLIENTS}) c, generate_series(1, ${PROJECTS_OF_A_CLIENT}) p`,
  `insert into person (tenant_id, id, side, client_id, name, timezone, role)
    select md5('firm')::uuid, md5('contact ' || c)::uuid, 'contact', md5('client ' || c)::uuid, 'Contact ' || c, 'Europe/Berlin', 'client_member'
    from generate_series(1, ${CLIENTS}) c`,
  `insert into person (tenant_id, id, side, client_id, name, timezone, role)
    select md5('firm')::uuid, md5(role)::uuid, 'staff', null, role, 'Europe/Berlin', role from unnest(array['partner', 'member']) role`,
  `insert into membership (tenant_id, client_id, project_id, person_id, role)
    select md5('firm')::uuid, md5('client ' || c)::uuid, md5('project ' || c || ' ' || p)::uuid, md5('contact ' || c)::uuid, 'approver'
    from generate_series(1, ${CLIENTS}) c, generate_series(1, ${PROJECTS_OF_A_CLIENT}) p`,
  `insert into person (tenant_id, id, side, client_id, name, timezone, role)
    values (md5('firm')::uuid, md5('some')::uuid, 'contact', md5('client 1')::uuid, 'Some', 'Europe/Berlin', 'client_member')`,
  `insert into membership (tenant_id, client_id, project_id, person_id, role)
    select md5('firm')::uuid, md5('client 1')::uuid, md5('project 1 ' || p)::uuid, md5('some')::uuid, 'viewer' from generate_series(1, 2) p`,
  // A member works for twenty clients.
  `insert into assignment (tenant_id, person_id, client_id)
    select md5('firm')::uuid, md5('member')::uuid, md5('client ' || c)::uuid from generate_series(1, 20) c`,
];

const TICKETS = `
  insert into ticket (tenant_id, id, client_id, project_id, kind, status, title, description, reporter_id, reporter_name, created_at, updated_at)
  select md5('firm')::uuid, md5('ticket ' || n)::uuid, md5('client ' || c)::uuid, md5('project ' || c || ' ' || p)::uuid,
    case when n % 3 = 0 then 'change' else 'bug' end,
    (array['new', 'needs_info', 'approved', 'in_progress', 'resolved', 'resolved', 'resolved', 'declined'])[1 + (hashint4(n) & 7)],
    (array['The form', 'The report', 'The invoice', 'The menu', 'The picture', 'The search', 'The export', 'The mail'])[1 + (hashint4(n + 1) & 7)] || ' '
      || (array['is empty', 'is slow', 'has a wrong total', 'cannot be opened', 'is cut off', 'shows old data', 'needs a filter', 'looks odd'])[1 + (hashint4(n + 2) & 7)]
      || case when (n / ${CLIENTS}) % 97 = 0 then ' on the zeppelin page' else ' on page ' || n % 100 end,
    'What happened, what was expected and how to see it again: ' || repeat('some words of a report ', 6),
    md5('contact ' || c)::uuid, 'Contact ' || c, now() - n * interval '30 seconds', now() - n * interval '30 seconds'
  from (select n, 1 + n % ${CLIENTS} as c, 1 + (n / ${CLIENTS}) % ${PROJECTS_OF_A_CLIENT} as p from generate_series(1, :tickets) n) numbers`;
