-- A code that is posted in a workspace says whose the workspace is.

-- A code that an administrator was shown: whoever posts it in a workspace connects that workspace to the administrator's firm.
create table connect_code (
  tenant_id uuid not null references firm (id),
  id uuid not null,
  -- In whose name it is connected.
  person_id uuid not null,
  tool text not null,
  -- Keyed: eight digits behind a plain hash are found by trying them all.
  code_hash text not null check (code_hash <> ''),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  -- When it connected something; it connects nothing more.
  used_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, person_id) references person (tenant_id, id)
);
-- Asked where of a workspace no firm is known yet.
create index connect_code_by_hash on connect_code (tool, code_hash);
create index connect_code_person on connect_code (tenant_id, person_id, created_at);
select parley_protect('connect_code', scope => 'system', firm => '{select}');
create policy connect_code_gate on connect_code to parley_gate using (true);
grant select, insert, update, delete on connect_code to parley_gate;

-- Wrong codes, by the account in which they were posted.
create table gate.wrong_code (
  tool text not null,
  account text not null,
  at timestamptz not null
);
create index wrong_code_account on gate.wrong_code (tool, account, at);
grant select, insert, delete on gate.wrong_code to parley_gate;

-- Makes a code for the acting administrator. False when they made many within the hour.
create function parley_make_connect_code(p_id uuid, p_tool text, p_hash text, p_at timestamptz, p_expires timestamptz) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_tenant uuid := parley_connecting();
  v_person uuid := parley_actor() ->> 'personId';
begin
  perform pg_advisory_xact_lock(hashtextextended(concat_ws('/', 'connect code', v_tenant, v_person), 0));
  if (select count(*) from connect_code c where c.tenant_id = v_tenant and c.person_id = v_person and c.created_at > p_at - interval '1 hour') >= 10 then
    return false;
  end if;
  insert into connect_code (tenant_id, id, person_id, tool, code_hash, created_at, expires_at)
    values (v_tenant, p_id, v_person, p_tool, p_hash, p_at, p_expires);
  return true;
end $$;

-- For which tool a code was made that counts still; null unless it is the acting person's.
create function parley_connect_code(p_id uuid, p_at timestamptz) returns text
language sql stable security definer set search_path = public, pg_temp as $$
  select c.tool from connect_code c
    where c.tenant_id = nullif(current_setting('app.tenant', true), '')::uuid and c.id = p_id
      and c.person_id = nullif(current_setting('app.person', true), '')::uuid and c.expires_at > p_at and c.used_at is null
$$;

-- Whose code was posted in an account: {tenant, person}, or {many: true} where too many wrong ones came from there within the hour;
-- null for a wrong one, which is counted. Two who have the same code by chance have none.
create function parley_posted_code(p_tool text, p_account text, p_hash text, p_at timestamptz) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_found jsonb;
begin
  -- Those who try at once are counted one after the other.
  perform pg_advisory_xact_lock(hashtextextended(concat_ws('/', 'wrong code', p_tool, p_account), 0));
  if (select count(*) from gate.wrong_code w where w.tool = p_tool and w.account = p_account and w.at > p_at - interval '1 hour') >= 10 then
    return '{"many": true}';
  end if;
  select min(jsonb_build_object('tenant', c.tenant_id, 'person', c.person_id)::text)::jsonb into v_found from connect_code c
    where c.tool = p_tool and c.code_hash = p_hash and c.expires_at > p_at having count(*) = 1;
  if v_found is null then
    delete from gate.wrong_code w where w.at < p_at - interval '1 day';
    insert into gate.wrong_code (tool, account, at) values (p_tool, p_account, p_at);
  end if;
  return v_found;
end $$;

-- Uses a code of the acting firm up. False when it was used, or counts no more.
create function parley_use_connect_code(p_tool text, p_hash text, p_at timestamptz) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_tenant uuid := parley_connecting();
begin
  update connect_code c set used_at = p_at
    where c.tenant_id = v_tenant and c.tool = p_tool and c.code_hash = p_hash and c.expires_at > p_at and c.used_at is null;
  return found;
end $$;

create function parley_sweep_connect_code(p_limit int) returns int
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_rows int;
begin
  delete from connect_code where ctid = any (array(
    select ctid from connect_code where expires_at < now() - interval '30 days' limit least(p_limit, 1000)));
  get diagnostics v_rows = row_count;
  return v_rows;
end $$;

-- As before; an account that is reached with the environment's credentials brings none of its own (sealed is null).
create or replace function parley_keep_connection(p jsonb) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_tenant uuid := parley_connecting();
  v_id uuid := p ->> 'id';
  v_new boolean;
begin
  insert into connection as c (tenant_id, id, tool, account, client_id, settings, scopes, expires_at, listens)
    values (v_tenant, v_id, p ->> 'tool', p ->> 'account', (p ->> 'clientId')::uuid, p -> 'settings',
      array(select jsonb_array_elements_text(p -> 'scopes')), (p ->> 'expiresAt')::timestamptz, (p ->> 'listens')::boolean)
    on conflict (tool, account) do update set client_id = excluded.client_id, settings = c.settings || excluded.settings,
      scopes = excluded.scopes, expires_at = excluded.expires_at, listens = excluded.listens, status = 'active', fault = null,
      last_success_at = now(), version = c.version + 1
      where c.tenant_id = v_tenant and c.id = v_id
    returning c.version = 1 into v_new;
  if v_new is null then return null; end if;
  if p ->> 'sealed' is not null then
    insert into credentials as s (tenant_id, connection_id, sealed) values (v_tenant, v_id, decode(p ->> 'sealed', 'base64'))
      on conflict (tenant_id, connection_id) do update set sealed = excluded.sealed, renewing_until = null, updated_at = now();
  end if;
  return v_new;
end $$;

do $$
declare
  signature text;
begin
  foreach signature in array array['parley_make_connect_code(uuid, text, text, timestamptz, timestamptz)', 'parley_connect_code(uuid, timestamptz)',
      'parley_posted_code(text, text, text, timestamptz)', 'parley_use_connect_code(text, text, timestamptz)', 'parley_sweep_connect_code(int)'] loop
    execute format('alter function %s owner to parley_gate', signature);
    execute format('revoke all on function %s from public', signature);
  end loop;
end $$;
grant execute on function parley_make_connect_code(uuid, text, text, timestamptz, timestamptz), parley_connect_code(uuid, timestamptz),
  parley_use_connect_code(text, text, timestamptz) to parley_staff, parley_system;
grant execute on function parley_posted_code(text, text, text, timestamptz), parley_sweep_connect_code(int) to parley_login;
