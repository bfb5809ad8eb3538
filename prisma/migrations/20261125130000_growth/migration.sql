-- What grows with traffic, and for how long it is kept. Each function deletes what its declaration allows and nothing else; no role
-- of an actor may delete. What was done (event, audit, and the things themselves) stays for good.

-- Old rows lie together in the order in which they came: a few bytes for each hundred pages find them.
create index request_old on request using brin (at);
create index inbox_old on inbox using brin (received_at);

-- Found by the message that somebody answered: ->> is not leakproof, so under a policy an index on it is never used.
alter table posted_card add column message_id text generated always as (ref ->> 'id') stored;
create index posted_card_message on posted_card (tenant_id, message_id);

do $$
declare
  name text;
begin
  foreach name in array array['inbox', 'event', 'audit'] loop
    if not exists (select from pg_policies where schemaname = 'public' and tablename = name and policyname = name || '_gate') then
      execute format('create policy %I on %I to parley_gate using (true)', name || '_gate', name);
    end if;
  end loop;
end $$;
-- link_code gets its policy for the gate where its own functions are made.
grant select, delete on request, posted_card, inbox, link_code to parley_gate;
grant update (body, headers) on inbox to parley_gate;
grant select on event, audit to parley_gate;

-- Claims of request ids: a link in a mail can be used for 30 days, a platform repeats a press for hours, a job for days.
create function parley_sweep_request(p_limit int) returns int
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_rows int;
begin
  delete from request where ctid = any (array(
    select ctid from request where at < now() - interval '90 days' limit least(p_limit, 1000)));
  get diagnostics v_rows = row_count;
  return v_rows;
end $$;

-- What was applied is told by its event. The bodies of mails stay: their attachments are in them.
create function parley_sweep_inbox_body(p_limit int) returns int
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_rows int;
begin
  update inbox set body = '', headers = '{}' where ctid = any (array(
    select ctid from inbox where received_at < now() - interval '30 days' and status = 'applied' and source <> 'email' and body <> ''
    limit least(p_limit, 1000)));
  get diagnostics v_rows = row_count;
  return v_rows;
end $$;

-- Delivery ids are kept far longer than any sender repeats (four days); what waits or is in quarantine stays until somebody decided.
create function parley_sweep_inbox(p_limit int) returns int
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_rows int;
begin
  delete from inbox where ctid = any (array(
    select ctid from inbox where received_at < now() - interval '90 days' and (status = 'duplicate' or (status = 'applied' and source <> 'email'))
    limit least(p_limit, 1000)));
  get diagnostics v_rows = row_count;
  return v_rows;
end $$;

-- Cards that are gone or could not be delivered are kept for the desk; sent mails are needed as long as somebody answers them. The
-- first mail of a thread stays while later ones name it.
create function parley_sweep_posted_card(p_limit int) returns int
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_rows int;
begin
  delete from posted_card where ctid = any (array(
    select p.ctid from posted_card p
    where (p.state in ('gone', 'undeliverable') and p.updated_at < now() - interval '90 days'
        or p.channel = 'email' and p.state = 'posted' and p.updated_at < now() - interval '730 days')
      and not exists (select from posted_card l where l.tenant_id = p.tenant_id and l.thread_of = p.id)
    limit least(p_limit, 1000)));
  get diagnostics v_rows = row_count;
  return v_rows;
end $$;

-- Codes live for minutes; how many were asked for is counted within the hour.
create function parley_sweep_link_code(p_limit int) returns int
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_rows int;
begin
  delete from link_code where ctid = any (array(
    select ctid from link_code where expires_at < now() - interval '30 days' limit least(p_limit, 1000)));
  get diagnostics v_rows = row_count;
  return v_rows;
end $$;

-- Rows, bytes (with indexes and long values) and the oldest row of what grows; of other tables the bytes alone.
create function parley_storage() returns table (name text, bytes bigint, rows bigint, oldest timestamptz)
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  v_at jsonb := '{"request": "at", "inbox": "received_at", "posted_card": "created_at", "link_code": "created_at", "event": "at", "audit": "at"}';
begin
  for name, bytes in
    select c.relname, pg_total_relation_size(c.oid) from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> '_prisma_migrations' order by 2 desc, 1
  loop
    rows := null;
    oldest := null;
    if v_at ? name then
      execute format('select count(*), min(%I) from %I', v_at ->> name, name) into rows, oldest;
    end if;
    return next;
  end loop;
end $$;

do $$
declare
  signature text;
begin
  foreach signature in array array['parley_sweep_request(int)', 'parley_sweep_inbox_body(int)', 'parley_sweep_inbox(int)',
      'parley_sweep_posted_card(int)', 'parley_sweep_link_code(int)', 'parley_storage()'] loop
    execute format('alter function %s owner to parley_gate', signature);
    execute format('revoke all on function %s from public', signature);
    execute format('grant execute on function %s to parley_login', signature);
  end loop;
end $$;
