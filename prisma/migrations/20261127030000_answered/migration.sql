-- When the team first answered a ticket: decided about it, asked, took it on, or replied where the client sees it. Counted from now on; it
-- tells how long clients wait. The columns that a contact may write stay as they are.
alter table ticket add column answered_at timestamptz;

-- How a client, a project or somebody of the team stands is counted for a page of them at a time.
create index ticket_open_of_project on ticket (tenant_id, project_id) where status in ('new', 'needs_info', 'approved', 'in_progress');
create index ticket_open_of_client on ticket (tenant_id, client_id, priority) where status in ('new', 'needs_info', 'approved', 'in_progress');
create index ticket_open_of_owner on ticket (tenant_id, owner_id) where status in ('new', 'needs_info', 'approved', 'in_progress');
create index ticket_answered on ticket (tenant_id, client_id, created_at) where answered_at is not null;
create index task_open_of_project on task (tenant_id, project_id, due_on) where status in ('open', 'in_progress', 'blocked');
create index task_open_of_assignee on task (tenant_id, assignee_id, due_on) where status in ('open', 'in_progress', 'blocked');
create index cycle_open_of_project on cycle (tenant_id, project_id, ends_on) where status <> 'completed';
create index cycle_open_of_client on cycle (tenant_id, client_id, ends_on) where status <> 'completed';
