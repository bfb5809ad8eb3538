-- The house: roles, tables with their row level security, and the two gates of every transaction.
--
-- Five database roles. Nobody logs in as a role that owns anything or that skips policies.
--   parley_login    what web and worker log in as: no rights of its own, may only become one of the next four
--   parley_staff    admin and partner of a firm: every row of the firm
--   parley_member   staff member: exactly the rows of the assigned clients
--   parley_contact  a client's person: exactly their client, and the projects they are members of
--   parley_system   schedules, reactions, connectors: every row of one firm
--   parley_gate     owns the security definer functions below; nobody is a member of it at run time
-- Context of a transaction, set by parley_open: app.tenant, app.client, app.clients, app.projects, app.readable, app.person.
-- A member acts as parley_member_one when the act is about something of one client, and sees that client alone; otherwise as
-- parley_member, with the list of their clients. A contact who may read all projects of the client acts as
-- parley_contact_whole; another one as parley_contact_one when the act is about something of a project that they may read, and
-- sees that project alone; otherwise as parley_contact, with the list of their projects.
do $$
declare
  name text;
begin
  foreach name in array array['parley_gate', 'parley_staff', 'parley_member', 'parley_member_one', 'parley_contact', 'parley_contact_one', 'parley_contact_whole', 'parley_system'] loop
    if not exists (select from pg_roles where rolname = name) then
      execute format('create role %I nologin noinherit', name);
    end if;
  end loop;
  if not exists (select from pg_roles where rolname = 'parley_login') then
    create role parley_login login noinherit;
  end if;
  grant parley_staff, parley_member, parley_member_one, parley_contact, parley_contact_one, parley_contact_whole, parley_system to parley_login;
  execute format('grant parley_gate to %I', current_user);
end $$;

grant usage on schema public
  to parley_login, parley_staff, parley_member, parley_member_one, parley_contact, parley_contact_one, parley_contact_whole, parley_system;
grant usage, create on schema public to parley_gate;

-- ── people ──────────────────────────────────────────────────────────────────────────────────────────────────────────

create table firm (
  id uuid primary key,
  name text not null check (name <> ''),
  timezone text not null,
  created_at timestamptz not null default now()
);
alter table firm enable row level security;
alter table firm force row level security;
create policy firm_all on firm to parley_staff, parley_member, parley_member_one, parley_contact, parley_contact_one, parley_contact_whole, parley_system
  using (id = (select nullif(current_setting('app.tenant', true), '')::uuid));
create policy firm_gate on firm to parley_gate using (true);
grant select on firm to parley_staff, parley_member, parley_member_one, parley_contact, parley_contact_one, parley_contact_whole, parley_system;
grant update (name, timezone) on firm to parley_staff;
grant select, insert on firm to parley_gate;

create table client (
  tenant_id uuid not null references firm (id),
  id uuid not null,
  name text not null check (name <> ''),
  timezone text not null,
  -- Dates on which nobody of the client works, besides Saturday and Sunday.
  holidays date[] not null default '{}',
  version int not null default 1,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
alter table client enable row level security;
alter table client force row level security;
create policy client_tenant on client to parley_staff, parley_system
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));
create policy client_member on client to parley_member, parley_member_one
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid)
    and id = any ((select string_to_array(nullif(current_setting('app.clients', true), ''), ',')::uuid[])::uuid[]));
create policy client_contact on client to parley_contact, parley_contact_one, parley_contact_whole
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid)
    and id = (select nullif(current_setting('app.client', true), '')::uuid));
create policy client_gate on client to parley_gate using (true);
grant select, insert, update on client to parley_staff, parley_system;
grant select on client to parley_member, parley_member_one, parley_contact, parley_contact_one, parley_contact_whole, parley_gate;

create table person (
  tenant_id uuid not null references firm (id),
  id uuid not null,
  side text not null check (side in ('staff', 'contact')),
  client_id uuid,
  name text not null check (name <> ''),
  timezone text not null,
  role text not null,
  -- Permission overrides per module (A4): {"tickets": "edit", …}; an absent module keeps the role's own level.
  grants jsonb not null default '{}',
  active boolean not null default true,
  version int not null default 1,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, client_id) references client (tenant_id, id),
  check ((side = 'staff' and client_id is null and role in ('admin', 'partner', 'member'))
    or (side = 'contact' and client_id is not null and role in ('client_admin', 'client_member')))
);
create index person_client on person (tenant_id, client_id);
alter table person enable row level security;
alter table person force row level security;
create policy person_tenant on person to parley_staff, parley_system
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));
create policy person_member on person for select to parley_member, parley_member_one
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid)
    and (client_id is null or client_id = any ((select string_to_array(nullif(current_setting('app.clients', true), ''), ',')::uuid[])::uuid[])));
create policy person_member_adds on person for insert to parley_member, parley_member_one
  with check (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid)
    and client_id = any ((select string_to_array(nullif(current_setting('app.clients', true), ''), ',')::uuid[])::uuid[]));
create policy person_member_edits on person for update to parley_member, parley_member_one
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid)
    and client_id = any ((select string_to_array(nullif(current_setting('app.clients', true), ''), ',')::uuid[])::uuid[]));
create policy person_contact on person to parley_contact, parley_contact_one, parley_contact_whole
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid)
    and client_id = (select nullif(current_setting('app.client', true), '')::uuid));
create policy person_gate on person to parley_gate using (true);
grant select, insert, update on person to parley_staff, parley_system;
grant select, insert, update on person to parley_member, parley_member_one;
grant select on person to parley_gate;
-- A contact may add and edit colleagues of the own client (a client admin by the command's policy).
grant select, insert, update on person to parley_contact, parley_contact_one, parley_contact_whole;

-- One person, many identities (A5): a Slack user, a Teams user, a mail address. Linked by a proof, never by a name.
create table identity (
  tenant_id uuid not null references firm (id),
  id uuid not null,
  person_id uuid not null,
  provider text not null check (provider in ('slack', 'teams', 'discord', 'email', 'sso')),
  -- The workspace or directory the id belongs to; '' for an e-mail address.
  account text not null,
  external_id text not null check (external_id <> ''),
  proof text not null check (proof in ('code', 'verified_email', 'sso', 'invitation')),
  linked_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, provider, account, external_id),
  foreign key (tenant_id, person_id) references person (tenant_id, id)
);
create index identity_person on identity (tenant_id, person_id);
alter table identity enable row level security;
alter table identity force row level security;
create policy identity_tenant on identity to parley_staff, parley_system
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));
create policy identity_own on identity to parley_member, parley_member_one, parley_contact, parley_contact_one, parley_contact_whole
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid)
    and person_id = (select nullif(current_setting('app.person', true), '')::uuid));
create policy identity_gate on identity to parley_gate using (true);
-- Whoever may add a person gives them their address; more than that they learn of nobody's identities.
create policy identity_invite on identity for insert to parley_member, parley_member_one, parley_contact, parley_contact_one, parley_contact_whole
  with check (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid) and provider = 'email' and proof = 'invitation'
    and person_id in (select p.id from person p where p.client_id is not null));
grant select, insert, delete on identity to parley_staff, parley_system;
grant select, insert, delete on identity to parley_member, parley_member_one, parley_contact, parley_contact_one, parley_contact_whole;
grant select on identity to parley_gate;

-- A code sent to a verified address, which proves that a chat user is that person. Only the code's hash is stored.
create table link_code (
  tenant_id uuid not null references firm (id),
  id uuid not null,
  provider text not null,
  account text not null,
  external_id text not null,
  person_id uuid,
  code_hash text not null,
  attempts int not null default 0,
  expires_at timestamptz not null,
  used_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, person_id) references person (tenant_id, id)
);
create index link_code_who on link_code (tenant_id, provider, account, external_id, created_at);
alter table link_code enable row level security;
alter table link_code force row level security;
create policy link_code_system on link_code to parley_system
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));
create policy link_code_own on link_code to parley_staff, parley_member, parley_member_one, parley_contact, parley_contact_one, parley_contact_whole
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid)
    and person_id = (select nullif(current_setting('app.person', true), '')::uuid));
grant select, insert, update on link_code to parley_system;
grant select on link_code to parley_staff, parley_member, parley_member_one, parley_contact, parley_contact_one, parley_contact_whole;
grant update (used_at) on link_code to parley_staff, parley_member, parley_member_one, parley_contact, parley_contact_one, parley_contact_whole;

-- Which clients a staff member works for: the member's whole world.
create table assignment (
  tenant_id uuid not null references firm (id),
  person_id uuid not null,
  client_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, person_id, client_id),
  foreign key (tenant_id, person_id) references person (tenant_id, id),
  foreign key (tenant_id, client_id) references client (tenant_id, id)
);
create index assignment_client on assignment (tenant_id, client_id);
alter table assignment enable row level security;
alter table assignment force row level security;
create policy assignment_tenant on assignment to parley_staff, parley_system
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));
create policy assignment_member on assignment to parley_member, parley_member_one
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid)
    and client_id = any ((select string_to_array(nullif(current_setting('app.clients', true), ''), ',')::uuid[])::uuid[]));
create policy assignment_gate on assignment to parley_gate using (true);
grant select, insert, delete on assignment to parley_staff, parley_system;
grant select on assignment to parley_member, parley_member_one, parley_gate;

-- ── projects ────────────────────────────────────────────────────────────────────────────────────────────────────────

create table project (
  tenant_id uuid not null references firm (id),
  id uuid not null,
  client_id uuid not null,
  name text not null check (name <> ''),
  stage text not null check (stage in ('discovery', 'design', 'build', 'launch', 'care', 'closed')),
  version int not null default 1,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, client_id, id),
  foreign key (tenant_id, client_id) references client (tenant_id, id)
);
alter table project enable row level security;
alter table project force row level security;
create policy project_tenant on project to parley_staff, parley_system
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));
create policy project_member on project to parley_member, parley_member_one
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid)
    and client_id = any ((select string_to_array(nullif(current_setting('app.clients', true), ''), ',')::uuid[])::uuid[]));
create policy project_contact on project to parley_contact, parley_contact_one, parley_contact_whole
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid)
    and client_id = (select nullif(current_setting('app.client', true), '')::uuid)
    and id = any ((select string_to_array(nullif(current_setting('app.projects', true), ''), ',')::uuid[])::uuid[]));
create policy project_gate on project to parley_gate using (true);
grant select, insert, update on project to parley_staff, parley_member, parley_member_one, parley_system;
grant select on project to parley_contact, parley_contact_one, parley_contact_whole, parley_gate;

create table phase (
  tenant_id uuid not null references firm (id),
  id uuid not null,
  client_id uuid not null,
  project_id uuid not null,
  name text not null check (name <> ''),
  position int not null,
  -- Per cent done, 0 to 100.
  progress int not null default 0 check (progress between 0 and 100),
  version int not null default 1,
  primary key (tenant_id, id),
  foreign key (tenant_id, client_id, project_id) references project (tenant_id, client_id, id)
);
create index phase_project on phase (tenant_id, project_id, position);
alter table phase enable row level security;
alter table phase force row level security;
create policy phase_tenant on phase to parley_staff, parley_system
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));
create policy phase_member on phase to parley_member, parley_member_one
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid)
    and client_id = any ((select string_to_array(nullif(current_setting('app.clients', true), ''), ',')::uuid[])::uuid[]));
create policy phase_contact on phase to parley_contact, parley_contact_one, parley_contact_whole
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid)
    and client_id = (select nullif(current_setting('app.client', true), '')::uuid)
    and project_id = any ((select string_to_array(nullif(current_setting('app.readable', true), ''), ',')::uuid[])::uuid[]));
grant select, insert, update, delete on phase to parley_staff, parley_member, parley_member_one, parley_system;
grant select on phase to parley_contact, parley_contact_one, parley_contact_whole;

-- Project roles of contacts (A3).
create table membership (
  tenant_id uuid not null references firm (id),
  client_id uuid not null,
  project_id uuid not null,
  person_id uuid not null,
  role text not null check (role in ('approver', 'viewer', 'feedback')),
  created_at timestamptz not null default now(),
  primary key (tenant_id, person_id, project_id),
  foreign key (tenant_id, client_id, project_id) references project (tenant_id, client_id, id),
  foreign key (tenant_id, person_id) references person (tenant_id, id)
);
create index membership_project on membership (tenant_id, project_id);
alter table membership enable row level security;
alter table membership force row level security;
create policy membership_tenant on membership to parley_staff, parley_system
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));
create policy membership_member on membership to parley_member, parley_member_one
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid)
    and client_id = any ((select string_to_array(nullif(current_setting('app.clients', true), ''), ',')::uuid[])::uuid[]));
create policy membership_contact on membership to parley_contact, parley_contact_one, parley_contact_whole
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid)
    and client_id = (select nullif(current_setting('app.client', true), '')::uuid)
    and project_id = any ((select string_to_array(nullif(current_setting('app.projects', true), ''), ',')::uuid[])::uuid[]));
create policy membership_gate on membership to parley_gate using (true);
grant select, insert, update, delete on membership to parley_staff, parley_member, parley_member_one, parley_system, parley_contact, parley_contact_one, parley_contact_whole;
grant select on membership to parley_gate;

-- A room: a channel, chat or mailbox, and for whom what is said there is meant.
create table room (
  tenant_id uuid not null references firm (id),
  id uuid not null,
  channel text not null check (channel in ('slack', 'teams', 'discord', 'email')),
  account text not null,
  -- Slack channel id, Teams conversation id, or mail address.
  address text not null check (address <> ''),
  name text not null,
  -- 'person': a mailbox that gets only what is meant for its person alone.
  audience text not null check (audience in ('client', 'internal', 'triage', 'person')),
  client_id uuid,
  project_id uuid,
  -- Set for a mailbox or direct chat of one person: its cards are rendered for that person.
  person_id uuid,
  -- What the platform needs to write there unasked (a Teams conversation reference).
  reference jsonb,
  -- Why nothing can be delivered there now (archived, bot removed, bounced); null when healthy.
  fault text,
  version int not null default 1,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique nulls not distinct (tenant_id, channel, account, address, client_id, project_id),
  foreign key (tenant_id, client_id) references client (tenant_id, id),
  foreign key (tenant_id, client_id, project_id) references project (tenant_id, client_id, id),
  foreign key (tenant_id, person_id) references person (tenant_id, id),
  check (audience <> 'client' or client_id is not null),
  check (audience <> 'person' or person_id is not null),
  check (project_id is null or client_id is not null)
);
create index room_client on room (tenant_id, client_id, audience);
alter table room enable row level security;
alter table room force row level security;
create policy room_tenant on room to parley_staff, parley_system
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));
create policy room_member on room to parley_member, parley_member_one
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid)
    and client_id = any ((select string_to_array(nullif(current_setting('app.clients', true), ''), ',')::uuid[])::uuid[]));
create policy room_contact on room to parley_contact, parley_contact_one, parley_contact_whole
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid)
    and client_id = (select nullif(current_setting('app.client', true), '')::uuid)
    and (audience = 'client' or person_id = (select nullif(current_setting('app.person', true), '')::uuid))
    and (project_id is null or project_id = any ((select string_to_array(nullif(current_setting('app.projects', true), ''), ',')::uuid[])::uuid[])));
create policy room_gate on room to parley_gate using (true);
grant select, insert, update, delete on room to parley_staff, parley_system;
grant select, insert, update on room to parley_member, parley_member_one;
create policy room_invite on room for insert to parley_contact, parley_contact_one, parley_contact_whole
  with check (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid)
    and client_id = (select nullif(current_setting('app.client', true), '')::uuid)
    and channel = 'email' and audience in ('client', 'person') and person_id in (select p.id from person p));
grant select, insert on room to parley_contact, parley_contact_one, parley_contact_whole;
grant select on room to parley_gate;

-- A connected workspace, directory, mailbox or tool of a firm.
create table connection (
  tenant_id uuid not null references firm (id),
  id uuid not null,
  tool text not null,
  account text not null,
  settings jsonb not null default '{}',
  -- Where the connector's pull stands; opaque to everybody else.
  cursor jsonb,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tool, account)
);
alter table connection enable row level security;
alter table connection force row level security;
create policy connection_tenant on connection to parley_staff, parley_system
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));
create policy connection_gate on connection to parley_gate using (true);
grant select, insert, update, delete on connection to parley_staff, parley_system;
grant select on connection to parley_gate;

-- ── cycles ──────────────────────────────────────────────────────────────────────────────────────────────────────────

create table cycle (
  tenant_id uuid not null references firm (id),
  id uuid not null,
  client_id uuid not null,
  project_id uuid not null,
  status text not null check (status in ('upcoming', 'in_progress', 'in_review', 'completed', 'disputed')),
  -- Counts every change of the row; content_number counts versions of the agreed scope.
  version int not null default 1,
  content_number int not null,
  content_hash text not null,
  name text not null,
  starts_on date not null,
  ends_on date not null,
  review_days int not null default 5 check (review_days between 1 and 60),
  review_opens_at timestamptz not null,
  review_closes_at timestamptz not null,
  reminded_at timestamptz,
  completed_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, project_id, id),
  foreign key (tenant_id, client_id, project_id) references project (tenant_id, client_id, id),
  check (ends_on >= starts_on)
);
create index cycle_project on cycle (tenant_id, client_id, project_id, starts_on);
create index cycle_due on cycle (tenant_id, status, review_opens_at);

create table cycle_version (
  tenant_id uuid not null references firm (id),
  cycle_id uuid not null,
  number int not null,
  client_id uuid not null,
  project_id uuid not null,
  -- {name, startsOn, endsOn, deliverables: [{title, detail}]}: what the two sides sign; hash is over its canonical JSON.
  content jsonb not null,
  hash text not null,
  by_name text not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, cycle_id, number),
  unique (tenant_id, cycle_id, number, hash),
  foreign key (tenant_id, cycle_id) references cycle (tenant_id, id) deferrable initially deferred,
  foreign key (tenant_id, client_id, project_id) references project (tenant_id, client_id, id)
);

create table approval (
  tenant_id uuid not null references firm (id),
  cycle_id uuid not null,
  number int not null,
  side text not null check (side in ('firm', 'client')),
  client_id uuid not null,
  project_id uuid not null,
  hash text not null,
  person_id uuid not null,
  by_name text not null,
  channel text not null,
  assurance text not null,
  at timestamptz not null,
  primary key (tenant_id, cycle_id, number, side),
  -- An approval can only be of content that exists, by its hash.
  foreign key (tenant_id, cycle_id, number, hash) references cycle_version (tenant_id, cycle_id, number, hash),
  foreign key (tenant_id, person_id) references person (tenant_id, id),
  foreign key (tenant_id, client_id, project_id) references project (tenant_id, client_id, id)
);

create table dispute (
  tenant_id uuid not null references firm (id),
  id uuid not null,
  cycle_id uuid not null,
  client_id uuid not null,
  project_id uuid not null,
  reason text not null check (reason <> ''),
  person_id uuid not null,
  by_name text not null,
  opened_at timestamptz not null,
  resolution text,
  resolved_by uuid,
  resolved_by_name text,
  resolved_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, cycle_id) references cycle (tenant_id, id),
  foreign key (tenant_id, person_id) references person (tenant_id, id),
  foreign key (tenant_id, resolved_by) references person (tenant_id, id),
  foreign key (tenant_id, client_id, project_id) references project (tenant_id, client_id, id)
);
create unique index dispute_one_open on dispute (tenant_id, cycle_id) where resolved_at is null;
create index dispute_cycle on dispute (tenant_id, cycle_id, opened_at);

-- ── tickets ─────────────────────────────────────────────────────────────────────────────────────────────────────────

create sequence ticket_number;
create table ticket (
  tenant_id uuid not null references firm (id),
  id uuid not null,
  number bigint not null default nextval('ticket_number'),
  client_id uuid not null,
  project_id uuid not null,
  kind text not null check (kind in ('change', 'bug')),
  status text not null check (status in ('new', 'needs_info', 'approved', 'in_progress', 'resolved', 'declined', 'duplicate')),
  version int not null default 1,
  title text not null check (title <> ''),
  description text not null,
  expected text,
  steps text,
  links text[] not null default '{}',
  priority text not null default 'normal' check (priority in ('low', 'normal', 'high', 'urgent')),
  category text,
  due_on date,
  next_action text,
  -- The last word of the firm to the client about the status: a question, a reason to decline.
  status_note text,
  duplicate_of uuid,
  owner_id uuid,
  owner_name text,
  reporter_id uuid not null,
  reporter_name text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, client_id, id),
  unique (tenant_id, number),
  foreign key (tenant_id, client_id, project_id) references project (tenant_id, client_id, id),
  foreign key (tenant_id, reporter_id) references person (tenant_id, id),
  foreign key (tenant_id, owner_id) references person (tenant_id, id),
  -- A duplicate points at a ticket of the same client: nothing of another client can be told by it.
  foreign key (tenant_id, client_id, duplicate_of) references ticket (tenant_id, client_id, id),
  check ((status = 'duplicate') = (duplicate_of is not null))
);
create index ticket_page on ticket (tenant_id, client_id, created_at desc, id);
create index ticket_scope on ticket (tenant_id, client_id, project_id, status, reporter_id);
create index ticket_triage on ticket (tenant_id, status, created_at);

-- Replies and internal notes. An internal row does not exist for a contact.
create table ticket_message (
  tenant_id uuid not null references firm (id),
  id uuid not null,
  ticket_id uuid not null,
  client_id uuid not null,
  project_id uuid not null,
  internal boolean not null,
  person_id uuid,
  by_name text not null,
  side text not null check (side in ('staff', 'contact', 'integration')),
  channel text not null,
  body text not null check (body <> ''),
  -- The part of a mail that quotes earlier mails: folded, never deleted.
  quoted text,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, client_id, ticket_id) references ticket (tenant_id, client_id, id),
  foreign key (tenant_id, client_id, project_id) references project (tenant_id, client_id, id),
  foreign key (tenant_id, person_id) references person (tenant_id, id)
);
create index ticket_message_thread on ticket_message (tenant_id, ticket_id, created_at, id);

do $$
declare
  name text;
begin
  -- Tables about a project share their policies: the firm, the member at many clients or at one, the contact who may read some
  -- projects or the whole client. The lists stand in coalesce: the planner would take them for rarer than they are, and read all
  -- rows of a client to sort them where its index gives the newest first. What these policies read as
  -- one id is always set together with their role, and needs no nullif.
  foreach name in array array['cycle', 'cycle_version', 'approval', 'dispute', 'ticket', 'ticket_message'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format($p$create policy %I on %I to parley_staff, parley_system
      using (tenant_id = (select current_setting('app.tenant', true)::uuid))$p$, name || '_tenant', name);
    execute format($p$create policy %I on %I to parley_member
      using (tenant_id = (select current_setting('app.tenant', true)::uuid)
        and coalesce(client_id = any ((select string_to_array(current_setting('app.clients', true), ',')::uuid[])::uuid[]), false))$p$, name || '_member', name);
    execute format($p$create policy %I on %I to parley_member_one
      using ((tenant_id, client_id)
        = (select current_setting('app.tenant', true)::uuid, current_setting('app.client', true)::uuid))$p$, name || '_member_one', name);
    execute format('grant select, insert, update on %I to parley_staff, parley_member, parley_member_one, parley_system', name);
    -- A project says its client: without this the planner takes both together for so rare that it reads a project's rows to find one id.
    execute format('create statistics %I (dependencies) on client_id, project_id from %I', name || '_of_client', name);
  end loop;
  foreach name in array array['cycle', 'cycle_version', 'approval', 'dispute'] loop
    execute format($p$create policy %I on %I to parley_contact
      using (tenant_id = (select current_setting('app.tenant', true)::uuid)
        and client_id = (select current_setting('app.client', true)::uuid)
        and coalesce(project_id = any ((select string_to_array(current_setting('app.readable', true), ',')::uuid[])::uuid[]), false))$p$, name || '_contact', name);
  end loop;
  foreach name in array array['cycle', 'cycle_version', 'approval', 'dispute', 'ticket'] loop
    execute format($p$create policy %I on %I to parley_contact_one
      using ((tenant_id, client_id, project_id) = (select current_setting('app.tenant', true)::uuid,
        current_setting('app.client', true)::uuid, current_setting('app.readable', true)::uuid))$p$, name || '_contact_one', name);
    execute format($p$create policy %I on %I to parley_contact_whole
      using ((tenant_id, client_id)
        = (select current_setting('app.tenant', true)::uuid, current_setting('app.client', true)::uuid))$p$, name || '_contact_whole', name);
  end loop;
end $$;
grant select on cycle, cycle_version, approval, dispute, ticket, ticket_message to parley_contact, parley_contact_one, parley_contact_whole;
grant update (status, version, completed_at, reminded_at) on cycle to parley_contact, parley_contact_one, parley_contact_whole;
grant insert on approval, dispute, ticket, ticket_message to parley_contact, parley_contact_one, parley_contact_whole;
grant update (status, version, status_note, updated_at) on ticket to parley_contact, parley_contact_one, parley_contact_whole;
grant usage on sequence ticket_number to parley_staff, parley_member, parley_member_one, parley_contact, parley_contact_one, parley_contact_whole, parley_system;
-- What was signed stays: nobody may change or remove a version or an approval.
revoke update on cycle_version, approval from parley_staff, parley_member, parley_member_one, parley_system;
-- A contact with the feedback-only role reads exactly the tickets they reported themselves. What only they need is not read
-- beforehand: everybody else would pay for it with every statement.
create policy ticket_contact on ticket to parley_contact
  using (tenant_id = (select current_setting('app.tenant', true)::uuid)
    and client_id = (select current_setting('app.client', true)::uuid)
    and coalesce(project_id = any ((select string_to_array(current_setting('app.readable', true), ',')::uuid[])::uuid[])
      or (reporter_id = nullif(current_setting('app.person', true), '')::uuid
        and project_id = any (string_to_array(current_setting('app.projects', true), ',')::uuid[])), false));
create policy ticket_message_contact on ticket_message to parley_contact
  using (tenant_id = (select current_setting('app.tenant', true)::uuid)
    and client_id = (select current_setting('app.client', true)::uuid)
    and not internal
    and (project_id = any ((select string_to_array(nullif(current_setting('app.readable', true), ''), ',')::uuid[])::uuid[])
      or ticket_id in (select t.id from ticket t where t.reporter_id = (select nullif(current_setting('app.person', true), '')::uuid))));
create policy ticket_message_contact_one on ticket_message to parley_contact_one
  using (not internal and (tenant_id, client_id, project_id) = (select current_setting('app.tenant', true)::uuid,
    current_setting('app.client', true)::uuid, current_setting('app.readable', true)::uuid));
create policy ticket_message_contact_whole on ticket_message to parley_contact_whole
  using (not internal and (tenant_id, client_id)
    = (select current_setting('app.tenant', true)::uuid, current_setting('app.client', true)::uuid));
-- Of which client and project is it? All that the gate reads of them.
create policy cycle_gate on cycle for select to parley_gate using (true);
create policy ticket_gate on ticket for select to parley_gate using (true);
grant select (tenant_id, id, client_id, project_id) on cycle, ticket to parley_gate;

-- ── kernel: requests, events, audit ─────────────────────────────────────────────────────────────────────────────────

-- The claim of a request id, together with what it answered: a repeat answers the same.
create table request (
  tenant_id uuid not null references firm (id),
  request_id text not null check (length(request_id) between 1 and 300),
  command text not null,
  input_hash text not null,
  outcome jsonb not null,
  at timestamptz not null default now(),
  primary key (tenant_id, request_id)
);
alter table request enable row level security;
alter table request force row level security;
create policy request_gate on request to parley_gate using (true);
create policy request_system on request to parley_system
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));
grant select, insert on request to parley_gate;
grant select on request to parley_system;

create table event (
  tenant_id uuid not null references firm (id),
  id uuid not null,
  seq bigint generated always as identity,
  name text not null,
  entity text not null,
  entity_id uuid not null,
  client_id uuid,
  project_id uuid,
  data jsonb not null,
  actor jsonb not null,
  request_id text not null,
  at timestamptz not null,
  delivered_at timestamptz,
  primary key (tenant_id, id)
);
create index event_entity on event (tenant_id, entity, entity_id, seq);
create index event_waiting on event (tenant_id, at) where delivered_at is null;
alter table event enable row level security;
alter table event force row level security;
create policy event_tenant on event to parley_staff, parley_system
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));
create policy event_member on event to parley_member, parley_member_one
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid)
    and client_id = any ((select string_to_array(nullif(current_setting('app.clients', true), ''), ',')::uuid[])::uuid[]));
create policy event_gate on event to parley_gate using (true);
grant select on event to parley_staff, parley_member, parley_member_one, parley_system;
grant update (delivered_at) on event to parley_system;
grant select, insert on event to parley_gate;

-- Append-only: nobody holds UPDATE or DELETE.
create table audit (
  tenant_id uuid not null references firm (id),
  id uuid not null,
  at timestamptz not null,
  command text not null,
  event text not null,
  person_id uuid,
  by_name text not null,
  on_behalf_of text,
  channel text not null,
  assurance text,
  request_id text not null,
  entity text not null,
  entity_id uuid not null,
  client_id uuid,
  project_id uuid,
  before jsonb,
  after jsonb,
  primary key (tenant_id, id)
);
create index audit_entity on audit (tenant_id, entity, entity_id, at);
alter table audit enable row level security;
alter table audit force row level security;
create policy audit_tenant on audit to parley_staff, parley_system
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));
create policy audit_member on audit to parley_member, parley_member_one
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid)
    and client_id = any ((select string_to_array(nullif(current_setting('app.clients', true), ''), ',')::uuid[])::uuid[]));
create policy audit_gate on audit to parley_gate using (true);
grant select on audit to parley_staff, parley_member, parley_member_one, parley_system;
grant select, insert on audit to parley_gate;

-- ── channels and connectors ─────────────────────────────────────────────────────────────────────────────────────────

-- The card registry (G3): every posted card, what it shows and what was last sent.
create table posted_card (
  tenant_id uuid not null references firm (id),
  id uuid not null,
  -- What caused it: a card is posted once per key, however often the job runs.
  key text not null,
  room_id uuid not null,
  channel text not null,
  -- The platform's own name of the message; null until it was sent.
  ref jsonb,
  -- The view and its input, as a press.
  view jsonb not null,
  entity text not null,
  entity_id uuid not null,
  project_id uuid,
  -- The card whose thread this one answers in, if any.
  thread_of uuid,
  state text not null check (state in ('sending', 'posted', 'gone', 'undeliverable')),
  attempts int not null default 0,
  render_hash text,
  -- Since when somebody is drawing it again, and whether it changed once more meanwhile.
  drawing_since timestamptz,
  draw_again boolean not null default false,
  error text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, key),
  foreign key (tenant_id, room_id) references room (tenant_id, id)
);
create unique index posted_card_id on posted_card (id);
create index posted_card_entity on posted_card (tenant_id, entity, entity_id);
create index posted_card_project on posted_card (tenant_id, project_id);
create index posted_card_room on posted_card (tenant_id, room_id, (ref ->> 'id'));
alter table posted_card enable row level security;
alter table posted_card force row level security;
create policy posted_card_system on posted_card to parley_system
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));
create policy posted_card_gate on posted_card to parley_gate using (true);
grant select, insert, update, delete on posted_card to parley_system;
grant select on posted_card to parley_gate;

-- Everything that came in from outside besides presses: stored before it is acknowledged (K7, L2).
create table inbox (
  tenant_id uuid not null references firm (id),
  id uuid not null,
  seq bigint generated always as identity,
  -- 'jira', 'slack', 'email', …
  source text not null,
  account text not null,
  delivery_id text not null,
  kind text not null,
  headers jsonb not null,
  body bytea not null,
  status text not null check (status in ('waiting', 'applied', 'duplicate', 'quarantined')),
  -- How it ended, in words: what was done, of what it is a duplicate, why it is in quarantine.
  outcome text,
  attempts int not null default 0,
  received_at timestamptz not null default now(),
  worked_at timestamptz,
  primary key (tenant_id, id)
);
create unique index inbox_once on inbox (tenant_id, source, account, delivery_id) where status <> 'duplicate';
create index inbox_recent on inbox (tenant_id, source, received_at);
create index inbox_open on inbox (tenant_id, status, received_at) where status in ('waiting', 'quarantined');
alter table inbox enable row level security;
alter table inbox force row level security;
create policy inbox_tenant on inbox to parley_staff, parley_system
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));
grant select, insert, update on inbox to parley_system;
grant select on inbox to parley_staff;

-- What one of our things is called in a tool, and what we last saw or sent there (echo suppression).
create table external_ref (
  tenant_id uuid not null references firm (id),
  id uuid not null,
  tool text not null,
  account text not null,
  entity text not null,
  entity_id uuid not null,
  client_id uuid,
  external_id text not null,
  external_key text,
  url text,
  -- Fingerprint of the state both sides are known to share.
  fingerprint text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, tool, account, entity, external_id),
  unique (tenant_id, tool, account, entity, entity_id)
);
create index external_ref_entity on external_ref (tenant_id, entity, entity_id);
alter table external_ref enable row level security;
alter table external_ref force row level security;
create policy external_ref_tenant on external_ref to parley_staff, parley_system
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));
create policy external_ref_member on external_ref to parley_member, parley_member_one
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid)
    and client_id = any ((select string_to_array(nullif(current_setting('app.clients', true), ''), ',')::uuid[])::uuid[]));
grant select, insert, update on external_ref to parley_system;
grant select on external_ref to parley_staff, parley_member, parley_member_one;

-- ── the gates ───────────────────────────────────────────────────────────────────────────────────────────────────────

-- Opens a transaction: who acts, what they may see, and (for a command) whether the request was answered before.
-- p: {tenant?, kind: 'person'|'identity'|'audience'|'integration'|'system', person?, provider?, account?, externalId?,
--     install?: {tool, account}, room?, request?, about?: {entity: 'client'|'project'|'cycle'|'ticket', id}}
-- o_actor is null when the firm is not known, {kind: unknown, tenantId} when the person, identity or room is not. o_replay
-- holds {command, inputHash, outcome} of the first run of the request id.
create function parley_open(p jsonb)
returns table (o_role text, o_actor jsonb, o_now timestamptz, o_replay jsonb)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_tenant uuid := (p ->> 'tenant')::uuid;
  v_kind text := p ->> 'kind';
  v_person record;
  v_id uuid := (p ->> 'person')::uuid;
  v_room room%rowtype;
  -- A contact who may read all projects of the client; null for staff.
  v_whole boolean;
  v_entity text := p -> 'about' ->> 'entity';
  v_about uuid := (p -> 'about' ->> 'id')::uuid;
  v_at_client uuid;
  v_at_project uuid;
  v_client text := '';
  v_clients text := '';
  v_projects text := '';
  v_readable text := '';
begin
  o_now := clock_timestamp();
  if v_tenant is null then
    select c.tenant_id, i.person_id into v_tenant, v_id from connection c
      left join identity i on v_kind = 'identity' and i.tenant_id = c.tenant_id and i.provider = p ->> 'provider'
        and i.account = p ->> 'account' and i.external_id = p ->> 'externalId'
      where c.tool = p -> 'install' ->> 'tool' and c.account = p -> 'install' ->> 'account';
    if v_tenant is null then return next; return; end if;
  end if;

  if v_kind in ('person', 'identity') then
    select q.id, q.name, q.side, q.role, q.client_id, q.grants, q.timezone, m.projects, m.readable, m.reads, m.roles into v_person
      from person q left join lateral (
        select string_agg(h.project_id::text, ',') as projects, string_agg(h.project_id::text, ',') filter (where h.role <> 'feedback') as readable,
          count(*) filter (where h.role <> 'feedback' and h.client_id = q.client_id) as reads, jsonb_object_agg(h.project_id, h.role) as roles
        from membership h where q.side = 'contact' and h.tenant_id = q.tenant_id and h.person_id = q.id) m on true
      where q.tenant_id = v_tenant and q.id = v_id and q.active;
    if v_person.id is null then
      o_actor := jsonb_build_object('kind', 'unknown', 'tenantId', v_tenant); return next; return;
    end if;
    if v_person.side = 'contact' then
      v_client := v_person.client_id;
      v_projects := coalesce(v_person.projects, '');
      v_readable := coalesce(v_person.readable, '');
      if v_person.role = 'client_admin' then
        select coalesce(string_agg(j.id::text, ','), '') into v_projects
          from project j where j.tenant_id = v_tenant and j.client_id = v_person.client_id;
        v_readable := v_projects;
        v_whole := true;
      else
        select v_person.reads > 0 and count(*) = v_person.reads into v_whole
          from project j where j.tenant_id = v_tenant and j.client_id = v_person.client_id;
      end if;
    end if;
    if v_person.role = 'member' or not v_whole then
      if v_entity = 'ticket' then
        select t.client_id, t.project_id into v_at_client, v_at_project from ticket t where t.tenant_id = v_tenant and t.id = v_about;
      elsif v_entity = 'cycle' then
        select y.client_id, y.project_id into v_at_client, v_at_project from cycle y where y.tenant_id = v_tenant and y.id = v_about;
      elsif v_entity = 'project' then
        select j.client_id, j.id into v_at_client, v_at_project from project j where j.tenant_id = v_tenant and j.id = v_about;
      elsif v_entity = 'client' then
        v_at_client := v_about;
      end if;
    end if;
    -- What an act is about and is not theirs does not narrow anything: it will not be found.
    if v_whole then
      o_role := 'parley_contact_whole';
    elsif v_person.side = 'contact' and v_person.roles ->> v_at_project::text <> 'feedback' then
      o_role := 'parley_contact_one';
      v_projects := v_at_project;
      v_readable := v_at_project;
    elsif v_person.side = 'contact' then
      o_role := 'parley_contact';
    elsif v_person.role <> 'member' then
      o_role := 'parley_staff';
    elsif exists (select from assignment a where a.tenant_id = v_tenant and a.person_id = v_id and a.client_id = v_at_client) then
      o_role := 'parley_member_one';
      v_client := v_at_client;
      v_clients := v_at_client;
    else
      o_role := 'parley_member';
      select coalesce(string_agg(a.client_id::text, ','), '') into v_clients
        from assignment a where a.tenant_id = v_tenant and a.person_id = v_id;
    end if;
    o_actor := jsonb_build_object('kind', 'person', 'tenantId', v_tenant, 'personId', v_id, 'name', v_person.name,
      'side', v_person.side, 'role', v_person.role, 'clientId', v_person.client_id, 'memberships', coalesce(v_person.roles, '{}'),
      'grants', v_person.grants, 'timezone', v_person.timezone);
  elsif v_kind = 'audience' then
    select * into v_room from room where tenant_id = v_tenant and id = (p ->> 'room')::uuid;
    if v_room.id is null then o_actor := jsonb_build_object('kind', 'unknown', 'tenantId', v_tenant); return next; return; end if;
    if v_room.audience = 'client' then
      o_role := case when v_room.project_id is null then 'parley_contact_whole' else 'parley_contact_one' end;
      v_client := v_room.client_id;
      select coalesce(string_agg(j.id::text, ','), '') into v_projects from project j
        where j.tenant_id = v_tenant and j.client_id = v_room.client_id and (v_room.project_id is null or j.id = v_room.project_id);
      v_readable := v_projects;
    elsif v_room.client_id is not null then
      o_role := 'parley_member_one';
      v_client := v_room.client_id;
      v_clients := v_room.client_id;
    else
      o_role := 'parley_staff';
    end if;
    o_actor := jsonb_build_object('kind', 'audience', 'tenantId', v_tenant, 'roomId', v_room.id, 'clientId', v_room.client_id,
      'projectId', v_room.project_id, 'side', case when v_room.audience = 'client' then 'contact' else 'staff' end,
      'timezone', coalesce((select c.timezone from client c where c.tenant_id = v_tenant and c.id = v_room.client_id and v_room.audience = 'client'),
        (select f.timezone from firm f where f.id = v_tenant)));
  elsif v_kind in ('integration', 'system') then
    if not exists (select from firm where id = v_tenant) then return next; return; end if;
    o_role := 'parley_system';
    o_actor := jsonb_build_object('kind', v_kind, 'tenantId', v_tenant, 'timezone', (select f.timezone from firm f where f.id = v_tenant));
  else
    raise exception 'parley_open: unknown kind %', v_kind;
  end if;

  perform set_config('app.tenant', v_tenant::text, true), set_config('app.client', v_client, true),
    set_config('app.clients', v_clients, true), set_config('app.projects', v_projects, true),
    set_config('app.readable', v_readable, true),
    set_config('app.person', case when v_kind in ('person', 'identity') then v_id::text else '' end, true);
  -- Written out and not by calling parley_replay: a function in SQL is planned anew in each transaction.
  if p ? 'request' then
    select jsonb_build_object('command', r.command, 'inputHash', r.input_hash, 'outcome', r.outcome) into o_replay
      from request r where r.tenant_id = v_tenant and r.request_id = p ->> 'request';
  end if;
  return next;
end $$;

-- What the first run of a request id left, in the firm of the open transaction: {command, inputHash, outcome}, or null.
create function parley_replay(p_request text) returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  select jsonb_build_object('command', r.command, 'inputHash', r.input_hash, 'outcome', r.outcome) from request r
    where r.tenant_id = nullif(current_setting('app.tenant', true), '')::uuid and r.request_id = p_request
$$;

-- Closes a command: claims the request id for its outcome, and stores its events and audit rows, in the firm of the open
-- transaction. A request id that somebody else claimed meanwhile fails on the unique key, and the whole command with it.
-- p: {request, command, inputHash, outcome, at, actor, personId?, byName, onBehalfOf?, channel, assurance?,
--     events: [{id, auditId, name, entity, entityId, clientId?, projectId?, data, before?, after?}]}
create function parley_close(p jsonb) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_tenant uuid := nullif(current_setting('app.tenant', true), '')::uuid;
  v_request text := p ->> 'request';
  v_at timestamptz := (p ->> 'at')::timestamptz;
begin
  insert into request (tenant_id, request_id, command, input_hash, outcome, at)
    values (v_tenant, v_request, p ->> 'command', p ->> 'inputHash', p -> 'outcome', v_at);
  insert into event (tenant_id, id, name, entity, entity_id, client_id, project_id, data, actor, request_id, at)
    select v_tenant, e.id, e.name, e.entity, e."entityId", e."clientId", e."projectId", e.data, p -> 'actor', v_request, v_at
    from jsonb_to_recordset(p -> 'events') as e (id uuid, name text, entity text, "entityId" uuid, "clientId" uuid, "projectId" uuid, data jsonb);
  insert into audit (tenant_id, id, at, command, event, person_id, by_name, on_behalf_of, channel, assurance, request_id, entity, entity_id,
      client_id, project_id, before, after)
    select v_tenant, e."auditId", v_at, p ->> 'command', e.name, (p ->> 'personId')::uuid, p ->> 'byName', p ->> 'onBehalfOf',
      p ->> 'channel', p ->> 'assurance', v_request, e.entity, e."entityId", e."clientId", e."projectId", e.before, e.after
    from jsonb_to_recordset(p -> 'events') as e ("auditId" uuid, name text, entity text, "entityId" uuid, "clientId" uuid, "projectId" uuid,
      before jsonb, after jsonb);
end $$;

-- Is a channel bound for other readers already? Asked behind the policies: a member does not see the rooms of other clients, and
-- must not bind one of them for their own. Whoever asks next for the same channel waits for the end of this transaction.
create function parley_bound_for_others(p_channel text, p_account text, p_address text, p_audience text, p_client uuid) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_tenant uuid := nullif(current_setting('app.tenant', true), '')::uuid;
begin
  perform pg_advisory_xact_lock(hashtextextended(concat_ws('/', 'room', v_tenant, p_channel, p_account, p_address), 0));
  return exists (select from room r where r.tenant_id = v_tenant and r.channel = p_channel and r.account = p_account and r.address = p_address
    and r.fault is distinct from 'unbound' and (r.audience <> p_audience or (p_audience = 'client' and r.client_id <> p_client)));
end $$;

-- Makes a firm with its first admin: the one write that happens before there is a tenant.
create function parley_found(p_firm uuid, p_name text, p_timezone text) returns void
language sql security definer set search_path = public, pg_temp as $$
  insert into firm (id, name, timezone) values (p_firm, p_name, p_timezone) on conflict (id) do nothing;
$$;

-- The firms there are: schedules ask each one's jobs.
create function parley_firms() returns table (id uuid, name text)
language sql stable security definer set search_path = public, pg_temp as $$ select f.id, f.name from firm f order by f.created_at, f.id $$;

-- Whose card is this? A reply address names a posted card and nothing else.
create function parley_card_tenant(p_card uuid) returns uuid
language sql stable security definer set search_path = public, pg_temp as $$ select c.tenant_id from posted_card c where c.id = p_card $$;

-- Which firm connected this workspace, mailbox or tool?
create function parley_connection_tenant(p_tool text, p_account text) returns uuid
language sql stable security definer set search_path = public, pg_temp as $$ select c.tenant_id from connection c where c.tool = p_tool and c.account = p_account $$;

do $$
declare
  signature text;
begin
  foreach signature in array array['parley_open(jsonb)', 'parley_replay(text)', 'parley_close(jsonb)', 'parley_found(uuid, text, text)', 'parley_firms()',
      'parley_card_tenant(uuid)', 'parley_connection_tenant(text, text)', 'parley_bound_for_others(text, text, text, text, uuid)'] loop
    execute format('alter function %s owner to parley_gate', signature);
    execute format('revoke all on function %s from public', signature);
  end loop;
end $$;
grant execute on function parley_open(jsonb), parley_found(uuid, text, text), parley_firms(), parley_card_tenant(uuid),
  parley_connection_tenant(text, text) to parley_login;
grant execute on function parley_bound_for_others(text, text, text, text, uuid) to parley_staff, parley_member, parley_member_one, parley_system;
grant execute on function parley_close(jsonb), parley_replay(text) to parley_staff, parley_member, parley_member_one, parley_contact, parley_contact_one, parley_contact_whole, parley_system;
