-- Whom invoices name: the firm and its clients with what the law wants on an invoice, and what each issued invoice named.

-- How the firm itself bills (without a client), and how each client is billed.
create table billing_party (
  tenant_id uuid not null references firm (id),
  id uuid not null,
  client_id uuid,
  details jsonb not null check (jsonb_typeof(details) = 'object'),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique nulls not distinct (tenant_id, client_id),
  foreign key (tenant_id, client_id) references client (tenant_id, id)
);
select parley_protect('billing_party', scope => 'client');
create policy billing_party_gate on billing_party for select to parley_gate using (true);
grant select (tenant_id, client_id, details) on billing_party to parley_gate;

-- How the firm bills, for whoever sees invoices of it, on each of which it stands. The row itself is for those who lead the firm.
create function parley_seller() returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  select p.details from billing_party p where p.tenant_id = current_setting('app.tenant')::uuid and p.client_id is null
$$;
alter function parley_seller() owner to parley_gate;
revoke all on function parley_seller() from public;
grant execute on function parley_seller() to parley_staff, parley_member, parley_member_one, parley_system, parley_contact, parley_contact_one,
  parley_contact_whole;

-- Whom an invoice named when it was issued: its documents stay as they were.
create table invoice_parties (
  tenant_id uuid not null references firm (id),
  invoice_id uuid not null,
  client_id uuid not null,
  project_id uuid,
  seller jsonb not null check (jsonb_typeof(seller) = 'object'),
  buyer jsonb not null check (jsonb_typeof(buyer) = 'object'),
  paper text not null check (paper in ('A4', 'LETTER')),
  -- What the quote is called that it was made of.
  quote text,
  primary key (tenant_id, invoice_id),
  foreign key (tenant_id, invoice_id) references invoice (tenant_id, id),
  foreign key (tenant_id, client_id) references client (tenant_id, id),
  foreign key (tenant_id, client_id, project_id) references project (tenant_id, client_id, id)
);
select parley_protect('invoice_parties', scope => 'project', firm => '{select, insert}');
