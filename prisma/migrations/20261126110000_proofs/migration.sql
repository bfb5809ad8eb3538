-- Whose an account is: who posted the code that connected it, and what waits until a mail proves it.

-- What the code connected, and who posted it: {account, called, by, externalId, place}.
alter table connect_code add column connection_id uuid, add column posted jsonb;

-- As the function of three; it also keeps what was connected, and by whom. {code, tell}: the administrators who are told by mail,
-- because no triage room of the firm can hear of it. Null when the code was used, or counts no more.
create function parley_use_connect_code(p_tool text, p_hash text, p_at timestamptz, p_connection uuid, p_posted jsonb) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_tenant uuid := parley_connecting();
  v_code uuid;
begin
  update connect_code c set used_at = p_at, connection_id = p_connection, posted = p_posted
    where c.tenant_id = v_tenant and c.tool = p_tool and c.code_hash = p_hash and c.expires_at > p_at and c.used_at is null
    returning c.id into v_code;
  if v_code is null then return null; end if;
  return jsonb_build_object('code', v_code, 'tell', case
    when exists (select from room r where r.tenant_id = v_tenant and r.audience = 'triage' and r.unbound_at is null and r.fault is null) then '[]'
    else (select coalesce(jsonb_agg(p.id order by p.id), '[]') from person p
      where p.tenant_id = v_tenant and p.side = 'staff' and p.role = 'admin' and p.active) end);
end $$;

-- What became of a code that was posted: what is kept of it, what it connected, when, whose code it was, and whether it is the last
-- that connected that account.
create function parley_posted(p_id uuid) returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  select c.posted || jsonb_build_object('tool', c.tool, 'connection', c.connection_id, 'at', c.used_at, 'madeBy', p.name,
      'isLast', not exists (select from connect_code l where l.tenant_id = c.tenant_id and l.connection_id = c.connection_id and l.used_at > c.used_at))
    from connect_code c join person p on p.tenant_id = c.tenant_id and p.id = c.person_id
    where c.tenant_id = nullif(current_setting('app.tenant', true), '')::uuid and c.id = p_id and c.posted is not null
$$;

-- An account that counts once what the hub sends there has arrived in it. It holds no name: several firms may wait for the same one.
create table account_proof (
  tenant_id uuid not null references firm (id),
  id uuid not null,
  -- Who connects it.
  person_id uuid not null,
  tool text not null,
  account text not null,
  -- Of the connection that it becomes; what it is reached with is sealed for that one. Null once it has ended well.
  connection_id uuid not null,
  sealed bytea,
  settings jsonb not null,
  listens boolean not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  -- How often it was asked for, and when it went out last; null while it is to be sent.
  sendings int not null default 1,
  sent_at timestamptz,
  -- When it is looked for next, and how often it was.
  look_at timestamptz not null,
  looks int not null default 0,
  -- How it ended: connected, or why not.
  ended_at timestamptz,
  fault text,
  primary key (tenant_id, id),
  foreign key (tenant_id, person_id) references person (tenant_id, id)
);
-- Asked every few seconds, for all firms.
create index account_proof_waiting on account_proof (tool, look_at) where ended_at is null;
create index account_proof_person on account_proof (tenant_id, person_id);
select parley_protect('account_proof', scope => 'system', firm => '{select}');
create policy account_proof_gate on account_proof to parley_gate using (true);
grant select, insert, update, delete on account_proof to parley_gate;

-- Begins to prove an account for the acting administrator. False when the firm asked for many mails within the hour.
create function parley_begin_proof(p_id uuid, p jsonb, p_at timestamptz, p_expires timestamptz) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_tenant uuid := parley_connecting();
begin
  perform pg_advisory_xact_lock(hashtextextended(concat_ws('/', 'account proof', v_tenant), 0));
  if (select coalesce(sum(a.sendings), 0) from account_proof a where a.tenant_id = v_tenant and a.created_at > p_at - interval '1 hour') >= 10 then
    return false;
  end if;
  insert into account_proof (tenant_id, id, person_id, tool, account, connection_id, sealed, settings, listens, created_at, expires_at, look_at)
    values (v_tenant, p_id, (p ->> 'person')::uuid, p ->> 'tool', p ->> 'account', (p ->> 'id')::uuid, decode(p ->> 'sealed', 'base64'),
      p -> 'settings', (p ->> 'listens')::boolean, p_at, p_expires, p_at);
  return true;
end $$;

-- How the accounts of the acting firm stand that are to be proven: the one, or (null) all that wait.
create function parley_proofs(p_id uuid, p_at timestamptz) returns table (id uuid, tool text, account text, "expiresAt" timestamptz, "sentAt" timestamptz,
  "endedAt" timestamptz, fault text, connection uuid)
language sql stable security definer set search_path = public, pg_temp as $$
  select a.id, a.tool, a.account, a.expires_at, a.sent_at, a.ended_at, a.fault, a.connection_id from account_proof a
    where a.tenant_id = nullif(current_setting('app.tenant', true), '')::uuid
      and (a.id = p_id or (p_id is null and a.ended_at is null and a.expires_at > p_at))
    order by a.created_at desc, a.id limit 10
$$;

-- Sends it again, and begins the time anew. False when it was connected meanwhile, is a day old, or was sent often enough.
create function parley_send_proof_again(p_id uuid, p_at timestamptz, p_expires timestamptz) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_tenant uuid := parley_connecting();
begin
  update account_proof a set sent_at = null, expires_at = p_expires, look_at = p_at, looks = 0, ended_at = null, fault = null,
      sendings = a.sendings + 1
    where a.tenant_id = v_tenant and a.id = p_id and a.sealed is not null and a.created_at > p_at - interval '1 day' and a.sendings < 5;
  return found;
end $$;

-- Connects what was proven. {id, new}; {say} when it cannot be: the reason. Null when that was found out before.
create function parley_finish_proof(p_id uuid, p_at timestamptz) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_tenant uuid := parley_connecting();
  v account_proof;
  v_new boolean;
begin
  select * into v from account_proof a where a.tenant_id = v_tenant and a.id = p_id and a.ended_at is null for update;
  if v.id is null then return null; end if;
  if not exists (select from person p where p.tenant_id = v_tenant and p.id = v.person_id and p.side = 'staff' and p.role = 'admin' and p.active) then
    return '{"say": "person"}';
  end if;
  v_new := parley_keep_connection(jsonb_build_object('id', v.connection_id, 'tool', v.tool, 'account', v.account, 'clientId', null,
    'settings', v.settings, 'scopes', '[]'::jsonb, 'expiresAt', null, 'listens', v.listens, 'sealed', encode(v.sealed, 'base64')));
  if v_new is null then return jsonb_build_object('say', case
    when exists (select from connection c where c.tool = v.tool and c.account = v.account and c.tenant_id = v_tenant) then 'again' else 'taken' end);
  end if;
  update account_proof a set ended_at = p_at, sealed = null where a.tenant_id = v_tenant and a.id = p_id;
  return jsonb_build_object('id', v.connection_id, 'new', v_new);
end $$;

-- Notes why an account was not proven. False when it ended before.
create function parley_end_proof(p_id uuid, p_at timestamptz, p_fault text) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_tenant uuid := parley_connecting();
begin
  update account_proof a set ended_at = p_at, fault = p_fault where a.tenant_id = v_tenant and a.id = p_id and a.ended_at is null;
  return found;
end $$;

-- Takes up those of all firms that are to be looked at; the next look comes the later the longer it takes. Whoever took one and died
-- holds it up no longer than that.
create function parley_take_proofs(p_tool text, p_at timestamptz, p_limit int) returns table ("tenantId" uuid, id uuid, account text,
  connection uuid, sealed bytea, "expiresAt" timestamptz, "sentAt" timestamptz, firm text, person text)
language sql security definer set search_path = public, pg_temp as $$
  with taken as (
    update account_proof a set looks = a.looks + 1,
      look_at = p_at + interval '1 second' * case when a.looks < 20 then 5 when a.looks < 60 then 15 else 30 end
    where (a.tenant_id, a.id) in (select w.tenant_id, w.id from account_proof w
      where w.tool = p_tool and w.ended_at is null and w.look_at <= p_at order by w.look_at limit p_limit for update skip locked)
    returning a.*)
  select t.tenant_id, t.id, t.account, t.connection_id, t.sealed, t.expires_at, t.sent_at, f.name, p.name
    from taken t join firm f on f.id = t.tenant_id join person p on p.tenant_id = t.tenant_id and p.id = t.person_id
$$;

create function parley_note_proof_sent(p_tenant uuid, p_id uuid, p_at timestamptz) returns void
language sql security definer set search_path = public, pg_temp as $$
  update account_proof a set sent_at = p_at where a.tenant_id = p_tenant and a.id = p_id and a.sent_at is null and a.ended_at is null
$$;

create function parley_sweep_account_proof(p_limit int) returns int
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_rows int;
begin
  delete from account_proof where ctid = any (array(
    select ctid from account_proof where expires_at < now() - interval '1 day' limit least(p_limit, 1000)));
  get diagnostics v_rows = row_count;
  return v_rows;
end $$;

do $$
declare
  signature text;
begin
  foreach signature in array array['parley_use_connect_code(text, text, timestamptz, uuid, jsonb)', 'parley_posted(uuid)',
      'parley_begin_proof(uuid, jsonb, timestamptz, timestamptz)', 'parley_proofs(uuid, timestamptz)',
      'parley_send_proof_again(uuid, timestamptz, timestamptz)', 'parley_finish_proof(uuid, timestamptz)',
      'parley_end_proof(uuid, timestamptz, text)', 'parley_take_proofs(text, timestamptz, int)',
      'parley_note_proof_sent(uuid, uuid, timestamptz)', 'parley_sweep_account_proof(int)'] loop
    execute format('alter function %s owner to parley_gate', signature);
    execute format('revoke all on function %s from public', signature);
  end loop;
end $$;
grant execute on function parley_use_connect_code(text, text, timestamptz, uuid, jsonb), parley_posted(uuid),
  parley_begin_proof(uuid, jsonb, timestamptz, timestamptz), parley_proofs(uuid, timestamptz),
  parley_send_proof_again(uuid, timestamptz, timestamptz) to parley_staff, parley_system;
grant execute on function parley_finish_proof(uuid, timestamptz), parley_end_proof(uuid, timestamptz, text) to parley_system;
grant execute on function parley_take_proofs(text, timestamptz, int), parley_note_proof_sent(uuid, uuid, timestamptz),
  parley_sweep_account_proof(int) to parley_login;
