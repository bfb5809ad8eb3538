-- What a client owes: drafts that the firm writes, then invoices and credit notes that nobody changes, and what was paid of them.

-- In the order in which they were drafted.
create sequence invoice_seq;

create table invoice (
  tenant_id uuid not null references firm (id),
  id uuid not null,
  seq int not null default nextval('invoice_seq'),
  client_id uuid not null,
  -- Null where it is for the whole client.
  project_id uuid,
  kind text not null check (kind in ('invoice', 'deposit', 'credit')),
  status text not null check (status in ('draft', 'open', 'partly_paid', 'paid', 'credited', 'void')),
  version int not null default 1,
  -- The quote that it was made of, and what of that it bills.
  quote_id uuid,
  part text check (part in ('deposit', 'acceptance', 'completion', 'once')),
  -- The invoice that a credit note is about.
  corrects uuid,
  title text not null,
  content jsonb not null,
  -- With tax, in the smallest unit of the currency; so are what was paid and what was credited of it.
  gross bigint not null,
  paid bigint not null default 0,
  credited bigint not null default 0,
  due_on date,
  -- Its number and where that is in the count of its year; a draft has none.
  number text,
  year int,
  serial int,
  issued_on date,
  issued_at timestamptz,
  issued_by_name text,
  -- Who voided it, when and why.
  ended_by_name text,
  ended_at timestamptz,
  reason text,
  -- The invoice that takes this deposit off what it bills.
  deducted_in uuid,
  reminded_at timestamptz,
  overdue_at timestamptz,
  -- When there is something to do about it by itself; null where there is nothing.
  look_at timestamptz,
  created_at timestamptz not null default now(),
  -- What lists are narrowed by: a column and not an expression, because behind a policy an index is searched by columns alone.
  shelf text not null generated always as (case when status = 'void' or status = 'draft' then status when kind = 'credit' then 'credit'
    when status in ('open', 'partly_paid') then 'open' else 'paid' end) stored,
  primary key (tenant_id, id),
  unique (tenant_id, seq),
  unique (tenant_id, number),
  unique (tenant_id, year, serial),
  foreign key (tenant_id, client_id) references client (tenant_id, id),
  foreign key (tenant_id, client_id, project_id) references project (tenant_id, client_id, id),
  foreign key (tenant_id, quote_id) references quote (tenant_id, id),
  foreign key (tenant_id, corrects) references invoice (tenant_id, id),
  foreign key (tenant_id, deducted_in) references invoice (tenant_id, id),
  check (num_nulls(number, year, serial, issued_on, issued_at, issued_by_name) in (0, 6)),
  check (status not in ('open', 'partly_paid', 'paid', 'credited') or number is not null),
  check (status <> 'draft' or number is null),
  check (part is null or quote_id is not null),
  check ((kind = 'credit') = (corrects is not null)),
  check (kind <> 'credit' or status = 'credited'),
  check (kind = 'credit' or number is null or due_on is not null),
  check ((status = 'void') = (reason is not null)),
  -- Nothing that is paid is open, and nothing that is void was paid.
  check (status not in ('open', 'partly_paid') or (gross > paid + credited and (status = 'partly_paid') = (paid > 0))),
  check (status <> 'paid' or gross <= paid + credited),
  check (status <> 'credited' or kind = 'credit' or credited = gross),
  check (status not in ('draft', 'void') or (paid = 0 and credited = 0)),
  check (paid >= 0 and credited >= 0 and (credited <= gross or number is null))
);
create index invoice_by_shelf on invoice (tenant_id, shelf, seq);
create index invoice_due on invoice (tenant_id, due_on, seq) where shelf = 'open';
create index invoice_of_client on invoice (tenant_id, client_id, seq);
create index invoice_of_client_by_shelf on invoice (tenant_id, client_id, shelf, seq);
create index invoice_of_client_due on invoice (tenant_id, client_id, due_on, seq) where shelf = 'open';
create index invoice_corrects on invoice (tenant_id, corrects) where corrects is not null;
create index invoice_look on invoice (look_at) where look_at is not null;
-- What was agreed on in a quote is billed once; what was voided or wholly credited may be billed anew.
create unique index invoice_one_deposit on invoice (tenant_id, quote_id) where part = 'deposit' and status not in ('credited', 'void');
create unique index invoice_one_acceptance on invoice (tenant_id, quote_id)
  where part in ('acceptance', 'once') and status not in ('credited', 'void');
create unique index invoice_one_completion on invoice (tenant_id, quote_id)
  where part in ('completion', 'once') and status not in ('credited', 'void');

-- What the client sees of it begins when it is issued. Clients write none of it.
select parley_protect('invoice', scope => 'project', contact_where => 'number is not null');
select parley_entity('invoice');
grant usage on sequence invoice_seq to parley_staff, parley_member, parley_member_one, parley_system;

-- The last wall: whoever writes, by whatever code, what was issued stays as it was issued, and what is void stays void.
create function parley_invoice_stays() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
  if old.number is not null and (new.number, new.year, new.serial, new.issued_on, new.issued_at, new.issued_by_name, new.kind, new.title,
      new.content, new.gross, new.due_on, new.client_id, new.project_id, new.quote_id, new.part, new.corrects)
      is distinct from (old.number, old.year, old.serial, old.issued_on, old.issued_at, old.issued_by_name, old.kind, old.title,
      old.content, old.gross, old.due_on, old.client_id, old.project_id, old.quote_id, old.part, old.corrects) then
    raise exception 'invoice %: what was issued is not changed', old.id using errcode = 'check_violation';
  end if;
  if old.status = 'void' and (new.status, new.reason, new.ended_at, new.ended_by_name)
      is distinct from (old.status, old.reason, old.ended_at, old.ended_by_name) then
    raise exception 'invoice %: what is void stays void', old.id using errcode = 'check_violation';
  end if;
  if old.status <> 'draft' and new.status = 'draft' then
    raise exception 'invoice %: what is % is no draft again', old.id, old.status using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger invoice_stays before update on invoice for each row execute function parley_invoice_stays();

-- What changed what a client owes, each once and for good: what was recorded by mistake is taken back by another row.
create table invoice_entry (
  tenant_id uuid not null references firm (id),
  id uuid not null,
  client_id uuid not null,
  project_id uuid,
  invoice_id uuid not null,
  kind text not null check (kind in ('issued', 'payment', 'refund', 'undo', 'credit', 'void')),
  day date not null,
  -- What the client owes more by it, or (below zero) less, in the smallest unit of the currency.
  amount bigint not null,
  currency text not null,
  note text,
  -- The payment that is taken back.
  reverses uuid,
  -- The credit note.
  credit_id uuid,
  person_id uuid,
  by_name text not null,
  at timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, reverses),
  foreign key (tenant_id, invoice_id) references invoice (tenant_id, id),
  foreign key (tenant_id, credit_id) references invoice (tenant_id, id),
  foreign key (tenant_id, reverses) references invoice_entry (tenant_id, id),
  foreign key (tenant_id, client_id) references client (tenant_id, id),
  foreign key (tenant_id, client_id, project_id) references project (tenant_id, client_id, id),
  foreign key (tenant_id, person_id) references person (tenant_id, id),
  check ((kind = 'undo') = (reverses is not null)),
  check ((kind = 'credit') = (credit_id is not null)),
  check (case kind when 'issued' then amount >= 0 when 'refund' then amount > 0 when 'undo' then amount <> 0 when 'void' then amount <= 0
    else amount < 0 end)
);
create index invoice_entry_of_client on invoice_entry (tenant_id, client_id, day, id);
-- A statement adds up each currency without sorting.
create index invoice_entry_by_currency on invoice_entry (tenant_id, client_id, currency);
create index invoice_entry_of_invoice on invoice_entry (tenant_id, invoice_id, at, id);
select parley_protect('invoice_entry', scope => 'project', firm => '{select, insert}', author => 'person_id');

-- How far the numbers of a firm's invoices were given in a year. A sequence would leave a gap wherever a transaction fails.
create table invoice_counter (
  tenant_id uuid not null references firm (id),
  year int not null,
  last int not null,
  primary key (tenant_id, year)
);
select parley_protect('invoice_counter', scope => 'system', firm => '{select}');
create policy invoice_counter_gate on invoice_counter to parley_gate using (true);
grant select, insert, update on invoice_counter to parley_gate;

-- The firm's next number of a year. Whoever asks waits until the one before is stored, or is not.
create function parley_next_invoice(p_year int) returns int
language plpgsql volatile security definer set search_path = public, pg_temp as $$
declare
  v_tenant uuid := current_setting('app.tenant')::uuid;
  v_next int;
begin
  insert into invoice_counter (tenant_id, year, last) values (v_tenant, p_year, 0) on conflict do nothing;
  select c.last + 1 into v_next from invoice_counter c where c.tenant_id = v_tenant and c.year = p_year for update;
  update invoice_counter c set last = v_next where c.tenant_id = v_tenant and c.year = p_year;
  return v_next;
end $$;

-- Whoever takes a number issues something under it: otherwise nothing of the transaction stands.
create function parley_number_is_used() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if new.last > 0 and not exists (select from invoice i where i.tenant_id = new.tenant_id and i.year = new.year and i.serial = new.last) then
    raise exception 'the number % of % was taken and nothing was issued under it', new.last, new.year using errcode = 'check_violation';
  end if;
  return null;
end $$;
create constraint trigger invoice_counter_used after insert or update on invoice_counter deferrable initially deferred
  for each row execute function parley_number_is_used();

-- Of which firms which invoices are to be looked at by then.
create function parley_due_invoices(p_at timestamptz) returns table (tenant_id uuid, id uuid)
language sql stable security definer set search_path = public, pg_temp as $$
  select i.tenant_id, i.id from invoice i where i.look_at <= p_at
$$;

grant select (year, serial, look_at) on invoice to parley_gate;
do $$
declare
  signature text;
begin
  foreach signature in array array['parley_next_invoice(int)', 'parley_number_is_used()', 'parley_due_invoices(timestamptz)'] loop
    execute format('alter function %s owner to parley_gate', signature);
    execute format('revoke all on function %s from public', signature);
  end loop;
end $$;
grant execute on function parley_next_invoice(int) to parley_staff, parley_member, parley_member_one, parley_system;
grant execute on function parley_due_invoices(timestamptz) to parley_login;
