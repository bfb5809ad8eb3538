-- The client is reminded of scopes and offers, of months that wait for its signature, and of hours that it was asked for. `look_at` is when there is
-- something to remind of. What waits already is looked at once by its default, which is taken away again: no update, because the owner of
-- the tables is held by their policies too.
alter table quote add column reminded_at timestamptz, add column look_at timestamptz default now();
alter table quote alter column look_at drop default;
alter table hours_period add column reminded_at timestamptz, add column look_at timestamptz default now();
alter table hours_period alter column look_at drop default;
alter table hours_overrun add column reminded_at timestamptz, add column look_at timestamptz default now();
alter table hours_overrun alter column look_at drop default;
-- Whoever answers writes nothing here: what is answered is not looked for.
create index quote_to_remind on quote (look_at) where status = 'sent' and look_at is not null;
create index hours_period_to_remind on hours_period (look_at) where status = 'sent' and look_at is not null;
create index hours_overrun_to_remind on hours_overrun (look_at) where status = 'asked' and look_at is not null;

-- As it was, but for what is noted of reminders.
create or replace function parley_overrun_stays() returns trigger
language plpgsql set search_path = public, pg_temp as $$
declare
  v_answer text[] := '{status, version, answered_by, answered_by_name, answered_channel, answered_assurance, answered_at, answer, reminded_at, look_at}';
  v_open text[] := case old.status when 'asked' then v_answer else '{version}' end;
begin
  if to_jsonb(new) - v_open <> to_jsonb(old) - v_open then
    raise exception 'the request %: what was asked and answered is not changed', old.id using errcode = 'check_violation';
  end if;
  if old.status = 'asked' and new.status in ('approved', 'declined') and (
      not coalesce(parley_is_contact(new.tenant_id, new.answered_by, new.answered_by_name), false)
      or exists (select from hours_period p where p.tenant_id = new.tenant_id and p.id = new.period_id and p.status = 'signed')) then
    raise exception 'the request %: one of the client''s people answers, in their own name, before the month is signed', new.id
      using errcode = 'check_violation';
  end if;
  return new;
end $$;

-- As it was, but for scopes that the client has not agreed to: they are looked at once a day before they begin.
create or replace function parley_due_cycles(p_at timestamptz) returns table (tenant_id uuid, id uuid)
language sql stable security definer set search_path = public, pg_temp as $$
  select c.tenant_id, c.id from cycle c
  where (c.look_at is null or c.look_at <= p_at)
    and ((c.status = 'in_progress' and c.review_opens_at <= p_at) or c.status = 'in_review'
      or (c.status = 'upcoming' and (c.starts_on <= (p_at at time zone 'utc')::date + 1
        or not exists (select from cycle_agreement g where g.tenant_id = c.tenant_id and g.cycle_id = c.id and g.number = c.content_number))))
$$;
grant select (content_number) on cycle to parley_gate;
grant select (tenant_id, cycle_id, number) on cycle_agreement to parley_gate;

-- Of which firms which offers, months and requests are to be reminded of by then.
create function parley_due_quote_reminders(p_at timestamptz) returns table (tenant_id uuid, id uuid)
language sql stable security definer set search_path = public, pg_temp as $$
  select q.tenant_id, q.id from quote q where q.status = 'sent' and q.look_at <= p_at
$$;
create function parley_due_hours_to_sign(p_at timestamptz) returns table (tenant_id uuid, id uuid)
language sql stable security definer set search_path = public, pg_temp as $$
  select p.tenant_id, p.id from hours_period p where p.status = 'sent' and p.look_at <= p_at
$$;
create function parley_due_overruns(p_at timestamptz) returns table (tenant_id uuid, id uuid)
language sql stable security definer set search_path = public, pg_temp as $$
  select o.tenant_id, o.id from hours_overrun o where o.status = 'asked' and o.look_at <= p_at
$$;
grant select (look_at) on quote to parley_gate;
grant select (look_at) on hours_period to parley_gate;
grant select (status, look_at) on hours_overrun to parley_gate;

do $$
declare
  v_name text;
begin
  foreach v_name in array array['parley_due_quote_reminders', 'parley_due_hours_to_sign', 'parley_due_overruns'] loop
    execute format('alter function %s(timestamptz) owner to parley_gate', v_name);
    execute format('revoke all on function %s(timestamptz) from public', v_name);
    execute format('grant execute on function %s(timestamptz) to parley_login', v_name);
  end loop;
end $$;
