import type { OwnerQuery } from './database.ts';
import type { TestFirm } from './firm.ts';

/** How much there is of what grows most. */
export interface Size {
  clients: number;
  /** Of each client. */
  projects: number;
  /** Of each project but the busy one. */
  tickets: number;
  invoices: number;
  /** One of so many invoices is open, one a draft, and one paid in part. */
  unpaid: number;
  /** Of each ticket. */
  messages: number;
}

/** A busy firm after years, as large as a test can make it. */
const BUSY: Size = { clients: 200, projects: 10, tickets: 9, invoices: 10, unpaid: 10, messages: 5 };

/** What is put in; $1 is the firm, and $2 a project with many tickets and cycles. What examples made has long threads. */
const ownOf = ({ clients, projects, tickets, invoices, unpaid, messages }: Size): readonly string[] => [
  `insert into client (tenant_id, id, name, timezone)
   select $1, gen_random_uuid(), 'Client ' || md5(n::text), 'Europe/Berlin' from generate_series(1, ${clients}) n`,
  `insert into project (tenant_id, id, client_id, name, stage)
   select $1, gen_random_uuid(), c.id, 'Project ' || md5(c.name || n), 'build' from client c, generate_series(1, ${projects}) n where c.tenant_id = $1`,
  `insert into person (tenant_id, id, side, client_id, name, timezone, role)
   select $1, gen_random_uuid(), 'contact', c.id, 'Contact ' || md5(c.name || n), 'Europe/Berlin', 'client_member'
   from client c, generate_series(1, 25) n where c.tenant_id = $1`,
  `insert into room (tenant_id, id, channel, account, address, name, audience, client_id)
   select $1, gen_random_uuid(), 'slack', 'T1', 'C-' || c.id || n, 'channel ' || md5(c.name || n), 'client', c.id
   from client c, generate_series(1, 10) n where c.tenant_id = $1`,
  `insert into connection (tenant_id, id, tool, account)
   select $1, gen_random_uuid(), (array['slack', 'jira', 'email'])[n % 3 + 1], 'account ' || $1::uuid || n from generate_series(1, 2000) n`,
  `insert into ticket (tenant_id, id, client_id, project_id, kind, status, title, description, priority, owner_id, reporter_id, reporter_name, created_at, updated_at)
   select $1, gen_random_uuid(), p.client_id, p.id, (array['bug', 'change'])[n % 2 + 1],
     case when (n + p.k) % 10 = 0 then (array['new', 'needs_info', 'approved', 'in_progress'])[(n / 10 + p.k / 10)::int % 4 + 1] else (array['resolved', 'declined'])[n % 2 + 1] end,
     'Ticket ' || n, 'It is broken', (array['low', 'normal', 'high', 'urgent'])[(n / 7 + p.k)::int % 4 + 1],
     case when n % 3 = 0 then s.id end, r.id, 'Somebody', now() - n * interval '1 hour' - p.k * interval '1 second', now() - (n * 7919 % 5000) * interval '1 minute' - p.k * interval '1 ms'
   from (select client_id, id, row_number() over (order by id) as k from project where tenant_id = $1) p
   cross join lateral (select * from generate_series(1, case p.id when $2 then 2000 else ${tickets} end) g) g (n)
   join lateral (select id from person where tenant_id = $1 and client_id = p.client_id limit 1) r on true
   join lateral (select id from person where tenant_id = $1 and side = 'staff' order by md5(id::text || (n + p.k)::text) limit 1) s on true`,
  `insert into ticket_message (tenant_id, id, ticket_id, client_id, project_id, internal, by_name, side, channel, body, created_at)
   select $1, gen_random_uuid(), t.id, t.client_id, t.project_id, n % 4 = 0, 'Somebody', 'staff', 'slack', 'Said', now() - n * interval '1 minute'
   from ticket t cross join lateral (select * from generate_series(1, case when t.title like 'Ticket %' then ${messages} else 400 end) g) g (n)
   where t.tenant_id = $1`,
  `insert into cycle (tenant_id, id, client_id, project_id, status, content_number, content_hash, name, starts_on, ends_on, review_opens_at, review_closes_at)
   select $1, gen_random_uuid(), p.client_id, p.id, 'completed', 1, 'x', 'Cycle ' || n, date '2020-01-01' + n, date '2020-01-08' + n, now(), now()
   from project p cross join lateral (select * from generate_series(1, case p.id when $2 then 300 else 10 end) g) g (n) where p.tenant_id = $1`,
  `insert into message (tenant_id, id, client_id, project_id, cycle_id, internal, by_name, side, channel, body, created_at)
   select $1, gen_random_uuid(), c.client_id, c.project_id, c.id, n % 4 = 0, 'Somebody', 'staff', 'slack', 'Said', now() - n * interval '1 minute'
   from cycle c cross join lateral (select * from generate_series(1, case when c.name like 'Cycle %' then 2 else 400 end) g) g (n)
   where c.tenant_id = $1`,
  `insert into message (tenant_id, id, client_id, project_id, quote_id, internal, by_name, side, channel, body, created_at)
   select $1, gen_random_uuid(), q.client_id, q.project_id, q.id, n % 4 = 0, 'Somebody', 'staff', 'slack', 'Said', now() - n * interval '1 minute'
   from quote q cross join generate_series(1, 400) g (n) where q.tenant_id = $1`,
  `insert into deliverable (tenant_id, id, client_id, project_id, cycle_id, status, name, in_scope, shares, shared_hash, waits_since, created_by)
   select $1, gen_random_uuid(), c.client_id, c.project_id, c.id, s.status, 'Deliverable ' || n, true, s.shares,
     case when s.shares > 0 then 'x' end, case when s.shares > 0 then now() - n * interval '1 hour' end, 'Ada'
   from cycle c cross join lateral (select * from generate_series(1, case when c.name like 'Cycle %' then 4 else 400 end) g) g (n)
   cross join lateral (select case when n % 10 = 0 then 'in_review' else 'planned' end as status, case when n % 10 = 0 then 1 else 0 end as shares) s
   where c.tenant_id = $1`,
  `insert into message (tenant_id, id, client_id, project_id, deliverable_id, internal, by_name, side, channel, body, created_at)
   select $1, gen_random_uuid(), d.client_id, d.project_id, d.id, n % 4 = 0, 'Somebody', 'staff', 'slack', 'Said', now() - n * interval '1 minute'
   from deliverable d cross join lateral (select * from generate_series(1, case when d.name like 'Deliverable %' then 0 else 400 end) g) g (n)
   where d.tenant_id = $1`,
  `insert into task (tenant_id, id, client_id, project_id, internal, status, title, assignee_id, assignee_name, assignee_side, due_on, done_at, created_by)
   select $1, gen_random_uuid(), p.client_id, p.id, false, (array['open', 'in_progress', 'done'])[n % 3 + 1], 'Task ' || n,
     case when n % 4 = 0 then r.id end, case when n % 4 = 0 then 'Somebody' end, case when n % 4 = 0 then 'contact' end,
     date '2026-01-01' + n % 600, case when n % 3 = 2 then now() end, 'Ada'
   from project p cross join lateral (select * from generate_series(1, case p.id when $2 then 600 else 10 end) g) g (n)
   join lateral (select id from person where tenant_id = $1 and client_id = p.client_id limit 1) r on true where p.tenant_id = $1`,
  `insert into requirement (tenant_id, id, client_id, project_id, kind, status, title, due_on, asked_by_name, answer, given_by, given_by_name,
     given_channel, given_at, settled_by_name, settled_at)
   select $1, gen_random_uuid(), p.client_id, p.id, 'words', (array['asked', 'provided', 'accepted'])[n % 3 + 1], 'Needed ' || n,
     date '2026-01-01' + n % 600, 'Ada', case when n % 3 > 0 then 'Words' end, case when n % 3 > 0 then r.id end,
     case when n % 3 > 0 then 'Somebody' end, case when n % 3 > 0 then 'slack' end, case when n % 3 > 0 then now() end,
     case when n % 3 = 2 then 'Ada' end, case when n % 3 = 2 then now() end
   from project p cross join lateral (select * from generate_series(1, case p.id when $2 then 600 else 10 end) g) g (n)
   join lateral (select id from person where tenant_id = $1 and client_id = p.client_id limit 1) r on true where p.tenant_id = $1`,
  `insert into hours_period (tenant_id, id, client_id, project_id, month, status, sent_by_name, sent_at)
   select $1, gen_random_uuid(), p.client_id, p.id, (date '2000-01-01' + n * interval '1 month')::date, (array['open', 'sent'])[n % 2 + 1], 'Ada', now()
   from project p cross join lateral (select * from generate_series(1, case p.id when $2 then 200 else 10 end) g) g (n) where p.tenant_id = $1`,
  `insert into time_entry (tenant_id, id, client_id, project_id, period_id, person_id, person_name, logged_by, day, minutes, note, billable, shared)
   select $1, gen_random_uuid(), h.client_id, h.project_id, h.id, s.id, 'Somebody', 'Somebody', h.month + n % 28, 30, 'Worked', true, h.status <> 'open'
   from hours_period h cross join lateral (select * from generate_series(1, case when h.month < '2000-01-01' then 400 else 3 end) g) g (n)
   join (select id, row_number() over (order by id) - 1 as k, count(*) over () as people from person where tenant_id = $1 and side = 'staff') s
     on s.k = n % s.people
   where h.tenant_id = $1`,
  `insert into invoice (tenant_id, id, client_id, project_id, kind, status, title, content, gross, paid, due_on, number, year, serial, issued_on,
     issued_at, issued_by_name)
   select $1, gen_random_uuid(), p.client_id, p.id, 'invoice', s.status, 'Invoice ' || n, '{"currency": "EUR", "lines": []}', 11900,
     case s.status when 'paid' then 11900 when 'partly_paid' then 100 else 0 end, date '2026-01-01' + n % 600,
     case when s.status <> 'draft' then 'L-' || (p.k * 1000 + n) end, case when s.status <> 'draft' then 2020 end,
     case when s.status <> 'draft' then p.k * 1000 + n end, case when s.status <> 'draft' then date '2025-12-15' + n % 600 end,
     case when s.status <> 'draft' then now() end, case when s.status <> 'draft' then 'Ada' end
   from (select client_id, id, row_number() over (order by id) as k from project where tenant_id = $1) p
   cross join lateral (select * from generate_series(1, case p.id when $2 then 400 else ${invoices} end) g) g (n)
   cross join lateral (select case (n + p.k) % ${unpaid} when 0 then 'open' when 1 then 'draft' when 2 then 'partly_paid' else 'paid' end
     as status) s
   order by n, p.k`,
  `insert into subscription (tenant_id, id, client_id, project_id, quote_id, every, status, called, title, content, starts_on, look_at, ended_by_name,
     ended_at, reason, created_at)
   select $1, gen_random_uuid(), p.client_id, p.id, gen_random_uuid(), 'monthly', s.status, 'Q-1', 'Hosting ' || n,
     '{"currency": "EUR", "rounding": "document", "lines": []}', date '2026-01-01', case s.status when 'running' then now() end,
     case s.status when 'ended' then 'Ada' end, case s.status when 'ended' then now() end, case s.status when 'ended' then 'Over' end,
     now() - n * interval '300 hours' / many
   from project p cross join lateral (select case p.id when $2 then 300 else 10 end as many) m
   cross join lateral (select * from generate_series(1, many) g) g (n)
   cross join lateral (select (array['running', 'ended'])[n % 2 + 1] as status) s where p.tenant_id = $1`,
  `insert into invoice_entry (tenant_id, id, client_id, project_id, invoice_id, kind, day, amount, currency, by_name, at)
   select $1, gen_random_uuid(), i.client_id, i.project_id, i.id, 'issued', i.issued_on, i.gross, 'EUR', 'Ada', i.issued_at
   from invoice i where i.tenant_id = $1 and i.number is not null
   union all
   select $1, gen_random_uuid(), i.client_id, i.project_id, i.id, 'payment', i.due_on, -i.paid, 'EUR', 'Ada', i.issued_at
   from invoice i where i.tenant_id = $1 and i.paid > 0`,
];

/** Rows of every other table of a client's, and under how many a table counts as not filled. */
const ROWS = 20_000;
const FEW = 1_000;

/**
 * Fills the tables of a firm as years would: by default 200 clients with 2,000 projects, 20,000 tickets with 100,000 messages. Those
 * that are not known here are filled with copies of the rows that their area's examples made, spread over the clients and projects.
 * @param owner on one connection
 */
export async function fillLargely(owner: OwnerQuery, { tenantId, acme }: TestFirm, size = BUSY): Promise<void> {
  // The rows are consistent by construction; looking each up by its foreign keys would only take time.
  await owner("set session_replication_role = 'replica'");
  for (const text of ownOf(size)) await owner(text, text.includes('$2') ? [tenantId, acme.project] : [tenantId]);
  await owner('analyze');
  const others = await owner(
    `select c.relname as name from pg_class c where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and c.reltuples < $1
       and (select count(*) from pg_attribute a where a.attrelid = c.oid and a.attname in ('tenant_id', 'id', 'client_id')) = 3`,
    [FEW],
  );
  for (const { name } of others) await copyRows(owner, String(name), tenantId, acme.project);
  await owner("set session_replication_role = 'origin'");
  await owner('analyze');
}

/** Copies what is there under new ids: often in one project, and once in each other; `number` is new as well. */
async function copyRows(owner: OwnerQuery, table: string, tenantId: string, project: string): Promise<void> {
  const columns = (await owner(
    `select attname as name, format_type(atttypid, null) as type from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = '' and attidentity = ''`,
    [table],
  )) as { name: string; type: string }[];
  const copied = columns.map(({ name, type }) => {
    if (name === 'id') return 'gen_random_uuid()';
    if (name === 'client_id') return 'p.client_id';
    if (name === 'project_id') return 'p.id';
    if (name === 'number' || name === 'seq') return '1000000 + row_number() over ()';
    return type.startsWith('timestamp') ? `r."${name}" - row_number() over () * interval '1 second'` : `r."${name}"`;
  });
  await owner(
    `insert into ${table} (${columns.map(({ name }) => `"${name}"`).join(', ')})
     select ${copied.join(', ')} from (select * from ${table} where tenant_id = $1 limit 10) r
     cross join (select id, client_id from project where tenant_id = $1 order by id = $2 desc) p
     cross join lateral (select * from generate_series(1, case p.id when $2 then 300 else 10 end) g) g (n) limit ${ROWS} on conflict do nothing`,
    [tenantId, project],
  );
}
