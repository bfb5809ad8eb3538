-- What is billed, billed in full: a month's hours by the invoice that bills them, and what a client agreed to pay again and again.

-- An invoice together with its client: what belongs to an invoice belongs to that client.
alter table invoice add unique (tenant_id, client_id, id);

-- Whom an invoice named, by the client of that very invoice.
alter table invoice_parties add foreign key (tenant_id, client_id, invoice_id) references invoice (tenant_id, client_id, id);
alter table invoice_parties drop constraint invoice_parties_tenant_id_invoice_id_fkey;

-- Who said last how somebody is billed. A form that was drawn before that is old.
alter table billing_party add column version int not null default 1, add column by_name text;

-- What an hour of a project costs.
create table hourly_rate (
  tenant_id uuid not null references firm (id),
  client_id uuid not null,
  project_id uuid not null,
  currency text not null,
  -- Without tax, in the smallest unit of the currency.
  price bigint not null check (price > 0),
  vat jsonb not null check (jsonb_typeof(vat) = 'object'),
  version int not null default 1,
  by_name text not null,
  updated_at timestamptz not null default now(),
  primary key (tenant_id, project_id),
  foreign key (tenant_id, client_id, project_id) references project (tenant_id, client_id, id)
);
select parley_protect('hourly_rate', scope => 'project', contacts => false);

-- ── hours ───────────────────────────────────────────────────────────────────────────────────────────────────────────

-- Until now nothing said that the invoice of a month is there. A month whose invoice is not, or does not bill anything, can be billed.
-- The owner of the tables is held by their policies as well.
alter table hours_period no force row level security;
alter table invoice no force row level security;
update hours_period p set invoice_id = null, invoiced = null, invoiced_at = null
  where p.invoice_id is not null and not exists (select from invoice i where i.tenant_id = p.tenant_id and i.client_id = p.client_id
    and i.id = p.invoice_id and i.status not in ('credited', 'void'));

-- An invoice of the very client.
alter table hours_period add foreign key (tenant_id, client_id, invoice_id) references invoice (tenant_id, client_id, id);
alter table hours_period force row level security;
alter table invoice force row level security;
create index hours_period_of_invoice on hours_period (tenant_id, invoice_id) where invoice_id is not null;

-- When the team was told that the month is over and was not sent.
alter table hours_period add column unsent_told_at timestamptz;

-- The last wall: no hour is billed twice. A month goes to a draft, and from an invoice only where that bills nothing (any more).
create function parley_hours_billed() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
  if new.invoice_id is not null and not exists (select from invoice i where i.tenant_id = new.tenant_id and i.id = new.invoice_id
      and i.status = 'draft') then
    raise exception 'the hours of %: only a draft bills them', new.id using errcode = 'check_violation';
  end if;
  if old.invoice_id is not null and not exists (select from invoice i where i.tenant_id = old.tenant_id and i.id = old.invoice_id
      and i.status in ('draft', 'credited', 'void')) then
    raise exception 'the hours of %: an invoice bills them', new.id using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger hours_billed before update on hours_period for each row when (old.invoice_id is distinct from new.invoice_id)
  execute function parley_hours_billed();

-- And none is lost: what an invoice billed that is void or wholly credited can be billed anew.
create function parley_hours_are_free() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if exists (select from hours_period p where p.tenant_id = new.tenant_id and p.invoice_id = new.id) then
    raise exception 'invoice %: it is %, and hours are billed by it', new.id, new.status using errcode = 'check_violation';
  end if;
  return null;
end $$;
grant select (invoice_id) on hours_period to parley_gate;
create constraint trigger invoice_frees_hours after update on invoice deferrable initially deferred for each row
  when (new.status in ('credited', 'void') and old.status is distinct from new.status) execute function parley_hours_are_free();

-- Whether the one who asks sees that invoice: clients see no draft, and are not told of it by their hours either.
create function parley_sees_invoice(p_invoice uuid) returns boolean
language sql stable set search_path = public, pg_temp as $$
  select exists (select from invoice i where i.tenant_id = current_setting('app.tenant', true)::uuid and i.id = p_invoice)
$$;

-- Last month's hours that nobody sent, on the client's calendar: once for each month.
create function parley_due_hours(p_at timestamptz) returns table (tenant_id uuid, id uuid)
language sql stable security definer set search_path = public, pg_temp as $$
  select p.tenant_id, p.id from hours_period p join client c on c.tenant_id = p.tenant_id and c.id = p.client_id
  where p.status = 'open' and p.unsent_told_at is null and p.month between (p_at - interval '70 days')::date and p_at::date
    and p.month = date_trunc('month', p_at at time zone c.timezone)::date - interval '1 month'
    and exists (select from time_entry e where e.tenant_id = p.tenant_id and e.period_id = p.id and e.billable and e.deleted_at is null)
$$;
create index hours_period_unsent on hours_period (month) where status = 'open' and unsent_told_at is null;
grant select (status, month, unsent_told_at) on hours_period to parley_gate;
grant select (timezone) on client to parley_gate;
grant select (tenant_id, period_id, billable, deleted_at) on time_entry to parley_gate;

-- ── what is billed again and again ──────────────────────────────────────────────────────────────────────────────────

-- What a client agreed to pay every month, quarter or year by a quote: all lines of it that come as often.
create table subscription (
  tenant_id uuid not null references firm (id),
  id uuid not null,
  client_id uuid not null,
  -- Null where it is for the whole client.
  project_id uuid,
  quote_id uuid not null,
  every text not null check (every in ('monthly', 'quarterly', 'yearly')),
  status text not null default 'running' check (status in ('running', 'ended')),
  version int not null default 1,
  -- What the quote is called, and what is billed each time.
  called text not null,
  title text not null,
  content jsonb not null check (jsonb_typeof(content) = 'object'),
  -- On the client's calendar: the first day of the first period.
  starts_on date not null,
  -- Periods that were billed: the next one begins so many intervals after the first day.
  billed int not null default 0 check (billed >= 0),
  -- When the next period begins; null where none does.
  look_at timestamptz,
  ended_by_name text,
  ended_at timestamptz,
  reason text,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, quote_id, every),
  foreign key (tenant_id, client_id) references client (tenant_id, id),
  foreign key (tenant_id, client_id, project_id) references project (tenant_id, client_id, id),
  foreign key (tenant_id, client_id, quote_id) references quote (tenant_id, client_id, id),
  check ((status = 'ended') = (look_at is null)),
  check (num_nonnulls(ended_by_name, ended_at, reason) = case status when 'ended' then 3 else 0 end)
);
create index subscription_newest on subscription (tenant_id, created_at, id);
create index subscription_by_status on subscription (tenant_id, status, created_at, id);
create index subscription_of_client on subscription (tenant_id, client_id, created_at, id);
create index subscription_of_client_by_status on subscription (tenant_id, client_id, status, created_at, id);
create index subscription_look on subscription (look_at) where look_at is not null;
select parley_protect('subscription', scope => 'project');
select parley_entity('subscription');

-- The last wall: what was agreed on stays, what has ended does not begin again, and no period is billed anew.
create function parley_subscription_stays() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
  if (new.quote_id, new.every, new.content, new.client_id, new.project_id, new.starts_on)
      is distinct from (old.quote_id, old.every, old.content, old.client_id, old.project_id, old.starts_on) then
    raise exception 'subscription %: what was agreed on is not changed', old.id using errcode = 'check_violation';
  end if;
  if new.billed < old.billed then
    raise exception 'subscription %: what was billed is not billed anew', old.id using errcode = 'check_violation';
  end if;
  if old.status = 'ended' and new.status <> 'ended' then
    raise exception 'subscription %: it has ended', old.id using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger subscription_stays before update on subscription for each row execute function parley_subscription_stays();

-- Which period was billed by which invoice, each once. Clients see the invoices themselves, once they are issued.
create table subscription_period (
  tenant_id uuid not null references firm (id),
  client_id uuid not null,
  project_id uuid,
  subscription_id uuid not null,
  begins_on date not null,
  invoice_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, subscription_id, begins_on),
  foreign key (tenant_id, subscription_id) references subscription (tenant_id, id),
  foreign key (tenant_id, client_id, invoice_id) references invoice (tenant_id, client_id, id),
  foreign key (tenant_id, client_id, project_id) references project (tenant_id, client_id, id)
);
create index subscription_period_of_invoice on subscription_period (tenant_id, invoice_id);
select parley_protect('subscription_period', scope => 'project', firm => '{select, insert}', contacts => false);

-- Of which firms which subscriptions begin a new period by then.
create function parley_due_subscriptions(p_at timestamptz) returns table (tenant_id uuid, id uuid)
language sql stable security definer set search_path = public, pg_temp as $$
  select s.tenant_id, s.id from subscription s where s.look_at <= p_at
$$;
grant select (look_at) on subscription to parley_gate;

do $$
declare
  signature text;
begin
  foreach signature in array array['parley_hours_are_free()', 'parley_due_hours(timestamptz)', 'parley_due_subscriptions(timestamptz)'] loop
    execute format('alter function %s owner to parley_gate', signature);
    execute format('revoke all on function %s from public', signature);
  end loop;
end $$;
grant execute on function parley_due_hours(timestamptz), parley_due_subscriptions(timestamptz) to parley_login;
