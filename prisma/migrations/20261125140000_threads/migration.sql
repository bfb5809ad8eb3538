-- What firm and client say to each other about a thing: one table for the threads of all things. A thing gets a column of its own
-- here, so that a foreign key holds what a name and an id could not. Internal notes are rows that do not exist for a contact.
create table message (
  tenant_id uuid not null references firm (id),
  id uuid not null,
  client_id uuid not null,
  project_id uuid not null,
  cycle_id uuid,
  internal boolean not null,
  -- Null for what a tool brought.
  person_id uuid,
  by_name text not null check (by_name <> ''),
  side text not null check (side in ('staff', 'contact', 'integration')),
  channel text not null,
  body text not null check (body <> ''),
  -- The part of a mail that quotes earlier mails: folded, never deleted.
  quoted text,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  check (num_nonnulls(cycle_id) = 1),
  foreign key (tenant_id, client_id, project_id) references project (tenant_id, client_id, id),
  -- Of the very project: a message cannot be about one project's cycle and be read with another's.
  foreign key (tenant_id, project_id, cycle_id) references cycle (tenant_id, project_id, id),
  foreign key (tenant_id, person_id) references person (tenant_id, id)
);
create index message_of_cycle on message (tenant_id, cycle_id, created_at, id);
create statistics message_of_client (dependencies) on client_id, project_id from message;

alter table message enable row level security;
alter table message force row level security;
create policy message_tenant on message to parley_staff, parley_system
  using (tenant_id = (select current_setting('app.tenant', true)::uuid));
create policy message_member on message to parley_member
  using (tenant_id = (select current_setting('app.tenant', true)::uuid)
    and coalesce(client_id = any ((select string_to_array(current_setting('app.clients', true), ',')::uuid[])::uuid[]), false));
create policy message_member_one on message to parley_member_one
  using ((tenant_id, client_id)
    = (select current_setting('app.tenant', true)::uuid, current_setting('app.client', true)::uuid));
create policy message_contact on message to parley_contact
  using (not internal and tenant_id = (select current_setting('app.tenant', true)::uuid)
    and client_id = (select current_setting('app.client', true)::uuid)
    and coalesce(project_id = any ((select string_to_array(current_setting('app.readable', true), ',')::uuid[])::uuid[]), false));
create policy message_contact_one on message to parley_contact_one
  using (not internal and (tenant_id, client_id, project_id) = (select current_setting('app.tenant', true)::uuid,
    current_setting('app.client', true)::uuid, current_setting('app.readable', true)::uuid));
create policy message_contact_whole on message to parley_contact_whole
  using (not internal and (tenant_id, client_id)
    = (select current_setting('app.tenant', true)::uuid, current_setting('app.client', true)::uuid));
-- Whoever says something says it as themselves: by person, name and side.
create policy message_by_contact on message as restrictive for insert to parley_contact, parley_contact_one, parley_contact_whole
  with check (side = 'contact' and not internal and person_id = nullif(current_setting('app.person', true), '')::uuid
    and by_name = current_setting('app.name', true));
create policy message_by_staff on message as restrictive for insert to parley_staff, parley_member, parley_member_one
  with check (side = 'staff' and person_id = nullif(current_setting('app.person', true), '')::uuid
    and by_name = current_setting('app.name', true));
-- What was said stays as it was said: nobody may change or remove it.
grant select, insert on message to parley_staff, parley_member, parley_member_one, parley_contact, parley_contact_one, parley_contact_whole,
  parley_system;
