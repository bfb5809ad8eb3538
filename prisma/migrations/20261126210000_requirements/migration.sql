-- What the firm needs of a client: words, a decision, or something secret.
create sequence requirement_number;

create table requirement (
  tenant_id uuid not null references firm (id),
  id uuid not null,
  number bigint not null default nextval('requirement_number'),
  client_id uuid not null,
  project_id uuid not null,
  kind text not null check (kind in ('words', 'decision', 'secret')),
  status text not null default 'asked' check (status in ('asked', 'provided', 'accepted', 'returned', 'withdrawn')),
  version int not null default 1,
  title text not null check (title <> ''),
  details text,
  -- What a decision is made between.
  options text[] not null default '{}',
  due_on date,
  asked_by_name text not null check (asked_by_name <> ''),
  -- How often it was provided: what is kept sealed belongs to one of these.
  round int not null default 0,
  -- The words, or the option that was chosen. What is secret is kept elsewhere, sealed.
  answer text,
  given_by uuid,
  given_by_name text,
  given_channel text,
  given_at timestamptz,
  -- Who of the firm accepted, returned or withdrew it last.
  settled_by_name text,
  settled_at timestamptz,
  reason text,
  reminded_at timestamptz,
  overdue_at timestamptz,
  -- How often the secret was looked at, and by whom last.
  looks int not null default 0,
  looked_by_name text,
  looked_at timestamptz,
  -- When there is something to do about it by itself.
  look_at timestamptz,
  created_at timestamptz not null default now(),
  -- Where it stands in a list: what is open by its day, then what waits for the firm, then what is over. A column and no expression:
  -- behind a policy an index is searched by comparisons of columns alone.
  by_due int not null generated always as (case status when 'asked' then 0 when 'returned' then 0 when 'provided' then 10000000 else 20000000 end
    + (coalesce(due_on, date '9999-12-31') - date '1970-01-01')) stored,
  primary key (tenant_id, id),
  unique (tenant_id, number),
  unique (tenant_id, client_id, project_id, id),
  foreign key (tenant_id, client_id, project_id) references project (tenant_id, client_id, id),
  foreign key (tenant_id, given_by) references person (tenant_id, id),
  check ((kind = 'decision') = (cardinality(options) > 1)),
  check (num_nonnulls(given_by, given_by_name, given_channel, given_at) in (0, 4)),
  check (status not in ('provided', 'accepted', 'returned') or given_by is not null),
  check (kind in ('words', 'decision') or answer is null),
  check (kind not in ('words', 'decision') or given_by is null or answer is not null),
  check (status not in ('accepted', 'returned', 'withdrawn') or num_nulls(settled_by_name, settled_at) = 0),
  check (status <> 'returned' or reason is not null),
  -- Nobody is reminded of what was provided.
  check (status in ('asked', 'returned') or look_at is null)
);
create index requirement_of_project on requirement (tenant_id, project_id, by_due, number);
create index requirement_of_client on requirement (tenant_id, client_id, by_due, number);
create index requirement_by_due on requirement (tenant_id, by_due, number);
-- What waits for somebody is counted.
create index requirement_waiting on requirement (tenant_id, project_id, status) where status in ('asked', 'returned', 'provided');
create index requirement_due on requirement (look_at) where look_at is not null;

-- The client's people provide what is asked for, and do nothing else to it. In whose name, the trigger says.
create policy requirement_answer on requirement as restrictive for update to parley_contact, parley_contact_one, parley_contact_whole
  using (status in ('asked', 'returned')) with check (status = 'provided');
select parley_protect('requirement', scope => 'project',
  contact_update => '{status, version, round, answer, given_by, given_by_name, given_channel, given_at, look_at}');
select parley_entity('requirement');
grant usage on sequence requirement_number to parley_staff, parley_member, parley_member_one;

-- The last wall: whoever writes, by whatever code, what the client provided is in the name of who did, and stays as it was provided;
-- and what was accepted or withdrawn stays so. A version counts by one, so that nobody brings it to its end.
create function parley_requirement_stays() returns trigger
language plpgsql set search_path = public, pg_temp as $$
declare
  -- What becomes of it all the same, and what is generated only after this.
  v_beside text[] := '{looks, looked_by_name, looked_at, by_due}';
begin
  if new.version - old.version not in (0, 1) then
    raise exception 'requirement %: a version counts by one', old.id using errcode = 'check_violation';
  end if;
  if old.status in ('accepted', 'withdrawn') and to_jsonb(new) - v_beside <> to_jsonb(old) - v_beside then
    raise exception 'requirement %: it is % and stays so', old.id, old.status using errcode = 'check_violation';
  end if;
  if (new.kind, new.client_id, new.project_id, new.number) is distinct from (old.kind, old.client_id, old.project_id, old.number) then
    raise exception 'requirement %: what is asked, and of whom, is not changed', old.id using errcode = 'check_violation';
  end if;
  if new.status = 'provided' and old.status <> 'provided' then
    if new.round <> old.round + 1 or not coalesce(parley_is_contact(new.tenant_id, new.given_by, new.given_by_name), false) then
      raise exception 'requirement %: one of the client''s people provides it, in their own name', old.id using errcode = 'check_violation';
    end if;
  elsif (new.round, new.answer, new.given_by, new.given_by_name, new.given_channel, new.given_at)
      is distinct from (old.round, old.answer, old.given_by, old.given_by_name, old.given_channel, old.given_at) then
    raise exception 'requirement %: what the client provided is not changed', old.id using errcode = 'check_violation';
  end if;
  if new.status in ('accepted', 'returned') and old.status not in ('provided', new.status) then
    raise exception 'requirement %: what was not provided is not %', old.id, new.status using errcode = 'check_violation';
  end if;
  if new.status = 'provided' and old.status = 'provided' and (new.title, new.details, new.options) is distinct from (old.title, old.details, old.options) then
    raise exception 'requirement %: what was answered is not asked anew', old.id using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger requirement_stays before update on requirement for each row execute function parley_requirement_stays();

-- Of which firms which requirements are to be looked at by then.
create function parley_due_requirements(p_at timestamptz) returns table (tenant_id uuid, id uuid)
language sql stable security definer set search_path = public, pg_temp as $$
  select r.tenant_id, r.id from requirement r where r.look_at <= p_at
$$;
grant select (look_at) on requirement to parley_gate;
alter function parley_due_requirements(timestamptz) owner to parley_gate;
revoke all on function parley_due_requirements(timestamptz) from public;
grant execute on function parley_due_requirements(timestamptz) to parley_login;

-- What is secret, sealed under the firm's key, each time it was provided. The client's people keep one by the function below and read
-- none, and of the firm whoever may see the requirement can read what is sealed, which opens by the command that puts it on record.
create table requirement_secret (
  tenant_id uuid not null references firm (id),
  requirement_id uuid not null,
  client_id uuid not null,
  project_id uuid not null,
  round int not null,
  sealed bytea not null,
  given_at timestamptz not null,
  primary key (tenant_id, requirement_id, round),
  foreign key (tenant_id, client_id, project_id) references project (tenant_id, client_id, id),
  -- Of the very project.
  foreign key (tenant_id, client_id, project_id, requirement_id) references requirement (tenant_id, client_id, project_id, id)
);
select parley_protect('requirement_secret', scope => 'project', contacts => false, firm => '{select, delete}', system => '{select}');
create policy requirement_secret_gate on requirement_secret to parley_gate using (true);
grant insert on requirement_secret to parley_gate;

-- Keeps what was provided just now, by whoever provided it.
create function parley_keep_requirement_secret(p_requirement uuid, p_sealed bytea) returns void
language plpgsql volatile security definer set search_path = public, pg_temp as $$
begin
  insert into requirement_secret (tenant_id, requirement_id, client_id, project_id, round, sealed, given_at)
    select r.tenant_id, r.id, r.client_id, r.project_id, r.round, p_sealed, r.given_at from requirement r
    where r.tenant_id = nullif(current_setting('app.tenant', true), '')::uuid and r.id = p_requirement and r.kind = 'secret' and r.status = 'provided'
      and r.given_by::text = current_setting('app.person', true);
  if not found then
    raise exception 'requirement %: only who provides it keeps its secret', p_requirement using errcode = 'insufficient_privilege';
  end if;
end $$;
grant select (kind, status, round, given_by, given_at) on requirement to parley_gate;
alter function parley_keep_requirement_secret(uuid, bytea) owner to parley_gate;
revoke all on function parley_keep_requirement_secret(uuid, bytea) from public;
-- What a contact provides is sealed as they send it. The copies of the key are of use to nobody without PARLEY_SECRET.
grant execute on function parley_keep_requirement_secret(uuid, bytea), parley_firm_key(jsonb) to parley_contact, parley_contact_one, parley_contact_whole;
grant execute on function parley_firm_key(jsonb) to parley_member, parley_member_one;
