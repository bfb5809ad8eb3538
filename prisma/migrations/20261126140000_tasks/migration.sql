-- What is to be done inside a project, where it is part of one of its phases or cycles. Internal tasks are rows that do not exist
-- for a contact.
create sequence task_number;
alter table phase add constraint phase_of_project unique (tenant_id, project_id, id);

create table task (
  tenant_id uuid not null references firm (id),
  id uuid not null,
  number bigint not null default nextval('task_number'),
  client_id uuid not null,
  project_id uuid not null,
  phase_id uuid,
  cycle_id uuid,
  internal boolean not null,
  status text not null check (status in ('open', 'in_progress', 'blocked', 'done', 'dropped')),
  -- Why it cannot go on.
  blocked_by text,
  version int not null default 1,
  title text not null check (title <> ''),
  description text,
  assignee_id uuid,
  assignee_name text,
  assignee_side text check (assignee_side in ('staff', 'contact')),
  due_on date,
  started_at timestamptz,
  done_at timestamptz,
  created_by text not null check (created_by <> ''),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- Where it stands in a list by due date (what is finished behind everything else), in one by status, and in one with the newest
  -- first. Columns and not expressions: behind a policy an index is searched by comparisons of columns alone.
  by_due int not null generated always as (case when status in ('done', 'dropped') then 10000000 else 0 end
    + (coalesce(due_on, date '9999-12-31') - date '1970-01-01')) stored,
  by_status int not null generated always as (case status when 'open' then 0 when 'in_progress' then 10000000 when 'blocked' then 20000000
    when 'done' then 30000000 else 40000000 end + (coalesce(due_on, date '9999-12-31') - date '1970-01-01')) stored,
  by_newest int not null generated always as ((2000000000 - number)::int) stored,
  primary key (tenant_id, id),
  unique (tenant_id, number),
  check ((status = 'blocked') = (blocked_by is not null)),
  check ((status = 'done') = (done_at is not null)),
  check (num_nonnulls(phase_id, cycle_id) <= 1),
  check (num_nonnulls(assignee_id, assignee_name, assignee_side) in (0, 3)),
  -- Nobody is to do what they cannot see.
  check (not (internal and assignee_side is not distinct from 'contact')),
  foreign key (tenant_id, client_id, project_id) references project (tenant_id, client_id, id),
  foreign key (tenant_id, project_id, phase_id) references phase (tenant_id, project_id, id),
  foreign key (tenant_id, project_id, cycle_id) references cycle (tenant_id, project_id, id),
  foreign key (tenant_id, assignee_id) references person (tenant_id, id)
);
create index task_due on task (tenant_id, project_id, by_due, number);
create index task_status on task (tenant_id, project_id, by_status, number);
create index task_newest on task (tenant_id, project_id, by_newest, number);
create index task_assignee on task (tenant_id, assignee_id, by_due, number);
create index task_cycle on task (tenant_id, cycle_id) where cycle_id is not null;
-- What is late and nobody's.
create index task_nobody on task (tenant_id, due_on) where assignee_id is null and status in ('open', 'in_progress', 'blocked');

-- Only whoever is to do a task says how far it is: of the client's people nobody else, whatever they may read. They read it before they
-- may lock it, so what they may not change is not there for a change.
create policy task_by_assignee on task as restrictive for update to parley_contact, parley_contact_one, parley_contact_whole
  using (assignee_id = nullif(current_setting('app.person', true), '')::uuid);
select parley_protect('task', scope => 'project', contact_where => 'not internal',
  contact_update => '{status, blocked_by, version, started_at, done_at, updated_at}');
select parley_entity('task');
grant usage on sequence task_number to parley_staff, parley_member, parley_member_one, parley_system;
