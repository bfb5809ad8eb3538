-- How a client, a project or somebody of the team stands is counted for a page of them at a time.
create index ticket_open_of_project on ticket (tenant_id, project_id) where status in ('new', 'needs_info', 'approved', 'in_progress');
create index ticket_open_of_client on ticket (tenant_id, client_id, priority) where status in ('new', 'needs_info', 'approved', 'in_progress');
create index ticket_open_of_owner on ticket (tenant_id, owner_id) where status in ('new', 'needs_info', 'approved', 'in_progress');
create index task_open_of_project on task (tenant_id, project_id, due_on) where status in ('open', 'in_progress', 'blocked');
create index task_open_of_assignee on task (tenant_id, assignee_id, due_on) where status in ('open', 'in_progress', 'blocked');
create index cycle_open_of_project on cycle (tenant_id, project_id, ends_on) where status <> 'completed';
create index cycle_open_of_client on cycle (tenant_id, client_id, ends_on) where status <> 'completed';
create index ticket_of_client_by_age on ticket (tenant_id, client_id, created_at);
