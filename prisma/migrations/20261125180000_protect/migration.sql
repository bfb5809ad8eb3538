-- One line protects a table: row security, policies for all roles of actors, grants and statistics. Another line tells parley_open
-- whose a thing is. A new area declares its tables with both, and redefines no function.

-- What was declared; the tests take what each actor should see of a table from here.
create table gate.protection (
  relation text primary key,
  scope text not null check (scope in ('project', 'client', 'firm', 'system')),
  firm text[] not null,
  system text[] not null,
  contacts boolean not null,
  contact_where text,
  contact_insert text[] not null,
  contact_update text[] not null,
  author text
);
create table gate.entity (
  name text primary key,
  relation text not null,
  client text not null,
  project text
);

-- A policy of that name that stands already stays: by making one before, an area says what is special about its table.
create function gate.make_policy(p_table regclass, p_name text, p_how text) returns void
language plpgsql as $$
begin
  if not exists (select from pg_policy where polrelid = p_table and polname = p_name) then
    execute format('create policy %I on %s %s', p_name, p_table, p_how);
  end if;
end $$;

-- What a table must have so that its policies can be believed.
create function gate.check_shape(p_table regclass, p_scope text) returns void
language plpgsql as $$
declare
  v_columns text[] := case p_scope when 'project' then '{tenant_id, client_id, project_id}' when 'client' then '{tenant_id, client_id}'
    when 'firm' then '{tenant_id}' when 'system' then '{tenant_id}' end;
  v_missing text;
begin
  if v_columns is null then
    raise exception 'parley_protect(%): the scope is project, client, firm or system, not %', p_table, p_scope;
  end if;
  select string_agg(c, ', ') into v_missing from unnest(v_columns) c where not exists (
    select from pg_attribute where attrelid = p_table and attname = c and atttypid = 'uuid'::regtype);
  if v_missing is not null then
    raise exception 'parley_protect(%): a table of a % has the uuid columns %', p_table, p_scope, v_missing;
  end if;
  -- A contact is let in by the project alone: that it is the client's own project is for a foreign key to hold.
  if p_scope = 'project' and not exists (select from pg_constraint k where k.conrelid = p_table and k.contype = 'f'
      and k.confrelid = 'public.project'::regclass and (select array_agg(a.attname::text order by a.attname) from pg_attribute a
        where a.attrelid = p_table and a.attnum = any (k.conkey)) = '{client_id, project_id, tenant_id}') then
    raise exception 'parley_protect(%): it needs foreign key (tenant_id, client_id, project_id) references project (tenant_id, client_id, id)', p_table;
  end if;
end $$;

-- Protects a table. scope says whose its rows are: 'project' and 'client' by the columns project_id and client_id, 'firm' for
-- administrators and partners, 'system' for nobody but schedules, reactions and connectors.
--   firm, system    what the people of the firm who see a row may do with it, and what the system may (by default the same)
--   contacts        whether the client's people read their rows, and contact_where: which of them
--   contact_insert  the columns that a contact's role may give a new row, and contact_update: those it may change; by default none
--   author          the column that says whose a new row is: people insert rows of their own only. With a column by_name, in their own name
create function parley_protect(p_table regclass, scope text, firm text[] default '{select, insert, update}', system text[] default null,
  contacts boolean default true, contact_where text default null, contact_insert text[] default '{}', contact_update text[] default '{}',
  author text default null) returns void
language plpgsql as $$
#variable_conflict use_variable
declare
  v_name text := (select c.relname from pg_class c where c.oid = p_table);
  v_contacts boolean := contacts and scope in ('client', 'project');
  v_where text := case when contact_where is null then '' else contact_where || ' and ' end;
  v_members text := 'parley_member, parley_member_one';
  v_people text := 'parley_contact, parley_contact_one, parley_contact_whole';
begin
  perform gate.check_shape(p_table, scope);
  if not v_contacts and (contact_where is not null or contact_insert <> '{}' or contact_update <> '{}') then
    raise exception 'parley_protect(%): contacts do not read this table, so nothing can be said of what they do there', v_name;
  end if;
  if contact_insert <> '{}' and author is null and not exists (select from pg_policy p where p.polrelid = p_table and not p.polpermissive
      and p.polcmd = 'a' and 'parley_contact'::regrole = any (p.polroles)) then
    raise exception 'parley_protect(%): where contacts insert, author names the column that says who it was', v_name;
  end if;
  if exists (select from pg_class c where c.oid = p_table and not (c.relrowsecurity and c.relforcerowsecurity)) then
    execute format('alter table %1$s enable row level security, force row level security', p_table);
  end if;

  -- What these read as one id is always set together with their role, and needs no nullif. Lists stand in coalesce: the planner would
  -- take them for rarer than they are, and read all rows of a client to sort them where its index gives the newest first.
  perform gate.make_policy(p_table, v_name || '_tenant', format('to %s using (tenant_id = (select current_setting(''app.tenant'', true)::uuid))',
    case when scope = 'system' then 'parley_system' else 'parley_staff, parley_system' end));
  if scope in ('client', 'project') then
    perform gate.make_policy(p_table, v_name || '_member', $p$to parley_member
      using (tenant_id = (select current_setting('app.tenant', true)::uuid)
        and coalesce(client_id = any ((select string_to_array(current_setting('app.clients', true), ',')::uuid[])::uuid[]), false))$p$);
    perform gate.make_policy(p_table, v_name || '_member_one', $p$to parley_member_one
      using ((tenant_id, client_id)
        = (select current_setting('app.tenant', true)::uuid, current_setting('app.client', true)::uuid))$p$);
  end if;
  if v_contacts and scope = 'client' then
    perform gate.make_policy(p_table, v_name || '_contact', format($p$to %s using (%s(tenant_id, client_id)
      = (select current_setting('app.tenant', true)::uuid, current_setting('app.client', true)::uuid))$p$, v_people, v_where));
  elsif v_contacts then
    perform gate.make_policy(p_table, v_name || '_contact', format($p$to parley_contact
      using (%stenant_id = (select current_setting('app.tenant', true)::uuid)
        and client_id = (select current_setting('app.client', true)::uuid)
        and coalesce(project_id = any ((select string_to_array(current_setting('app.readable', true), ',')::uuid[])::uuid[]), false))$p$, v_where));
    perform gate.make_policy(p_table, v_name || '_contact_one', format($p$to parley_contact_one
      using (%s(tenant_id, client_id, project_id) = (select current_setting('app.tenant', true)::uuid,
        current_setting('app.client', true)::uuid, current_setting('app.readable', true)::uuid))$p$, v_where));
    perform gate.make_policy(p_table, v_name || '_contact_whole', format($p$to parley_contact_whole
      using (%s(tenant_id, client_id)
        = (select current_setting('app.tenant', true)::uuid, current_setting('app.client', true)::uuid))$p$, v_where));
  end if;
  if author is not null then
    perform gate.make_policy(p_table, v_name || '_author', format($p$as restrictive for insert to parley_staff, %s, %s
      with check (%I = nullif(current_setting('app.person', true), '')::uuid%s)$p$, v_members, v_people, author,
      case when exists (select from pg_attribute where attrelid = p_table and attname = 'by_name')
        then ' and by_name = current_setting(''app.name'', true)' else '' end));
  end if;

  execute format('grant %s on %s to parley_system', array_to_string(coalesce(system, firm), ', '), p_table);
  if scope <> 'system' then
    execute format('grant %s on %s to parley_staff%s', array_to_string(firm, ', '), p_table,
      case when scope = 'firm' then '' else ', ' || v_members end);
  end if;
  if v_contacts then
    execute format('grant select on %s to %s', p_table, v_people);
  end if;
  perform gate.grant_columns('insert', contact_insert, p_table, v_people);
  perform gate.grant_columns('update', contact_update, p_table, v_people);
  if scope = 'project' then
    -- A project says its client: without this the planner takes both together for so rare that it reads a project's rows to find one id.
    execute format('create statistics if not exists %I (dependencies) on client_id, project_id from %s', v_name || '_of_client', p_table);
  end if;
  insert into gate.protection values (v_name, scope, firm, coalesce(system, firm), v_contacts, contact_where, contact_insert, contact_update, author)
    on conflict (relation) do update set (scope, firm, system, contacts, contact_where, contact_insert, contact_update, author)
      = (excluded.scope, excluded.firm, excluded.system, excluded.contacts, excluded.contact_where, excluded.contact_insert,
        excluded.contact_update, excluded.author);
end $$;

create function gate.grant_columns(p_what text, p_columns text[], p_table regclass, p_roles text) returns void
language plpgsql as $$
begin
  if p_columns <> '{}' then
    execute format('grant %s (%s) on %s to %s', p_what, (select string_agg(quote_ident(c), ', ') from unnest(p_columns) c), p_table, p_roles);
  end if;
end $$;

-- Declares that acts can be about the rows of a table, by their tenant_id and id: whoever acts sees that row's client alone, and a
-- contact its project alone. client and project name the columns that say whose a row is; project is null for a thing of the whole client.
create function parley_entity(p_table regclass, name text default null, client text default 'client_id', project text default 'project_id')
returns void
language plpgsql as $$
#variable_conflict use_variable
declare
  v_relation text := (select c.relname from pg_class c where c.oid = p_table);
  v_found text;
begin
  insert into gate.entity values (coalesce(name, v_relation), v_relation, client, project)
    on conflict on constraint entity_pkey do update set (relation, client, project) = (excluded.relation, excluded.client, excluded.project);
  perform gate.make_policy(p_table, v_relation || '_gate', 'for select to parley_gate using (true)');
  execute format('grant select (tenant_id, id, %I%s) on %s to parley_gate', client, ', ' || quote_ident(project), p_table);
  -- Written out anew, one branch for each: a statement that is put together when it runs would be planned at every opening.
  select string_agg(format('when %L then select t.%I, %s into client, project from public.%I t where t.tenant_id = p_tenant and t.id = p_id;',
    e.name, e.client, coalesce('t.' || quote_ident(e.project), 'null'), e.relation), E'\n        ' order by e.name) into v_found from gate.entity e;
  execute format($f$
    create or replace function parley_whose(p_tenant uuid, p_entity text, p_id uuid, out client uuid, out project uuid)
    language plpgsql stable as $body$
    begin
      case p_entity
        %s
        else null;
      end case;
    end $body$ $f$, v_found);
  alter function parley_whose(uuid, text, uuid) owner to parley_gate;
  revoke all on function parley_whose(uuid, text, uuid) from public;
end $$;

do $$
declare
  signature text;
begin
  foreach signature in array array['gate.make_policy(regclass, text, text)', 'gate.check_shape(regclass, text)',
      'gate.grant_columns(text, text[], regclass, text)', 'parley_entity(regclass, text, text, text)',
      'parley_protect(regclass, text, text[], text[], boolean, text, text[], text[], text)'] loop
    execute format('revoke all on function %s from public', signature);
  end loop;
end $$;

-- ── the tables there are ────────────────────────────────────────────────────────────────────────────────────────────

-- These had policies of the same reach, in other words: for members always by the list of their clients, for contacts always by
-- that of their projects.
drop policy phase_tenant on phase;
drop policy phase_member on phase;
drop policy phase_contact on phase;
drop policy assignment_tenant on assignment;
drop policy assignment_member on assignment;
drop policy event_tenant on event;
drop policy event_member on event;
drop policy audit_tenant on audit;
drop policy audit_member on audit;
drop policy external_ref_tenant on external_ref;
drop policy external_ref_member on external_ref;
drop policy connection_tenant on connection;
drop policy inbox_tenant on inbox;
drop policy posted_card_system on posted_card;
drop policy room_delivery_system on room_delivery;

select parley_protect('phase', scope => 'project', firm => '{select, insert, update, delete}');
select parley_protect('cycle', scope => 'project', contact_update => '{status, version, completed_at, reminded_at}');
select parley_protect('cycle_version', scope => 'project', firm => '{select, insert}');
select parley_protect('approval', scope => 'project', firm => '{select, insert}');
select parley_protect('dispute', scope => 'project',
  contact_insert => '{tenant_id, id, cycle_id, client_id, project_id, reason, person_id, by_name, opened_at}');
-- Who reported a ticket reads it: ticket_contact and ticket_message_contact are policies of their own.
select parley_protect('ticket', scope => 'project', contact_update => '{status, version, status_note, updated_at}',
  contact_insert => '{tenant_id, id, client_id, project_id, kind, status, title, description, expected, steps, links, priority, due_on,
    reporter_id, reporter_name, created_at, updated_at}');
select parley_protect('ticket_message', scope => 'project', contact_where => 'not internal');
select parley_protect('message', scope => 'project', firm => '{select, insert}', contact_where => 'not internal');
select parley_protect('assignment', scope => 'client', contacts => false, firm => '{select}');
select parley_protect('event', scope => 'client', contacts => false, firm => '{select}');
select parley_protect('audit', scope => 'client', contacts => false, firm => '{select}');
select parley_protect('external_ref', scope => 'client', contacts => false, firm => '{select}', system => '{select, insert, update}');
select parley_protect('connection', scope => 'firm', firm => '{select, insert, update, delete}');
select parley_protect('inbox', scope => 'firm', firm => '{select}', system => '{select, insert, update}');
select parley_protect('posted_card', scope => 'system', firm => '{select, insert, update, delete}');
select parley_protect('room_delivery', scope => 'system', firm => '{select, insert, update, delete}');
-- Firm, client, person, identity, link_code, project, membership, room and request keep policies of their own: what an actor sees
-- of these says who the actor is, and follows from no column alone.

select parley_entity('client', client => 'id', project => null);
select parley_entity('project', project => 'id');
select parley_entity('cycle');
select parley_entity('ticket');

-- As before, but whose a thing is is asked of what was declared.
create or replace function parley_open(p jsonb)
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
  -- Who acts, as it is recorded, and the short form of it that a request id is kept with.
  v_actor text;
  v_key text;
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
    if v_entity is not null and (v_person.role = 'member' or not v_whole) then
      select w.client, w.project into v_at_client, v_at_project from parley_whose(v_tenant, v_entity, v_about) w;
    end if;
    -- When the act is about something that is not theirs, nothing is narrowed: they will not find it.
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
    set_config('app.person', case when v_kind in ('person', 'identity') then v_id::text else '' end, true),
    set_config('app.name', coalesce(o_actor ->> 'name', ''), true);
  -- A room reads and never acts: what it opens cannot be closed.
  if p ? 'request' and v_kind <> 'audience' then
    v_key := case v_kind when 'system' then 'system' when 'integration' then concat_ws('/', v_kind, p ->> 'connector', p ->> 'account')
      else v_id::text end;
    v_actor := jsonb_strip_nulls((o_actor - array['memberships', 'grants', 'timezone']) || jsonb_build_object('key', v_key,
      'side', coalesce(o_actor ->> 'side', 'staff'), 'name', coalesce(o_actor ->> 'name', p ->> 'connector', 'Parley'),
      'connector', p ->> 'connector', 'account', case v_kind when 'integration' then p ->> 'account' end,
      'channel', p ->> 'channel', 'assurance', p ->> 'assurance', 'onBehalfOf', p ->> 'onBehalfOf'))::text;
    perform set_config('app.actor', v_actor, true), set_config('app.seal', parley_seal(v_actor), true);
    -- Written out and not by calling parley_replay: a function in SQL is planned anew in each transaction.
    select jsonb_build_object('command', r.command, 'inputHash', r.input_hash, 'outcome', r.outcome, 'byAnother', coalesce(r.actor <> v_key, false))
      into o_replay from request r where r.tenant_id = v_tenant and r.request_id = p ->> 'request';
  end if;
  return next;
end $$;
