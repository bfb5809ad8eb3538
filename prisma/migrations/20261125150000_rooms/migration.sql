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
