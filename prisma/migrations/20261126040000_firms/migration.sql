set local row_security = off;

-- Whoever runs a hub invites further firms: each founds itself at an address of its own, once.
alter table gate.founding add column invited boolean not null default false;

-- Offers an address for founding the first firm. False where there is a firm already.
create or replace function parley_offer_founding(p_hash text) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if exists (select from firm) then return false; end if;
  delete from gate.founding where created_at < now() - interval '1 day' and firm is null and not invited;
  insert into gate.founding (hash) values (p_hash);
  return true;
end $$;

-- Offers an address for founding one more firm, or the first.
create function parley_invite_firm(p_hash text) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  delete from gate.founding where created_at < now() - interval '7 days' and firm is null;
  insert into gate.founding (hash, invited) values (p_hash, true);
end $$;

-- Can a firm be founded with this address? That of the first start counts for a day, an invitation for seven, and both until
-- their firm has somebody in it.
create or replace function parley_founding(p_hash text) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
  select exists (select from gate.founding g where g.hash = p_hash
    and g.created_at > now() - case when g.invited then interval '7 days' else interval '1 day' end
    and case when g.firm is not null then not exists (select from person q where q.tenant_id = g.firm)
      else g.invited or not exists (select from firm) end)
$$;

-- Founds a firm with such an address; a second try with the same address, when the first ended before there was an
-- administrator, goes on with the same firm. Null when the address does not count (any more). Two who try at once wait for
-- each other. Further firms that were invited are not touched.
create or replace function parley_found_first(p_hash text, p_firm uuid, p_name text, p_timezone text) returns uuid
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
    delete from gate.founding where hash <> p_hash and not invited;
  else
    update firm set name = p_name, timezone = p_timezone where id = v_firm;
  end if;
  return v_firm;
end $$;

alter function parley_invite_firm(text) owner to parley_gate;
revoke all on function parley_invite_firm(text) from public;
grant execute on function parley_invite_firm(text) to parley_login;
