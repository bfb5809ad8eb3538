-- Keys with which a program acts as somebody, within their rights.

create table api_key (
  tenant_id uuid not null references firm (id),
  id uuid not null,
  -- As whom it acts.
  person_id uuid not null,
  name text not null check (name <> ''),
  -- SHA-256 of the key, which is random and long: nothing that is stored lets anybody in.
  token_hash text not null check (token_hash <> ''),
  -- Whether it may do anything; without it, it reads.
  writes boolean not null,
  -- What it may see of the person's modules; null for all that they see.
  modules text[] check (modules is null or modules <> '{}'),
  created_at timestamptz not null,
  expires_at timestamptz not null check (expires_at > created_at),
  seen_at timestamptz,
  ended_at timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, token_hash),
  foreign key (tenant_id, person_id) references person (tenant_id, id)
);
create index api_key_person on api_key (tenant_id, person_id, created_at);

-- The system works with it; a person makes, sees and ends their own besides.
select parley_protect('api_key', scope => 'system', firm => '{select}');
create policy api_key_own on api_key to parley_staff, parley_member, parley_member_one, parley_contact, parley_contact_one, parley_contact_whole
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid)
    and person_id = (select nullif(current_setting('app.person', true), '')::uuid));
create policy api_key_gate on api_key to parley_gate using (true);
grant update (ended_at) on api_key to parley_system;
grant select, insert on api_key to parley_staff, parley_member, parley_member_one, parley_contact, parley_contact_one, parley_contact_whole;
grant update (ended_at) on api_key to parley_staff, parley_member, parley_member_one, parley_contact, parley_contact_one, parley_contact_whole;
grant select, update, delete on api_key to parley_gate;

-- Whose key is this? Null unless it counts: not ended, not over, and its person still there. That it was used is noted once a minute.
create function parley_api_key(p_tenant uuid, p_hash text, p_at timestamptz) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_key record;
begin
  select k.id, k.person_id, k.writes, k.modules, k.seen_at into v_key
    from api_key k join person q on q.tenant_id = k.tenant_id and q.id = k.person_id and q.active
    where k.tenant_id = p_tenant and k.token_hash = p_hash and k.ended_at is null and k.expires_at > p_at;
  if not found then return null; end if;
  if v_key.seen_at is null or v_key.seen_at < p_at - interval '1 minute' then
    update api_key set seen_at = p_at where tenant_id = p_tenant and id = v_key.id;
  end if;
  return jsonb_build_object('id', v_key.id, 'person', v_key.person_id, 'writes', v_key.writes, 'modules', v_key.modules);
end $$;
alter function parley_api_key(uuid, text, timestamptz) owner to parley_gate;
revoke all on function parley_api_key(uuid, text, timestamptz) from public;
grant execute on function parley_api_key(uuid, text, timestamptz) to parley_login;

create function parley_sweep_api_key(p_limit int) returns int
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_rows int;
begin
  delete from api_key where ctid = any (array(
    select ctid from api_key where least(ended_at, expires_at) < now() - interval '90 days' limit least(p_limit, 1000)));
  get diagnostics v_rows = row_count;
  return v_rows;
end $$;
alter function parley_sweep_api_key(int) owner to parley_gate;
revoke all on function parley_sweep_api_key(int) from public;
grant execute on function parley_sweep_api_key(int) to parley_login;
