-- When a cycle is next to be looked at by the clock; null until somebody looked, and again after each change.
alter table cycle add column look_at timestamptz;
create index cycle_open on cycle (look_at) where status in ('upcoming', 'in_progress', 'in_review');

create function parley_look_again() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
  if new.look_at is not distinct from old.look_at then new.look_at := null; end if;
  return new;
end $$;
create trigger cycle_look_again before update on cycle for each row execute function parley_look_again();

-- Which cycles of which firms may need something by then: ids alone, so that one statement asks for all firms. Each firm's own
-- transaction decides what. A day's slack at the start, because a day begins up to 14 hours earlier than in UTC.
create function parley_due_cycles(p_at timestamptz) returns table (tenant_id uuid, id uuid)
language sql stable security definer set search_path = public, pg_temp as $$
  select c.tenant_id, c.id from cycle c
  where (c.look_at is null or c.look_at <= p_at)
    and ((c.status = 'in_progress' and c.review_opens_at <= p_at) or c.status = 'in_review'
      or (c.status = 'upcoming' and c.starts_on <= (p_at at time zone 'utc')::date + 1))
$$;
grant select (status, starts_on, review_opens_at, look_at) on cycle to parley_gate;
alter function parley_due_cycles(timestamptz) owner to parley_gate;
revoke all on function parley_due_cycles(timestamptz) from public;
grant execute on function parley_due_cycles(timestamptz) to parley_login;
