-- A project's hours of a calendar month: what was agreed on, how it stands, and who signed it. What was worked stands in time_entry.
create table hours_period (
  tenant_id uuid not null references firm (id),
  id uuid not null,
  client_id uuid not null,
  project_id uuid not null,
  -- Its first day.
  month date not null check (extract(day from month) = 1),
  status text not null default 'open' check (status in ('open', 'sent', 'disputed', 'signed')),
  version int not null default 1,
  -- Minutes.
  budget int check (budget > 0),
  -- What was agreed on, in minutes, when the team was told of 80 and of 100 per cent.
  warned_80 int,
  warned_100 int,
  sent_by_name text,
  sent_at timestamptz,
  -- Who signed or disputed it last.
  signed_hash text,
  answered_by uuid,
  answered_by_name text,
  answered_channel text,
  answered_assurance text,
  answered_at timestamptz,
  reason text,
  invoice_id uuid,
  invoiced int,
  invoiced_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, project_id, month),
  unique (tenant_id, project_id, id),
  foreign key (tenant_id, client_id, project_id) references project (tenant_id, client_id, id),
  foreign key (tenant_id, answered_by) references person (tenant_id, id),
  check (status = 'open' or num_nulls(sent_by_name, sent_at) = 0),
  check ((status in ('disputed', 'signed')) = (answered_by is not null)),
  check (num_nonnulls(answered_by, answered_by_name, answered_channel, answered_assurance, answered_at) in (0, 5)),
  check ((status = 'disputed') = (reason is not null)),
  check ((status = 'signed') = (signed_hash is not null)),
  check (num_nonnulls(invoice_id, invoiced, invoiced_at) in (0, 3))
);
create index hours_period_by_month on hours_period (tenant_id, month, id);
create index hours_period_of_client on hours_period (tenant_id, client_id, month, id);
create index hours_period_of_project on hours_period (tenant_id, project_id, month, id);
create index hours_period_by_status on hours_period (tenant_id, status, month, id);

-- The client's people answer what was sent to them, and do nothing else to it. In whose name, the trigger says.
create policy hours_period_answer on hours_period as restrictive for update to parley_contact, parley_contact_one, parley_contact_whole
  using (status = 'sent') with check (status in ('disputed', 'signed'));
select parley_protect('hours_period', scope => 'project', contact_where => $$status <> 'open'$$,
  contact_update => '{status, version, signed_hash, answered_by, answered_by_name, answered_channel, answered_assurance, answered_at, reason}');
select parley_entity('hours_period', name => 'period');

-- Whether the one who acts is of the client's people, and has this id and this name.
create function parley_is_contact(p_tenant uuid, p_person uuid, p_name text) returns boolean
language sql stable set search_path = public, pg_temp as $$
  select p_person::text = current_setting('app.person', true) and p_name = current_setting('app.name', true)
    and exists (select from person n where n.tenant_id = p_tenant and n.id = p_person and n.side = 'contact')
$$;

-- The last wall: whoever writes, by whatever code, what was signed stays as it was signed, and what the client answered is in the name
-- of who answered. A version counts by one, so that nobody brings it to its end.
create function parley_hours_stay() returns trigger
language plpgsql set search_path = public, pg_temp as $$
declare
  -- What becomes of a signed month all the same.
  v_later text[] := '{version, warned_80, warned_100, invoice_id, invoiced, invoiced_at}';
begin
  if new.version - old.version not in (0, 1) then
    raise exception 'the hours of %: a version counts by one', old.id using errcode = 'check_violation';
  end if;
  if old.status = 'signed' and to_jsonb(new) - v_later <> to_jsonb(old) - v_later then
    raise exception 'the hours of %: what was signed is not changed', old.id using errcode = 'check_violation';
  end if;
  if new.status in ('disputed', 'signed') and old.status is distinct from new.status
      and not coalesce(old.status = 'sent' and parley_is_contact(new.tenant_id, new.answered_by, new.answered_by_name), false) then
    raise exception 'the hours of %: what was sent is answered by one of the client''s people, in their own name', new.id
      using errcode = 'check_violation';
  end if;
  if old.status = 'disputed' and new.status = 'disputed'
      and (new.reason, new.answered_by, new.answered_by_name, new.answered_channel, new.answered_assurance, new.answered_at) is distinct from
        (old.reason, old.answered_by, old.answered_by_name, old.answered_channel, old.answered_assurance, old.answered_at) then
    raise exception 'the hours of %: what the client said is not changed', old.id using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger hours_stay before update on hours_period for each row execute function parley_hours_stay();
-- No month begins as a signed one.
create trigger hours_begin before insert on hours_period for each row when (new.status = 'signed') execute function parley_hours_stay();

-- What somebody worked on one day. The client sees what counts for them once the month was sent.
create table time_entry (
  tenant_id uuid not null references firm (id),
  id uuid not null,
  client_id uuid not null,
  project_id uuid not null,
  period_id uuid not null,
  person_id uuid not null,
  person_name text not null check (person_name <> ''),
  logged_by text not null check (logged_by <> ''),
  day date not null,
  minutes int not null check (minutes between 1 and 1440),
  note text not null check (note <> ''),
  billable boolean not null,
  cycle_id uuid,
  ticket_id uuid,
  -- What that cycle or ticket was called.
  part text,
  -- When it was logged, it went beyond what was agreed.
  beyond boolean not null default false,
  -- The client sees it.
  shared boolean not null default false,
  version int not null default 1,
  deleted_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  check (num_nonnulls(cycle_id, ticket_id) <= 1),
  foreign key (tenant_id, client_id, project_id) references project (tenant_id, client_id, id),
  -- A month of the very project.
  foreign key (tenant_id, project_id, period_id) references hours_period (tenant_id, project_id, id),
  foreign key (tenant_id, person_id) references person (tenant_id, id),
  foreign key (tenant_id, project_id, cycle_id) references cycle (tenant_id, project_id, id),
  foreign key (tenant_id, client_id, ticket_id) references ticket (tenant_id, client_id, id)
);
create index time_entry_of_period on time_entry (tenant_id, period_id, day, id);
create index time_entry_of_person on time_entry (tenant_id, person_id, day, id);
select parley_protect('time_entry', scope => 'project', contact_where => 'shared');
select parley_entity('time_entry', name => 'entry');

-- Nothing is added to, changed in or taken out of a month that is signed or invoiced; and what the client has seen is not hidden again.
create function parley_entry_stays() returns trigger
language plpgsql set search_path = public, pg_temp as $$
declare
  -- What is no part of the content: a month that is invoiced may be sent afterwards.
  v_beside text[] := '{shared, version, updated_at}';
begin
  if old.shared and not new.shared then
    raise exception 'the entry %: the client has seen it', new.id using errcode = 'check_violation';
  end if;
  if to_jsonb(new) - v_beside = to_jsonb(old) - v_beside then
    return new;
  end if;
  if exists (select from hours_period p where p.tenant_id = new.tenant_id and p.id in (new.period_id, old.period_id)
      and (p.status = 'signed' or p.invoice_id is not null)) then
    raise exception 'the entry %: its month is signed or invoiced', new.id using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger entry_stays before insert or update on time_entry for each row execute function parley_entry_stays();

-- What a person has logged on a day, for all clients: whoever acts for one client sees no other. Until the transaction ends nobody
-- else logs for them, so that two at once do not make more of a day than it has.
create function parley_logged_minutes(p_person uuid, p_day date) returns int
language plpgsql volatile security definer set search_path = public, pg_temp as $$
declare
  v_tenant uuid := current_setting('app.tenant')::uuid;
begin
  perform pg_advisory_xact_lock(hashtextextended('hours ' || v_tenant || p_person, 0));
  return (select coalesce(sum(e.minutes), 0)::int from time_entry e
    where e.tenant_id = v_tenant and e.person_id = p_person and e.day = p_day and e.deleted_at is null);
end $$;
grant select (person_id, day, minutes, deleted_at) on time_entry to parley_gate;
alter function parley_logged_minutes(uuid, date) owner to parley_gate;
revoke all on function parley_logged_minutes(uuid, date) from public;
grant execute on function parley_logged_minutes(uuid, date) to parley_staff, parley_member, parley_member_one, parley_system;

-- More hours than were agreed on for a month, which the client approves before they are worked.
create table hours_overrun (
  tenant_id uuid not null references firm (id),
  id uuid not null,
  client_id uuid not null,
  project_id uuid not null,
  period_id uuid not null,
  -- As it is of the month, which the client does not see before it is sent.
  month date not null,
  status text not null default 'asked' check (status in ('asked', 'approved', 'declined', 'withdrawn')),
  version int not null default 1,
  minutes int not null check (minutes > 0),
  reason text not null check (reason <> ''),
  -- Minutes that were agreed on and used when it was asked for.
  agreed int not null,
  used int not null,
  asked_by uuid not null,
  asked_by_name text not null,
  asked_at timestamptz not null,
  answered_by uuid,
  answered_by_name text,
  answered_channel text,
  answered_assurance text,
  answered_at timestamptz,
  answer text,
  primary key (tenant_id, id),
  foreign key (tenant_id, client_id, project_id) references project (tenant_id, client_id, id),
  -- A month of the very project.
  foreign key (tenant_id, project_id, period_id) references hours_period (tenant_id, project_id, id),
  foreign key (tenant_id, asked_by) references person (tenant_id, id),
  foreign key (tenant_id, answered_by) references person (tenant_id, id),
  check ((status = 'asked') = (answered_by is null)),
  check (num_nonnulls(answered_by, answered_by_name, answered_channel, answered_assurance, answered_at) in (0, 5))
);
create unique index hours_overrun_waiting on hours_overrun (tenant_id, period_id) where status = 'asked';
create index hours_overrun_of_period on hours_overrun (tenant_id, period_id);
create index hours_overrun_asked on hours_overrun (tenant_id, asked_at, id) where status = 'asked';

create policy hours_overrun_answer on hours_overrun as restrictive for update to parley_contact, parley_contact_one, parley_contact_whole
  using (status = 'asked') with check (status in ('approved', 'declined'));
select parley_protect('hours_overrun', scope => 'project',
  contact_update => '{status, version, answered_by, answered_by_name, answered_channel, answered_assurance, answered_at, answer}');
select parley_entity('hours_overrun', name => 'overrun');

-- What was asked and answered stays; the client's people answer in their own name, and not of a month that is signed. The firm withdraws.
create function parley_overrun_stays() returns trigger
language plpgsql set search_path = public, pg_temp as $$
declare
  v_answer text[] := '{status, version, answered_by, answered_by_name, answered_channel, answered_assurance, answered_at, answer}';
  v_open text[] := case old.status when 'asked' then v_answer else '{version}' end;
begin
  if to_jsonb(new) - v_open <> to_jsonb(old) - v_open then
    raise exception 'the request %: what was asked and answered is not changed', old.id using errcode = 'check_violation';
  end if;
  if old.status = 'asked' and new.status in ('approved', 'declined') and (
      not coalesce(parley_is_contact(new.tenant_id, new.answered_by, new.answered_by_name), false)
      or exists (select from hours_period p where p.tenant_id = new.tenant_id and p.id = new.period_id and p.status = 'signed')) then
    raise exception 'the request %: one of the client''s people answers, in their own name, before the month is signed', new.id
      using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger overrun_stays before update on hours_overrun for each row execute function parley_overrun_stays();
