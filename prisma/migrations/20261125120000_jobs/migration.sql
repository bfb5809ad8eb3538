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

-- ── delivery, room by room ───────────────────────────────────────────────────────────────────────────────────────────

-- Who writes to a room now. A room's messages go out one after the other; whoever comes meanwhile leaves its work to the holder.
create table room_delivery (
  tenant_id uuid not null references firm (id),
  room_id uuid not null,
  -- The worker that has the room, and when it was last heard of; null when nobody has it.
  holder uuid,
  beat_at timestamptz,
  -- More came while somebody had it.
  again boolean not null default false,
  -- Until when the platform wants no calls for this room.
  paused_until timestamptz,
  primary key (tenant_id, room_id),
  foreign key (tenant_id, room_id) references room (tenant_id, id) on delete cascade
);
create index room_delivery_paused on room_delivery (tenant_id, paused_until) where paused_until is not null;
alter table room_delivery enable row level security;
alter table room_delivery force row level security;
create policy room_delivery_system on room_delivery to parley_system
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));
grant select, insert, update, delete on room_delivery to parley_system;

-- Until when the platform wants no calls for this account.
alter table connection add column paused_until timestamptz;

alter table posted_card
  -- How often what it shows changed, and which of these changes it shows: it is to be drawn again while they differ.
  add column changes int not null default 0,
  add column drawn int not null default 0,
  -- It belongs into the thread of its thing's card, which is looked for when it is sent.
  add column in_thread boolean not null default false,
  -- Since when a message of it may exist that nobody noted, and when to look for that.
  add column doubt_since timestamptz,
  add column look_at timestamptz;
create index posted_card_due on posted_card (tenant_id, room_id, created_at)
  where state = 'sending' or drawn < changes or look_at is not null;
