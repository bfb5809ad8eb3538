-- Signing in to the pages: who asked for a link by mail, which browsers are signed in, and how the first administrator comes in.

-- A link that somebody asked for at their mail address. The link itself is signed and stored nowhere; this says for whom it is, in
-- which browser it works, and how many were asked for.
create table sign_in (
  tenant_id uuid not null references firm (id),
  id uuid not null,
  person_id uuid not null,
  -- The hash of what the browser that asked keeps in a cookie.
  browser text not null check (browser <> ''),
  -- What and where that browser is, as the mail names it.
  device text not null,
  place text not null,
  -- The page that they wanted; '' for the home.
  back text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, person_id) references person (tenant_id, id)
);
create index sign_in_person on sign_in (tenant_id, person_id, created_at);

-- A browser that is signed in. It ends by itself at expires_at, and earlier when it is not used.
create table session (
  tenant_id uuid not null references firm (id),
  id uuid not null,
  person_id uuid not null,
  -- SHA-256 of the secret in the browser's cookie, which is random and long: nothing that is stored signs anybody in.
  token_hash text not null check (token_hash <> ''),
  -- The link that it began with: a link begins one session.
  begun_with uuid not null,
  assurance text not null check (assurance in ('mail', 'chat', 'sso')),
  device text not null,
  place text not null,
  created_at timestamptz not null default now(),
  seen_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, token_hash),
  unique (tenant_id, begun_with),
  foreign key (tenant_id, person_id) references person (tenant_id, id)
);
create index session_person on session (tenant_id, person_id, created_at);

-- The system works with both; a person sees their own besides.
select parley_protect('sign_in', scope => 'system', firm => '{select, insert}');
create policy sign_in_own on sign_in to parley_staff, parley_member, parley_member_one, parley_contact, parley_contact_one, parley_contact_whole
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid)
    and person_id = (select nullif(current_setting('app.person', true), '')::uuid));
create policy sign_in_gate on sign_in to parley_gate using (true);
grant select on sign_in to parley_staff, parley_member, parley_member_one, parley_contact, parley_contact_one, parley_contact_whole;
grant select, delete on sign_in to parley_gate;

select parley_protect('session', scope => 'system', firm => '{select, insert}');
create policy session_own on session to parley_staff, parley_member, parley_member_one, parley_contact, parley_contact_one, parley_contact_whole
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid)
    and person_id = (select nullif(current_setting('app.person', true), '')::uuid));
create policy session_gate on session to parley_gate using (true);
grant update (ended_at) on session to parley_system;
grant select on session to parley_staff, parley_member, parley_member_one, parley_contact, parley_contact_one, parley_contact_whole;
grant update (ended_at) on session to parley_staff, parley_member, parley_member_one, parley_contact, parley_contact_one, parley_contact_whole;
grant select, update, delete on session to parley_gate;

-- Asked by somebody of whom no firm is known yet.
create index identity_by_address on identity (external_id) where provider = 'email' and account = '';

-- In which firms a mail address is somebody's who may sign in. An address may be known to several.
create function parley_sign_in_firms(p_email text) returns table (id uuid)
language sql stable security definer set search_path = public, pg_temp as $$
  select i.tenant_id from identity i join person q on q.tenant_id = i.tenant_id and q.id = i.person_id and q.active
    where i.provider = 'email' and i.account = '' and i.external_id = p_email order by 1 limit 20
$$;

-- Whose browser is this? Null unless the session lives: not ended, not too old, used lately, and its person still there. That it was
-- used is noted once a minute.
create function parley_session(p_tenant uuid, p_hash text, p_at timestamptz, p_idle interval) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_session record;
begin
  select s.id, s.person_id, s.assurance, s.seen_at, f.name into v_session
    from session s join person q on q.tenant_id = s.tenant_id and q.id = s.person_id and q.active join firm f on f.id = s.tenant_id
    where s.tenant_id = p_tenant and s.token_hash = p_hash and s.ended_at is null and s.expires_at > p_at and s.seen_at > p_at - p_idle;
  if not found then return null; end if;
  if v_session.seen_at < p_at - interval '1 minute' then
    update session set seen_at = p_at where tenant_id = p_tenant and id = v_session.id;
  end if;
  return jsonb_build_object('id', v_session.id, 'person', v_session.person_id, 'assurance', v_session.assurance, 'firm', v_session.name);
end $$;

create function parley_sweep_sign_in(p_limit int) returns int
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_rows int;
begin
  delete from sign_in where ctid = any (array(
    select ctid from sign_in where expires_at < now() - interval '30 days' limit least(p_limit, 1000)));
  get diagnostics v_rows = row_count;
  return v_rows;
end $$;

create function parley_sweep_session(p_limit int) returns int
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_rows int;
begin
  delete from session where ctid = any (array(
    select ctid from session where least(ended_at, expires_at) < now() - interval '90 days' limit least(p_limit, 1000)));
  get diagnostics v_rows = row_count;
  return v_rows;
end $$;

-- The addresses at which the first firm may be founded, as hashes: each start of a hub without a firm offers one.
create table gate.founding (
  hash text primary key,
  -- The firm that was founded with it, until its administrator stands.
  firm uuid,
  created_at timestamptz not null default now()
);
grant select, insert, update, delete on gate.founding to parley_gate;
grant update (name, timezone) on firm to parley_gate;

-- Offers an address for founding. False where there is a firm already.
create function parley_offer_founding(p_hash text) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if exists (select from firm) then return false; end if;
  delete from gate.founding where created_at < now() - interval '1 day' and firm is null;
  insert into gate.founding (hash) values (p_hash);
  return true;
end $$;

-- Can a firm be founded with this address? It counts for a day, and until the first firm has somebody in it.
create function parley_founding(p_hash text) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
  select exists (select from gate.founding g where g.hash = p_hash and g.created_at > now() - interval '1 day'
    and case when g.firm is null then not exists (select from firm) else not exists (select from person q where q.tenant_id = g.firm) end)
$$;

-- Founds the first firm with such an address; a second try with the same address, when the first ended before there was an
-- administrator, goes on with the same firm. Null when the address does not count (any more). Two who try at once wait for each other.
create function parley_found_first(p_hash text, p_firm uuid, p_name text, p_timezone text) returns uuid
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_firm uuid;
begin
  perform pg_advisory_xact_lock(hashtextextended('founding', 0));
  if not parley_founding(p_hash) then return null; end if;
  select g.firm into v_firm from gate.founding g where g.hash = p_hash;
  if v_firm is null then
    v_firm := p_firm;
    insert into firm (id, name, timezone) values (v_firm, p_name, p_timezone);
    update gate.founding set firm = v_firm where hash = p_hash;
    delete from gate.founding where hash <> p_hash;
  else
    update firm set name = p_name, timezone = p_timezone where id = v_firm;
  end if;
  return v_firm;
end $$;

do $$
declare
  signature text;
begin
  foreach signature in array array['parley_sign_in_firms(text)', 'parley_session(uuid, text, timestamptz, interval)', 'parley_sweep_sign_in(int)',
      'parley_sweep_session(int)', 'parley_offer_founding(text)', 'parley_founding(text)', 'parley_found_first(text, uuid, text, text)'] loop
    execute format('alter function %s owner to parley_gate', signature);
    execute format('revoke all on function %s from public', signature);
    execute format('grant execute on function %s to parley_login', signature);
  end loop;
end $$;
