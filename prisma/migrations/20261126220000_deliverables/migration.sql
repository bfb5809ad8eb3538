-- What a client gets of a cycle: planned, shared for review as often as it takes, approved or sent back. Each time it is shared is a
-- version that nobody changes, and each decision is about one of them.
create sequence deliverable_number;

create table deliverable (
  tenant_id uuid not null references firm (id),
  id uuid not null,
  number bigint not null default nextval('deliverable_number'),
  client_id uuid not null,
  project_id uuid not null,
  cycle_id uuid not null,
  status text not null check (status in ('planned', 'in_review', 'changes_wanted', 'approved', 'withdrawn')),
  version int not null default 1,
  name text not null check (name <> ''),
  description text,
  -- Whether the scope that both sides signed names it.
  in_scope boolean not null,
  -- How often it was shared, and the hash of what was shared last: what an approval is of.
  shares int not null default 0,
  shared_hash text,
  -- When it was shared last, or sent back, while it waits for somebody: what waits longest stands first.
  waits_since timestamptz,
  -- Who took it out, and when.
  withdrawn_by text,
  withdrawn_at timestamptz,
  reminded_at timestamptz,
  -- When the client is to be reminded of it; null where there is nothing to remind of any more.
  look_at timestamptz,
  created_by text not null check (created_by <> ''),
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, number),
  -- A scope names each of its deliverables once.
  unique (tenant_id, cycle_id, name),
  unique (tenant_id, project_id, id),
  check ((shares = 0) = (shared_hash is null)),
  check (status not in ('in_review', 'changes_wanted', 'approved') or shares > 0),
  check (status not in ('in_review', 'changes_wanted') or waits_since is not null),
  check (num_nonnulls(withdrawn_by, withdrawn_at) = case when status = 'withdrawn' then 2 else 0 end),
  foreign key (tenant_id, client_id, project_id) references project (tenant_id, client_id, id),
  foreign key (tenant_id, project_id, cycle_id) references cycle (tenant_id, project_id, id)
);
create index deliverable_of_project on deliverable (tenant_id, project_id, number);
-- For whoever sees one project: what narrows by that alone would read all of it for one cycle.
create index deliverable_of_cycle_there on deliverable (tenant_id, project_id, cycle_id, number);
create index deliverable_of_cycle on deliverable (tenant_id, cycle_id, number);
create index deliverable_waiting on deliverable (tenant_id, status, waits_since, number) where waits_since is not null;
create index deliverable_look on deliverable (look_at) where status = 'in_review' and look_at is not null;

-- What was shared, as it was: nobody may change or remove it.
create table deliverable_share (
  tenant_id uuid not null references firm (id),
  deliverable_id uuid not null,
  number int not null,
  client_id uuid not null,
  project_id uuid not null,
  content jsonb not null,
  hash text not null,
  person_id uuid not null,
  by_name text not null,
  at timestamptz not null,
  primary key (tenant_id, deliverable_id, number),
  unique (tenant_id, deliverable_id, number, hash),
  foreign key (tenant_id, project_id, deliverable_id) references deliverable (tenant_id, project_id, id),
  foreign key (tenant_id, client_id, project_id) references project (tenant_id, client_id, id),
  foreign key (tenant_id, person_id) references person (tenant_id, id)
);
select parley_protect('deliverable_share', scope => 'project', firm => '{select, insert}', system => '{select}', author => 'person_id');

-- What the client said of a version: once, and for good.
create table deliverable_decision (
  tenant_id uuid not null references firm (id),
  deliverable_id uuid not null,
  number int not null,
  client_id uuid not null,
  project_id uuid not null,
  hash text not null,
  kind text not null check (kind in ('approved', 'changes_wanted')),
  reason text,
  person_id uuid not null,
  by_name text not null,
  channel text not null,
  assurance text not null,
  at timestamptz not null,
  primary key (tenant_id, deliverable_id, number),
  check ((kind = 'changes_wanted') = (reason is not null)),
  -- A decision can only be about what was shared, by its hash.
  foreign key (tenant_id, deliverable_id, number, hash) references deliverable_share (tenant_id, deliverable_id, number, hash),
  foreign key (tenant_id, project_id, deliverable_id) references deliverable (tenant_id, project_id, id),
  foreign key (tenant_id, client_id, project_id) references project (tenant_id, client_id, id),
  foreign key (tenant_id, person_id) references person (tenant_id, id)
);
select parley_protect('deliverable_decision', scope => 'project', firm => '{select}', system => '{select}', author => 'person_id',
  contact_insert => '{tenant_id, deliverable_id, number, client_id, project_id, hash, kind, reason, person_id, by_name, channel, assurance, at}');

-- The last wall, whoever writes and by whatever code: what is approved is what was shared last, as the client approved it.
create function parley_deliverable_stands() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
  if new.status in ('approved', 'changes_wanted') and not exists (select from deliverable_decision d
      where d.tenant_id = new.tenant_id and d.deliverable_id = new.id and d.number = new.shares and d.hash = new.shared_hash
        and d.kind = new.status) then
    raise exception 'deliverable %: the client did not decide so about what was shared last', new.id using errcode = 'check_violation';
  end if;
  if old.status = 'approved' and new.status = 'approved'
      and (new.name, new.description, new.shares, new.shared_hash) is distinct from (old.name, old.description, old.shares, old.shared_hash) then
    raise exception 'deliverable %: what is approved is not changed', old.id using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger deliverable_stands before insert or update on deliverable for each row execute function parley_deliverable_stands();

-- What is said about a deliverable.
alter table message add column deliverable_id uuid,
  drop constraint message_topic,
  add constraint message_topic check (num_nonnulls(cycle_id, quote_id, deliverable_id) = 1 and (project_id is not null or quote_id is not null)),
  add foreign key (tenant_id, project_id, deliverable_id) references deliverable (tenant_id, project_id, id);
create index message_of_deliverable on message (tenant_id, deliverable_id, created_at, id) where deliverable_id is not null;

-- How far a cycle is by its tasks and deliverables, and a project by its cycles; nothing is counted where there are none.
alter table cycle add column parts_done int not null default 0,
  add column parts_total int not null default 0,
  add check (parts_done between 0 and parts_total);
alter table project add column cycles_progress int check (cycles_progress between 0 and 100);

-- Cycles that were signed by both sides before there were deliverables get theirs.
alter table cycle no force row level security;
alter table cycle_version no force row level security;
alter table approval no force row level security;
insert into deliverable (tenant_id, id, client_id, project_id, cycle_id, status, name, description, in_scope, created_by, created_at)
select c.tenant_id, gen_random_uuid(), c.client_id, c.project_id, c.id, 'planned', d.one ->> 'title', d.one ->> 'detail', true, v.by_name, v.created_at
from cycle c
cross join lateral (select v.content, v.by_name, v.created_at from cycle_version v
  where v.tenant_id = c.tenant_id and v.cycle_id = c.id and (select count(*) from approval a
    where a.tenant_id = v.tenant_id and a.cycle_id = v.cycle_id and a.number = v.number) = 2
  order by v.number desc limit 1) v
cross join lateral jsonb_array_elements(v.content -> 'deliverables') with ordinality d (one, place)
where c.status <> 'completed' order by c.id, d.place;
update cycle c set parts_total = n.total from (select tenant_id, cycle_id, count(*)::int as total from deliverable group by tenant_id, cycle_id) n
  where n.tenant_id = c.tenant_id and n.cycle_id = c.id;
alter table cycle force row level security;
alter table cycle_version force row level security;
alter table approval force row level security;

select parley_protect('deliverable', scope => 'project', contact_update => '{status, version, waits_since}');
select parley_entity('deliverable');
grant usage on sequence deliverable_number to parley_staff, parley_member, parley_member_one, parley_system;

-- Of which firms which deliverables wait so long for their client by then that it is reminded.
create function parley_due_deliverables(p_at timestamptz) returns table (tenant_id uuid, id uuid)
language sql stable security definer set search_path = public, pg_temp as $$
  select d.tenant_id, d.id from deliverable d where d.status = 'in_review' and d.look_at <= p_at
$$;
grant select (status, look_at) on deliverable to parley_gate;
alter function parley_due_deliverables(timestamptz) owner to parley_gate;
revoke all on function parley_due_deliverables(timestamptz) from public;
grant execute on function parley_due_deliverables(timestamptz) to parley_login;
