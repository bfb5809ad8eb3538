-- An account of a tool is a row: whose it is, what it is reached with (sealed), and how it fares.

alter table connection
  -- Set when the account belongs to one client of the firm.
  add column client_id uuid,
  add column scopes text[] not null default '{}',
  -- broken: the tool refuses what it is reached with. revoked: the tool said that Parley was removed there.
  add column status text not null default 'active' check (status in ('active', 'broken', 'revoked')),
  -- What is wrong and how it is mended, for staff.
  add column fault text,
  add column last_success_at timestamptz,
  -- When what it is reached with ends by itself.
  add column expires_at timestamptz,
  -- A worker keeps a line to it open (IMAP, Socket Mode).
  add column listens boolean not null default false,
  -- Raised by all that whoever has it open must learn of: other credentials, other settings, its end.
  add column version int not null default 1,
  add foreign key (tenant_id, client_id) references client (tenant_id, id);
-- Before anybody is known: whose address a request came to, and which of all firms' accounts are listened to.
create unique index connection_by_id on connection (id);
create index connection_listening on connection (tool) where listens;

-- Whose account it is decides where a firm's words go: the functions below check who says so.
revoke insert, update, delete on connection from parley_staff;
grant insert, update, delete on connection to parley_gate;

-- The key of a firm, under which its credentials are sealed. Each copy is wrapped under one PARLEY_SECRET: during a rotation
-- there is one for each of both. Without the secret a copy is of no use.
create table firm_key (
  tenant_id uuid not null references firm (id),
  -- Tells which secret it was, and nothing about it.
  secret_id text not null,
  wrapped bytea not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, secret_id)
);
select parley_protect('firm_key', scope => 'system', system => '{select}');
create policy firm_key_gate on firm_key to parley_gate using (true);
grant select, insert, delete on firm_key to parley_gate;

-- What an account is reached with, sealed under its firm's key. People's roles never read it.
create table credentials (
  tenant_id uuid not null references firm (id),
  connection_id uuid not null,
  sealed bytea not null,
  -- Who renews them has until then; nobody else tries meanwhile.
  renewing_until timestamptz,
  updated_at timestamptz not null default now(),
  primary key (tenant_id, connection_id),
  foreign key (tenant_id, connection_id) references connection (tenant_id, id) on delete cascade
);
select parley_protect('credentials', scope => 'system', system => '{select, update, delete}');
create policy credentials_gate on credentials to parley_gate using (true);
grant select, insert, update, delete on credentials to parley_gate;

-- The copies of the open firm's key. Where there is none yet the given ones become it: [{secretId, wrapped (base64)}].
create function parley_firm_key(p_copies jsonb) returns table (secret_id text, wrapped bytea)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_tenant uuid := nullif(current_setting('app.tenant', true), '')::uuid;
begin
  if jsonb_array_length(p_copies) > 0 then
    -- One key per firm: who makes another meanwhile waits, and finds this one.
    perform pg_advisory_xact_lock(hashtextextended(concat_ws('/', 'firm key', v_tenant), 0));
    insert into firm_key (tenant_id, secret_id, wrapped)
      select v_tenant, c."secretId", decode(c.wrapped, 'base64')
      from jsonb_to_recordset(p_copies) as c ("secretId" text, wrapped text)
      where not exists (select from firm_key k where k.tenant_id = v_tenant);
  end if;
  return query select k.secret_id, k.wrapped from firm_key k where k.tenant_id = v_tenant;
end $$;

-- Who acts may connect accounts: an administrator of the firm, or the system for one.
create function parley_connecting() returns uuid
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  v_actor jsonb := parley_actor();
begin
  if not (v_actor ->> 'kind' = 'system' or (v_actor ->> 'role' = 'admin' and v_actor ->> 'side' = 'staff')) then
    raise exception 'only an administrator connects accounts' using errcode = 'insufficient_privilege';
  end if;
  return v_actor ->> 'tenantId';
end $$;

-- Keeps an account of the acting administrator's firm with what it is reached with, new or again:
-- {id, tool, account, clientId?, settings, scopes, sealed (base64), expiresAt?, listens}.
-- Answers whether it is new; null when the account is another firm's, or was connected under another id meanwhile.
create function parley_keep_connection(p jsonb) returns boolean
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
  insert into credentials as s (tenant_id, connection_id, sealed) values (v_tenant, v_id, decode(p ->> 'sealed', 'base64'))
    on conflict (tenant_id, connection_id) do update set sealed = excluded.sealed, renewing_until = null, updated_at = now();
  return v_new;
end $$;

-- Puts a broken account to use again. Answers whether it was broken.
create function parley_mend_connection(p_id uuid) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_tenant uuid := parley_connecting();
begin
  update connection c set status = 'active', fault = null, version = c.version + 1
    where c.tenant_id = v_tenant and c.id = p_id and c.status = 'broken';
  return found;
end $$;

-- Gives an account up: it is nobody's then. Answers whether there was one.
create function parley_drop_connection(p_id uuid) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_tenant uuid := parley_connecting();
begin
  delete from connection c where c.tenant_id = v_tenant and c.id = p_id;
  return found;
end $$;

-- Whose account is this? The address of a firm's own app names its row and nothing else.
create function parley_connection(p_id uuid) returns table (tenant_id uuid, tool text, account text)
language sql stable security definer set search_path = public, pg_temp as $$
  select c.tenant_id, c.tool, c.account from connection c where c.id = p_id
$$;

-- Of these tools, those of which some firm has an account with credentials of its own. Asked every few seconds: one account will do.
create function parley_connected_tools(p_tools text[]) returns table (tool text)
language sql stable security definer set search_path = public, pg_temp as $$
  select t.tool from unnest(p_tools) as t (tool) where exists (
    select from connection c join credentials s on s.tenant_id = c.tenant_id and s.connection_id = c.id where c.tool = t.tool)
$$;

-- The accounts of a tool, of all firms: what is looked at by the clock.
create function parley_connections_of(p_tool text) returns table (tenant_id uuid, account text)
language sql stable security definer set search_path = public, pg_temp as $$
  select c.tenant_id, c.account from connection c
    where c.tool = p_tool and c.status = 'active' order by c.created_at, c.id
$$;

-- Those to which a line is kept open.
create function parley_listening(p_tool text) returns table (tenant_id uuid, id uuid, account text, version int)
language sql stable security definer set search_path = public, pg_temp as $$
  select c.tenant_id, c.id, c.account, c.version from connection c
    where c.tool = p_tool and c.listens and c.status = 'active' order by c.created_at, c.id
$$;

do $$
declare
  signature text;
begin
  foreach signature in array array['parley_firm_key(jsonb)', 'parley_connecting()', 'parley_keep_connection(jsonb)', 'parley_mend_connection(uuid)',
      'parley_drop_connection(uuid)', 'parley_connection(uuid)', 'parley_connected_tools(text[])', 'parley_connections_of(text)',
      'parley_listening(text)'] loop
    execute format('alter function %s owner to parley_gate', signature);
    execute format('revoke all on function %s from public', signature);
  end loop;
end $$;
grant execute on function parley_firm_key(jsonb), parley_keep_connection(jsonb), parley_mend_connection(uuid), parley_drop_connection(uuid)
  to parley_staff, parley_system;
grant execute on function parley_connection(uuid), parley_connected_tools(text[]), parley_connections_of(text), parley_listening(text)
  to parley_login;
