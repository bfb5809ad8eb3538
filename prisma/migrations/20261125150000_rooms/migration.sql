-- A room's readers never change: another audience, client or project is another room, and one that was unbound is ended for good.

alter table room add column unbound_at timestamptz;
update room set unbound_at = now() where fault = 'unbound';

-- The same channel may be bound again after its room has ended: to the same readers or to others, as another room. A process of
-- the version before names the old constraint when it binds a room, and is refused; it would have kept the old readers.
alter table room drop constraint room_tenant_id_channel_account_address_client_id_project_id_key;
create unique index room_bound on room (tenant_id, channel, account, address, client_id, project_id) nulls not distinct
  where unbound_at is null;

-- What was shown in a channel before it was bound anew is looked for at each post.
create index room_ended on room (tenant_id, channel, account, address) where unbound_at is not null;

-- Holds what nobody who writes a room should have to remember. A process of the version before ends a room by its fault.
create function parley_keep_readers() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
  -- Nothing revives a room that has ended: neither a failed delivery nor an app that is installed again.
  if old.unbound_at is not null then return null; end if;
  if (new.channel, new.account, new.address, new.audience, new.client_id, new.project_id, new.person_id)
      is distinct from (old.channel, old.account, old.address, old.audience, old.client_id, old.project_id, old.person_id) then
    raise exception 'the readers of a room never change: unbind it, and bind another';
  end if;
  if new.fault = 'unbound' then new.unbound_at := coalesce(new.unbound_at, now()); end if;
  return new;
end $$;
create trigger room_keeps_readers before update on room for each row execute function parley_keep_readers();

-- Is a channel bound for other readers now? As before, but a room that has ended binds nothing.
create or replace function parley_bound_for_others(p_channel text, p_account text, p_address text, p_audience text, p_client uuid) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_tenant uuid := nullif(current_setting('app.tenant', true), '')::uuid;
begin
  perform pg_advisory_xact_lock(hashtextextended(concat_ws('/', 'room', v_tenant, p_channel, p_account, p_address), 0));
  return exists (select from room r where r.tenant_id = v_tenant and r.channel = p_channel and r.account = p_account and r.address = p_address
    and r.unbound_at is null and (r.audience <> p_audience or (p_audience = 'client' and r.client_id <> p_client)));
end $$;

-- ── linking chat accounts ───────────────────────────────────────────────────────────────────────────────────────────

alter table link_code
  -- A keyed hash of the mail address that the code was asked for, so that requests for one address can be counted.
  add column asked_for text,
  -- What the account that asks calls itself, and its workspace: named in the mail.
  add column called_as text,
  add column workspace text,
  -- The administrator who made the code; null for a code by mail, and for one that the system made. Such a code belongs to no account
  -- until it is used: its provider is '' till then.
  add column issued_by uuid,
  add column identity_id uuid;
create index link_code_address on link_code (tenant_id, asked_for, created_at);

-- The migration of the tables' lives gives the gate the same; whichever comes first.
drop policy if exists link_code_gate on link_code;
create policy link_code_gate on link_code to parley_gate using (true);
grant select, insert on link_code to parley_gate;

-- Makes a code that an administrator hands on. Only its hash is stored.
create function parley_issue_code(p_id uuid, p_person uuid, p_hash text, p_expires timestamptz, p_at timestamptz) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_actor jsonb := parley_actor();
begin
  perform parley_require(v_actor ->> 'kind' = 'system' or v_actor ->> 'role' = 'admin');
  insert into link_code (tenant_id, id, provider, account, external_id, person_id, code_hash, expires_at, created_at, issued_by)
    values ((v_actor ->> 'tenantId')::uuid, p_id, '', '', '', p_person, p_hash, p_expires, p_at, (v_actor ->> 'personId')::uuid);
end $$;

-- For whom a code was made that nobody used yet; null unless whoever asks had it made.
create function parley_issued_to(p_link uuid) returns text
language sql stable security definer set search_path = public, pg_temp as $$
  select q.name from link_code l join person q on q.tenant_id = l.tenant_id and q.id = l.person_id
    where l.tenant_id = nullif(current_setting('app.tenant', true), '')::uuid and l.id = p_link and l.provider = '' and l.used_at is null
      and l.issued_by is not distinct from nullif(current_setting('app.person', true), '')::uuid
$$;

do $$
declare
  signature text;
begin
  foreach signature in array array['parley_issue_code(uuid, uuid, text, timestamptz, timestamptz)', 'parley_issued_to(uuid)'] loop
    execute format('alter function %s owner to parley_gate', signature);
    execute format('revoke all on function %s from public', signature);
  end loop;
end $$;
grant execute on function parley_issue_code(uuid, uuid, text, timestamptz, timestamptz), parley_issued_to(uuid) to parley_staff, parley_system;

-- ── accounts ────────────────────────────────────────────────────────────────────────────────────────────────────────

-- Did the firm of the open transaction connect this account? Members do not see connections, and bind rooms.
create function parley_connects(p_tool text, p_account text) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
  select exists (select from connection c where c.tenant_id = nullif(current_setting('app.tenant', true), '')::uuid
    and c.tool = p_tool and c.account = p_account)
$$;
alter function parley_connects(text, text) owner to parley_gate;
revoke all on function parley_connects(text, text) from public;
grant execute on function parley_connects(text, text) to parley_staff, parley_member, parley_member_one, parley_system;
