set local row_security = off;

-- Every list stands in an order that an index holds, so that a page is read from where it begins and no list is sorted. The columns
-- are those of the list's order, behind what its reader sees all rows of: a firm, or one client of it.

-- The queue: what is new, by urgency. The expressions are those of the lists' statements (src/core/tickets/list-queries.ts).
create index ticket_queue on ticket
  (tenant_id, (case priority when 'urgent' then 1 when 'high' then 2 when 'normal' then 3 else 4 end), created_at, id)
  where status = 'new';
-- Of whom owns a ticket, and of a client: open ones first, then what was touched last.
create index ticket_of_owner on ticket (tenant_id, owner_id,
  (case when status in ('new', 'needs_info', 'approved', 'in_progress') then 1 else 0 end), updated_at, id) where owner_id is not null;
create index ticket_of_client on ticket (tenant_id, client_id,
  (case when status in ('new', 'needs_info', 'approved', 'in_progress') then 1 else 0 end), updated_at, id);
-- No statement asks for it any more.
drop index ticket_page;

create index client_by_name on client (tenant_id, name, id);
create index project_by_name on project (tenant_id, name, id);
create index project_of_client on project (tenant_id, client_id, name, id);
create index person_by_name on person (tenant_id, name, id);
create index person_of_side on person (tenant_id, side, name, id);
create index person_of_client on person (tenant_id, client_id, name, id);
drop index person_client;
create index room_by_name on room (tenant_id, name, id) where unbound_at is null;
create index connection_by_tool on connection (tenant_id, tool, id);
create index cycle_by_days on cycle (tenant_id, project_id, starts_on, ends_on, id);
drop index cycle_project;
-- What somebody is to do, by status and with the newest first; by due date there is one.
create index task_of_person_by_status on task (tenant_id, assignee_id, by_status, number) where assignee_id is not null;
create index task_of_person_newest on task (tenant_id, assignee_id, by_newest, number) where assignee_id is not null;
