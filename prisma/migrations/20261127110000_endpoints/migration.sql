-- Webhooks out: the addresses that firms and clients want told, what is signed for them, and what each is sent.

create table endpoint (
  tenant_id uuid not null references firm (id),
  id uuid not null,
  -- Whose it is. A client's own is told of that client alone; the firm's (null) of all clients.
  client_id uuid,
  name text not null check (name <> ''),
  url text not null check (url <> ''),
  -- The areas of whose events it is told; null for all.
  areas text[] check (areas <> '{}'),
  status text not null default 'active' check (status in ('active', 'paused', 'failed')),
  -- Why it was given up.
  fault text,
  version int not null default 1,
  -- Who is told when it is given up.
  owner_id uuid not null,
  created_at timestamptz not null,
  -- What was last tried before this is tried anew at once.
  resumed_at timestamptz,
  -- What happened since then is sent again, in order; those up to this event are already.
  replay_from timestamptz,
  replayed_seq bigint not null default 0,
  -- Until then it asked for nothing.
  quiet_until timestamptz,
  succeeded_at timestamptz,
  failed_at timestamptz,
  failure text,
  primary key (tenant_id, id),
  foreign key (tenant_id, client_id) references client (tenant_id, id),
  foreign key (tenant_id, owner_id) references person (tenant_id, id),
  check ((status = 'failed') = (fault is not null))
);
create index endpoint_by_name on endpoint (tenant_id, name, id);
create index endpoint_of_client on endpoint (tenant_id, client_id, name, id);
-- People's roles write through the function below, which checks whose it is; how it fares is noted by the system.
select parley_protect('endpoint', scope => 'client', firm => '{select}', system => '{select, update}');
create policy endpoint_gate on endpoint to parley_gate using (true);
grant select, insert, update, delete on endpoint to parley_gate;

-- What its webhooks are signed with, sealed under the firm's key: two for a day, where one was made in place of the other.
create table endpoint_secret (
  tenant_id uuid not null references firm (id),
  id uuid not null,
  endpoint_id uuid not null,
  sealed bytea not null,
  created_at timestamptz not null,
  -- When it signs no more; null for the one that counts.
  ends_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, endpoint_id) references endpoint (tenant_id, id) on delete cascade
);
create unique index endpoint_secret_current on endpoint_secret (tenant_id, endpoint_id) where ends_at is null;
create index endpoint_secret_of on endpoint_secret (tenant_id, endpoint_id, created_at);
select parley_protect('endpoint_secret', scope => 'system', system => '{select}');
create policy endpoint_secret_gate on endpoint_secret to parley_gate using (true);
grant select, insert, update, delete on endpoint_secret to parley_gate;

-- What an endpoint is sent: one for each event, however often it is tried or sent again.
create table endpoint_delivery (
  tenant_id uuid not null references firm (id),
  id uuid not null,
  -- Refers to nothing: an endpoint is removed at once, and what it was sent when its time is over.
  endpoint_id uuid not null,
  -- The endpoint's.
  client_id uuid,
  event_id uuid not null,
  event_seq bigint not null,
  event_at timestamptz not null,
  -- The event's name, and what it is about: what is about one thing is sent in its order.
  type text not null,
  entity text not null,
  entity_id uuid not null,
  state text not null default 'waiting' check (state in ('waiting', 'delivered', 'failed')),
  attempts int not null default 0,
  due_at timestamptz not null,
  -- A worker has it until then.
  taken_until timestamptz,
  tried_at timestamptz,
  -- What was answered last: the status, the beginning of the text, or why there is none.
  status int,
  answer text,
  fault text,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, endpoint_id, event_id),
  foreign key (tenant_id, client_id) references client (tenant_id, id)
);
create index endpoint_delivery_waiting on endpoint_delivery (tenant_id, endpoint_id, entity, entity_id, event_seq) where state = 'waiting';
create index endpoint_delivery_recent on endpoint_delivery (tenant_id, endpoint_id, event_seq);
create index endpoint_delivery_old on endpoint_delivery using brin (created_at);
select parley_protect('endpoint_delivery', scope => 'client', firm => '{select}', system => '{select, insert, update}');
create policy endpoint_delivery_gate on endpoint_delivery to parley_gate using (true);
grant select, delete on endpoint_delivery to parley_gate;

-- May whoever acts have and change endpoints of that client (null: the firm's)? The firm's administrators, the client's own, the system.
create function parley_keeps_endpoints(p_actor jsonb, p_client uuid) returns boolean
language sql immutable as $$
  select coalesce(p_actor ->> 'kind' = 'system' or (p_actor ->> 'side' = 'staff' and p_actor ->> 'role' = 'admin')
    or (p_actor ->> 'role' = 'client_admin' and (p_actor ->> 'clientId')::uuid = p_client), false)
$$;

-- Writes an endpoint as it is from now on: {id, clientId?, name, url, areas?, status, fault?, version, ownerId, at, resumedAt?, replayFrom?}.
-- Whose it is does not change. Answers whether it was still as it was read: version counts by one.
create function parley_write_endpoint(p jsonb) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_actor jsonb := parley_actor();
  v_tenant uuid := v_actor ->> 'tenantId';
  v_client uuid := p ->> 'clientId';
  v_areas text[] := case when jsonb_typeof(p -> 'areas') = 'array' then array(select jsonb_array_elements_text(p -> 'areas')) end;
begin
  perform parley_require(parley_keeps_endpoints(v_actor, v_client));
  if (p ->> 'version')::int = 1 then
    insert into endpoint (tenant_id, id, client_id, name, url, areas, owner_id, created_at)
      values (v_tenant, (p ->> 'id')::uuid, v_client, p ->> 'name', p ->> 'url', v_areas, (p ->> 'ownerId')::uuid, (p ->> 'at')::timestamptz);
    return true;
  end if;
  update endpoint e set name = p ->> 'name', url = p ->> 'url', areas = v_areas, status = p ->> 'status', fault = p ->> 'fault',
      version = e.version + 1, owner_id = (p ->> 'ownerId')::uuid,
      resumed_at = coalesce((p ->> 'resumedAt')::timestamptz, e.resumed_at),
      quiet_until = case when p ->> 'resumedAt' is null then e.quiet_until end,
      replay_from = least((p ->> 'replayFrom')::timestamptz, e.replay_from),
      replayed_seq = case when p ->> 'replayFrom' is null then e.replayed_seq else 0 end
    where e.tenant_id = v_tenant and e.id = (p ->> 'id')::uuid and e.client_id is not distinct from v_client
      and e.version = (p ->> 'version')::int - 1;
  return found;
end $$;

-- Makes a secret of an endpoint the one that counts. The one before signs beside it until p_ends; older ones go.
create function parley_keep_endpoint_secret(p_endpoint uuid, p_id uuid, p_sealed bytea, p_at timestamptz, p_ends timestamptz) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_actor jsonb := parley_actor();
  v_tenant uuid := v_actor ->> 'tenantId';
  v_client uuid;
begin
  select e.client_id into v_client from endpoint e where e.tenant_id = v_tenant and e.id = p_endpoint for update;
  perform parley_require(found and parley_keeps_endpoints(v_actor, v_client));
  delete from endpoint_secret s where s.tenant_id = v_tenant and s.endpoint_id = p_endpoint and s.ends_at is not null;
  update endpoint_secret s set ends_at = p_ends where s.tenant_id = v_tenant and s.endpoint_id = p_endpoint;
  insert into endpoint_secret (tenant_id, id, endpoint_id, sealed, created_at) values (v_tenant, p_id, p_endpoint, p_sealed, p_at);
end $$;

-- Removes an endpoint with its secrets. Answers whether there was one.
create function parley_remove_endpoint(p_id uuid) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_actor jsonb := parley_actor();
  v_client uuid;
begin
  select e.client_id into v_client from endpoint e where e.tenant_id = (v_actor ->> 'tenantId')::uuid and e.id = p_id for update;
  if not found then return false; end if;
  perform parley_require(parley_keeps_endpoints(v_actor, v_client));
  delete from endpoint e where e.tenant_id = (v_actor ->> 'tenantId')::uuid and e.id = p_id;
  return true;
end $$;

-- The endpoints of all firms that have something to be sent by then: the floor under the jobs, for those that were lost.
create function parley_due_endpoints(p_at timestamptz) returns table (tenant_id uuid, id uuid)
language sql stable security definer set search_path = public, pg_temp as $$
  select e.tenant_id, e.id from endpoint e
    where e.status = 'active' and coalesce(e.quiet_until <= p_at, true) and (e.replay_from is not null or exists (
      select from endpoint_delivery d where d.tenant_id = e.tenant_id and d.endpoint_id = e.id and d.state = 'waiting'
        and (d.due_at <= p_at or d.tried_at < e.resumed_at) and coalesce(d.taken_until <= p_at, true)))
$$;

create function parley_sweep_endpoint_delivery(p_limit int) returns int
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_rows int;
begin
  delete from endpoint_delivery where ctid = any (array(
    select ctid from endpoint_delivery where created_at < now() - interval '30 days' limit least(p_limit, 1000)));
  get diagnostics v_rows = row_count;
  return v_rows;
end $$;

do $$
declare
  signature text;
begin
  foreach signature in array array['parley_keeps_endpoints(jsonb, uuid)', 'parley_write_endpoint(jsonb)',
      'parley_keep_endpoint_secret(uuid, uuid, bytea, timestamptz, timestamptz)', 'parley_remove_endpoint(uuid)',
      'parley_due_endpoints(timestamptz)', 'parley_sweep_endpoint_delivery(int)'] loop
    execute format('alter function %s owner to parley_gate', signature);
    execute format('revoke all on function %s from public', signature);
  end loop;
end $$;
grant execute on function parley_write_endpoint(jsonb), parley_keep_endpoint_secret(uuid, uuid, bytea, timestamptz, timestamptz),
  parley_remove_endpoint(uuid) to parley_staff, parley_contact_whole, parley_system;
grant execute on function parley_due_endpoints(timestamptz), parley_sweep_endpoint_delivery(int) to parley_login;
