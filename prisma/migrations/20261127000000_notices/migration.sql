-- What people are told, when and by which channel: what each of them set, and what was decided about each notice.

-- How somebody wants to be told. Whoever set nothing has no row.
create table notice_setting (
  tenant_id uuid not null references firm (id),
  person_id uuid not null,
  -- By topic: {"pace": "now", "daily", "weekly" or "never", "channel": a channel, "was": the pace before it was stopped}.
  topics jsonb not null default '{}' check (jsonb_typeof(topics) = 'object'),
  digest boolean not null default true,
  -- The hour at which the digest comes, in the person's time zone.
  digest_hour int not null default 8 check (digest_hour between 0 and 23),
  digest_channel text check (digest_channel in ('slack', 'teams', 'discord', 'email')),
  -- From and until which hour nothing comes that can wait, in the person's time zone; it may pass midnight.
  quiet_from int check (quiet_from between 0 and 23),
  quiet_to int check (quiet_to between 0 and 23),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, person_id),
  foreign key (tenant_id, person_id) references person (tenant_id, id),
  check (num_nonnulls(quiet_from, quiet_to) in (0, 2)),
  check (quiet_from <> quiet_to)
);

-- What was decided about telling one person of one fact, and why. The notice itself is never stored: it is drawn for its reader.
create table notice (
  tenant_id uuid not null references firm (id),
  id uuid not null,
  person_id uuid not null,
  -- The fact: its event.
  event_id uuid not null,
  event_seq bigint not null,
  event_name text not null,
  entity text not null,
  entity_id uuid not null,
  client_id uuid,
  project_id uuid,
  topic text not null,
  tier text not null check (tier in ('critical', 'standard', 'informational')),
  view jsonb not null,
  -- It is for the mailbox alone; it was meant for this person by name.
  mail_only boolean not null default false,
  named boolean not null default false,
  decision text not null check (decision in ('sent', 'held', 'digest', 'digested', 'none')),
  reason text not null check (reason <> ''),
  -- By which it was sent.
  channels text[] not null default '{}',
  -- Rooms where it could not arrive.
  failed uuid[] not null default '{}',
  -- Until when it is held, or when the digest comes that it waits for.
  due_at timestamptz,
  digest_id uuid,
  created_at timestamptz not null default now(),
  decided_at timestamptz not null default now(),
  primary key (tenant_id, id),
  -- One notice per person and fact.
  unique (tenant_id, person_id, event_id),
  foreign key (tenant_id, person_id) references person (tenant_id, id),
  check ((due_at is not null) = (decision in ('held', 'digest'))),
  check ((digest_id is not null) = (decision = 'digested')),
  -- What is critical waits for nothing.
  check (tier <> 'critical' or decision in ('sent', 'none'))
);
create index notice_due on notice (decision, due_at) where due_at is not null;
create index notice_about on notice (tenant_id, person_id, entity, entity_id, created_at);
create index notice_of_digest on notice (tenant_id, digest_id) where digest_id is not null;
create index notice_waiting on notice (tenant_id, person_id, created_at) where decision = 'digest';
create index notice_old on notice using brin (created_at);
-- Whoever is told in one place is looked for in all that are theirs.
create index room_person on room (tenant_id, person_id) where person_id is not null;

-- The system works with both. People see their own besides, and set their own.
select parley_protect('notice_setting', scope => 'system', firm => '{select}');
create policy notice_setting_own on notice_setting
  to parley_staff, parley_member, parley_member_one, parley_contact, parley_contact_one, parley_contact_whole
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid)
    and person_id = (select nullif(current_setting('app.person', true), '')::uuid));
grant select, insert (tenant_id, person_id, topics, digest, digest_hour, digest_channel, quiet_from, quiet_to, updated_at),
    update (topics, digest, digest_hour, digest_channel, quiet_from, quiet_to, updated_at) on notice_setting
  to parley_staff, parley_member, parley_member_one, parley_contact, parley_contact_one, parley_contact_whole;

select parley_protect('notice', scope => 'system', firm => '{select, insert, update}');
create policy notice_own on notice for select
  to parley_staff, parley_member, parley_member_one, parley_contact, parley_contact_one, parley_contact_whole
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid)
    and person_id = (select nullif(current_setting('app.person', true), '')::uuid));
create policy notice_gate on notice to parley_gate using (true);
grant select on notice to parley_staff, parley_member, parley_member_one, parley_contact, parley_contact_one, parley_contact_whole;
grant select, delete on notice to parley_gate;

-- Of which firms which notices were held until then.
create function parley_due_notices(p_at timestamptz) returns table (tenant_id uuid, id uuid)
language sql stable security definer set search_path = public, pg_temp as $$
  select n.tenant_id, n.id from notice n where n.decision = 'held' and n.due_at <= p_at
$$;

-- For whom of which firms a digest is due by then.
create function parley_due_digests(p_at timestamptz) returns table (tenant_id uuid, id uuid)
language sql stable security definer set search_path = public, pg_temp as $$
  select distinct n.tenant_id, n.person_id from notice n where n.decision = 'digest' and n.due_at <= p_at
$$;

create function parley_sweep_notice(p_limit int) returns int
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_rows int;
begin
  delete from notice where ctid = any (array(
    select ctid from notice where created_at < now() - interval '180 days' and due_at is null limit least(p_limit, 1000)));
  get diagnostics v_rows = row_count;
  return v_rows;
end $$;

do $$
declare
  signature text;
begin
  foreach signature in array array['parley_due_notices(timestamptz)', 'parley_due_digests(timestamptz)', 'parley_sweep_notice(int)'] loop
    execute format('alter function %s owner to parley_gate', signature);
    execute format('revoke all on function %s from public', signature);
    execute format('grant execute on function %s to parley_login', signature);
  end loop;
end $$;
