-- Payments online: a link by which a client pays an invoice, and what came of it.

create table payment (
  tenant_id uuid not null references firm (id),
  id uuid not null,
  client_id uuid not null,
  -- That of the invoice; null where it is for the whole client.
  project_id uuid,
  invoice_id uuid not null,
  -- What the invoice was called as it was to be paid.
  number text not null,
  version int not null default 1,
  status text not null default 'asked'
    check (status in ('asked', 'open', 'processing', 'paid', 'kept', 'closed', 'failed', 'expired', 'withdrawn')),
  -- What is asked for, in the smallest unit of the currency.
  amount bigint not null check (amount > 0),
  currency text not null,
  -- Where it is paid, and until when.
  url text,
  expires_at timestamptz,
  -- What came, and when; its currency where that is another one.
  received bigint,
  received_in text,
  received_at timestamptz,
  -- The entry of the invoice that it was recorded as.
  entry_id uuid,
  -- Why it failed, or why it could not be recorded.
  reason text,
  -- What went back, each under the name that the tool has for it.
  refunds jsonb not null default '[]',
  dispute jsonb,
  -- Somebody of the firm is to look at it.
  loose boolean not null default false,
  person_id uuid,
  by_name text not null,
  asked_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, entry_id),
  foreign key (tenant_id, invoice_id) references invoice (tenant_id, id),
  foreign key (tenant_id, entry_id) references invoice_entry (tenant_id, id),
  foreign key (tenant_id, client_id) references client (tenant_id, id),
  foreign key (tenant_id, client_id, project_id) references project (tenant_id, client_id, id),
  foreign key (tenant_id, person_id) references person (tenant_id, id),
  check (num_nulls(url, expires_at) in (0, 2)),
  check (num_nulls(received, received_in, received_at) in (0, 3)),
  check ((status in ('paid', 'kept', 'closed')) = (received is not null)),
  check (status <> 'paid' or entry_id is not null),
  check (status not in ('kept', 'failed') or reason is not null)
);
create index payment_of_invoice on payment (tenant_id, invoice_id, asked_at);
create index payment_loose on payment (tenant_id, asked_at) where loose;

-- A contact asks for a link in their own name; what becomes of it the tool says, and nobody else writes it.
select parley_protect('payment', scope => 'project', author => 'person_id',
  contact_insert => '{tenant_id, id, client_id, project_id, invoice_id, number, amount, currency, person_id, by_name, asked_at}');
select parley_entity('payment');

-- The last wall: what came is never another amount, and is recorded once.
create function parley_payment_stays() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
  if (new.invoice_id, new.client_id, new.amount, new.currency) is distinct from (old.invoice_id, old.client_id, old.amount, old.currency)
      or (old.received is not null and (new.received, new.received_in) is distinct from (old.received, old.received_in))
      or (old.entry_id is not null and new.entry_id is distinct from old.entry_id) then
    raise exception 'payment %: what was asked for and what came stay as they are', old.id using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger payment_stays before update on payment for each row execute function parley_payment_stays();

-- Can the invoices of this firm be paid online? Contacts do not see what the firm is connected to, and learn no more than this.
create function parley_pays_online() returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
  select exists (select from connection c
    where c.tenant_id = nullif(current_setting('app.tenant', true), '')::uuid and c.tool = 'stripe' and c.status = 'active')
$$;
alter function parley_pays_online() owner to parley_gate;
revoke all on function parley_pays_online() from public;
grant execute on function parley_pays_online() to parley_staff, parley_member, parley_member_one, parley_contact, parley_contact_one,
  parley_contact_whole, parley_system;

-- Money comes to one place: a firm has one account that takes payments.
create unique index connection_one_that_pays on connection (tenant_id) where tool = 'stripe';
