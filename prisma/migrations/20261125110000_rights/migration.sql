-- Rights: what the roles of actors may write, and who is recorded to have done it.
--
-- Contacts and members write nobody's person, membership, identity or mailbox: the functions below check and do it. What contacts insert
-- carries their own name. Who acted is sealed by parley_open and taken by parley_close from there, never from its argument.

-- ── who acts ────────────────────────────────────────────────────────────────────────────────────────────────────────

-- The key of the seals of this database. Only the gate reads it; it holds for one transaction of one connection, so it needs no rotation.
create schema gate;
create table gate.seal_key (secret bytea not null);
insert into gate.seal_key values (sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text || gen_random_uuid()::text, 'utf8')));
grant usage on schema gate to parley_gate;
grant select on gate.seal_key to parley_gate;

-- The seal of an actor in this transaction of this connection: settings can be written by whoever can run SQL, a seal cannot be made.
create function parley_seal(p_actor text) returns text
language plpgsql stable as $$
declare
  v_key bytea := (select k.secret from gate.seal_key k);
begin
  return encode(sha256(v_key || sha256(v_key || convert_to(concat_ws(' ', pg_backend_pid(), extract(epoch from now()), p_actor), 'utf8'))), 'base64');
end $$;

-- Who acts in the open transaction, as parley_open found it: {tenantId, kind, key, name, side, personId?, role?, clientId?, channel?,
-- assurance?, onBehalfOf?, connector?, account?}. Refused unless it was opened for a command.
create function parley_actor() returns jsonb
language plpgsql stable as $$
declare
  v_actor text := current_setting('app.actor', true);
begin
  if coalesce(v_actor, '') = '' or current_setting('app.seal', true) is distinct from parley_seal(v_actor) then
    raise exception 'nobody acts in this transaction: it was not opened for a command' using errcode = 'insufficient_privilege';
  end if;
  return v_actor::jsonb;
end $$;

-- Whose request it was: a repeat by anybody else is not answered with the outcome. Null for requests of earlier versions.
alter table request add column actor text;

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

-- What the first run of a request id left, in the firm of the open transaction: {command, inputHash, outcome, byAnother}, or null.
create or replace function parley_replay(p_request text) returns jsonb
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  v_actor jsonb := parley_actor();
begin
  return (select jsonb_build_object('command', r.command, 'inputHash', r.input_hash, 'outcome', r.outcome,
      'byAnother', coalesce(r.actor <> v_actor ->> 'key', false))
    from request r where r.tenant_id = (v_actor ->> 'tenantId')::uuid and r.request_id = p_request);
end $$;

-- Closes a command: claims the request id for its outcome, and stores its events and audit rows, in the firm and the name of whoever
-- the transaction was opened for. A request id that somebody else claimed meanwhile fails on the unique key, and the whole command with it.
-- p: {request, command, inputHash, outcome, at, events: [{id, auditId, name, entity, entityId, clientId?, projectId?, data, before?, after?}]}
-- An earlier version names byName, channel, assurance and onBehalfOf here and not at the opening: they count where that said nothing.
create or replace function parley_close(p jsonb) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_actor jsonb := parley_actor();
  v_tenant uuid := v_actor ->> 'tenantId';
  v_request text := p ->> 'request';
  v_at timestamptz := (p ->> 'at')::timestamptz;
  v_opened boolean := v_actor ? 'channel';
  v_channel text := case when v_opened then v_actor ->> 'channel' else p ->> 'channel' end;
  v_name text := case when v_opened or v_actor ->> 'kind' <> 'integration' then v_actor ->> 'name' else p ->> 'byName' end;
begin
  if v_actor ->> 'side' = 'contact' and exists (select from jsonb_array_elements(p -> 'events') as e
      where e ->> 'clientId' is not null and e ->> 'clientId' is distinct from v_actor ->> 'clientId') then
    raise exception 'a contact leaves no event about another client' using errcode = 'insufficient_privilege';
  end if;
  insert into request (tenant_id, request_id, command, input_hash, outcome, at, actor)
    values (v_tenant, v_request, p ->> 'command', p ->> 'inputHash', p -> 'outcome', v_at, case when v_opened then v_actor ->> 'key' end);
  insert into event (tenant_id, id, name, entity, entity_id, client_id, project_id, data, actor, request_id, at)
    select v_tenant, e.id, e.name, e.entity, e."entityId", e."clientId", e."projectId", e.data,
      jsonb_strip_nulls(jsonb_build_object('kind', v_actor -> 'kind', 'name', v_name, 'side', v_actor -> 'side', 'channel', v_channel,
        'personId', v_actor -> 'personId', 'connector', v_actor -> 'connector', 'account', v_actor -> 'account')), v_request, v_at
    from jsonb_to_recordset(p -> 'events') as e (id uuid, name text, entity text, "entityId" uuid, "clientId" uuid, "projectId" uuid, data jsonb);
  insert into audit (tenant_id, id, at, command, event, person_id, by_name, on_behalf_of, channel, assurance, request_id, entity, entity_id,
      client_id, project_id, before, after)
    select v_tenant, e."auditId", v_at, p ->> 'command', e.name, (v_actor ->> 'personId')::uuid, v_name,
      case when v_opened then v_actor ->> 'onBehalfOf' else p ->> 'onBehalfOf' end, v_channel,
      case when v_opened then v_actor ->> 'assurance' else p ->> 'assurance' end, v_request, e.entity, e."entityId", e."clientId", e."projectId",
      e.before, e.after
    from jsonb_to_recordset(p -> 'events') as e ("auditId" uuid, name text, entity text, "entityId" uuid, "clientId" uuid, "projectId" uuid,
      before jsonb, after jsonb);
end $$;

-- ── people, memberships, identities: written by the gate alone ──────────────────────────────────────────────────────

-- May whoever acts add and change people of that client? The firm (a member where they are assigned) and the client's own admin.
create function parley_manages(p_actor jsonb, p_client uuid) returns boolean
language plpgsql stable as $$
begin
  return coalesce(p_actor ->> 'kind' in ('system', 'integration') or p_actor ->> 'role' in ('admin', 'partner')
    or (p_actor ->> 'role' = 'client_admin' and (p_actor ->> 'clientId')::uuid = p_client)
    or (p_actor ->> 'role' = 'member' and exists (select from assignment a where a.tenant_id = (p_actor ->> 'tenantId')::uuid
      and a.person_id = (p_actor ->> 'personId')::uuid and a.client_id = p_client)), false);
end $$;

create function parley_require(p_allowed boolean) returns void
language plpgsql immutable as $$
begin
  if p_allowed is not true then raise exception 'this actor may not do this' using errcode = 'insufficient_privilege'; end if;
end $$;

-- Adds a contact with the mail address that invites them, and their mailbox. p: {id, client, name, timezone, role, email, audience}
-- 'added'; 'taken' when the address is somebody's whom the actor knows (nothing is written); 'held' when it is somebody's whom they do not:
-- then the person is added without the address, so that nobody learns by trying whose address is known here.
create function parley_add_contact(p jsonb) returns text
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_actor jsonb := parley_actor();
  v_tenant uuid := v_actor ->> 'tenantId';
  v_client uuid := p ->> 'client';
  v_id uuid := p ->> 'id';
  v_held_by uuid;
  v_held boolean;
begin
  perform parley_require(parley_manages(v_actor, v_client) and p ->> 'audience' in ('client', 'person'));
  select q.client_id into v_held_by from identity i join person q on q.tenant_id = i.tenant_id and q.id = i.person_id
    where i.tenant_id = v_tenant and i.provider = 'email' and i.account = '' and i.external_id = p ->> 'email';
  v_held := found;
  if v_held and (parley_manages(v_actor, v_held_by) or (v_held_by is null and v_actor ->> 'side' = 'staff')) then
    return 'taken';
  end if;
  insert into person (tenant_id, id, side, client_id, name, timezone, role)
    values (v_tenant, v_id, 'contact', v_client, p ->> 'name', p ->> 'timezone', p ->> 'role');
  if v_held then return 'held'; end if;
  insert into identity (tenant_id, id, person_id, provider, account, external_id, proof)
    values (v_tenant, gen_random_uuid(), v_id, 'email', '', p ->> 'email', 'invitation');
  insert into room (tenant_id, id, channel, account, address, name, audience, client_id, person_id)
    values (v_tenant, gen_random_uuid(), 'email', '', p ->> 'email', p ->> 'name', p ->> 'audience', v_client, v_id);
  return 'added';
end $$;

-- Changes the role of a person or ends their access; what is null stays. Returns what it was, {role, active}, or null when there is no such person.
create function parley_change_person(p_person uuid, p_role text, p_active boolean) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_actor jsonb := parley_actor();
  v_tenant uuid := v_actor ->> 'tenantId';
  v_before person%rowtype;
begin
  select * into v_before from person q where q.tenant_id = v_tenant and q.id = p_person for update;
  if not found then return null; end if;
  perform parley_require(v_actor ->> 'personId' is distinct from p_person::text
    and case when v_before.client_id is null then v_actor ->> 'kind' = 'system' or v_actor ->> 'role' = 'admin'
      else parley_manages(v_actor, v_before.client_id) end);
  update person set role = coalesce(p_role, role), active = coalesce(p_active, active), version = version + 1
    where tenant_id = v_tenant and id = p_person;
  return jsonb_build_object('role', v_before.role, 'active', v_before.active);
end $$;

-- Gives a contact a role in a project of their client, or takes it (null). Returns the role they had, or null.
create function parley_set_membership(p_person uuid, p_project uuid, p_role text) returns text
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_actor jsonb := parley_actor();
  v_tenant uuid := v_actor ->> 'tenantId';
  v_client uuid;
  v_before text;
begin
  select q.client_id into v_client from person q join project j on j.tenant_id = q.tenant_id and j.client_id = q.client_id and j.id = p_project
    where q.tenant_id = v_tenant and q.id = p_person for update of q;
  perform parley_require(v_client is not null and parley_manages(v_actor, v_client));
  select m.role into v_before from membership m where m.tenant_id = v_tenant and m.person_id = p_person and m.project_id = p_project;
  if p_role is null then
    delete from membership where tenant_id = v_tenant and person_id = p_person and project_id = p_project;
  else
    insert into membership (tenant_id, client_id, project_id, person_id, role) values (v_tenant, v_client, p_project, p_person, p_role)
      on conflict (tenant_id, person_id, project_id) do update set role = excluded.role;
  end if;
  return v_before;
end $$;

-- Takes a chat account off a person: one's own, or anybody's by an admin. False when there is none such.
create function parley_unlink(p_identity uuid) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_actor jsonb := parley_actor();
begin
  delete from identity where tenant_id = (v_actor ->> 'tenantId')::uuid and id = p_identity and provider <> 'email'
    and (v_actor ->> 'kind' = 'system' or v_actor ->> 'role' = 'admin' or person_id = (v_actor ->> 'personId')::uuid);
  return found;
end $$;

grant insert, update on person to parley_gate;
grant insert, delete on identity to parley_gate;
grant insert, update, delete on membership to parley_gate;
grant insert on room to parley_gate;

do $$
declare
  signature text;
begin
  foreach signature in array array['parley_seal(text)', 'parley_actor()', 'parley_manages(jsonb, uuid)', 'parley_require(boolean)', 'parley_replay(text)',
      'parley_add_contact(jsonb)', 'parley_change_person(uuid, text, boolean)', 'parley_set_membership(uuid, uuid, text)', 'parley_unlink(uuid)'] loop
    execute format('alter function %s owner to parley_gate', signature);
    execute format('revoke all on function %s from public', signature);
  end loop;
end $$;
grant execute on function parley_add_contact(jsonb), parley_change_person(uuid, text, boolean), parley_set_membership(uuid, uuid, text), parley_unlink(uuid)
  to parley_staff, parley_member, parley_member_one, parley_contact, parley_contact_one, parley_contact_whole, parley_system;

revoke insert, update, delete on person, membership, identity
  from parley_member, parley_member_one, parley_contact, parley_contact_one, parley_contact_whole;
revoke insert on room from parley_contact, parley_contact_one, parley_contact_whole;
drop policy person_member_adds on person;
drop policy person_member_edits on person;
drop policy identity_invite on identity;
drop policy room_invite on room;

-- ── what people insert ──────────────────────────────────────────────────────────────────────────────────────────────

-- Theirs by person, name and side, about a thing of the very project; the columns that the firm decides are not theirs to give.
create policy approval_by_contact on approval as restrictive for insert to parley_contact, parley_contact_one, parley_contact_whole
  with check (side = 'client' and person_id = nullif(current_setting('app.person', true), '')::uuid and by_name = current_setting('app.name', true)
    and exists (select from cycle c where c.tenant_id = approval.tenant_id and c.id = approval.cycle_id and c.project_id = approval.project_id));
create policy dispute_by_contact on dispute as restrictive for insert to parley_contact, parley_contact_one, parley_contact_whole
  with check (person_id = nullif(current_setting('app.person', true), '')::uuid and by_name = current_setting('app.name', true)
    and exists (select from cycle c where c.tenant_id = dispute.tenant_id and c.id = dispute.cycle_id and c.project_id = dispute.project_id));
create policy ticket_by_contact on ticket as restrictive for insert to parley_contact, parley_contact_one, parley_contact_whole
  with check (status = 'new' and reporter_id = nullif(current_setting('app.person', true), '')::uuid
    and reporter_name = current_setting('app.name', true));
create policy ticket_message_by_contact on ticket_message as restrictive for insert to parley_contact, parley_contact_one, parley_contact_whole
  with check (side = 'contact' and not internal and person_id = nullif(current_setting('app.person', true), '')::uuid
    and by_name = current_setting('app.name', true)
    and exists (select from ticket t where t.tenant_id = ticket_message.tenant_id and t.id = ticket_message.ticket_id
      and t.project_id = ticket_message.project_id));
-- The firm's people sign and speak as themselves too.
create policy approval_by_staff on approval as restrictive for insert to parley_staff, parley_member, parley_member_one
  with check (side = 'firm' and person_id = nullif(current_setting('app.person', true), '')::uuid and by_name = current_setting('app.name', true));
create policy ticket_message_by_staff on ticket_message as restrictive for insert to parley_staff, parley_member, parley_member_one
  with check (side = 'staff' and person_id = nullif(current_setting('app.person', true), '')::uuid
    and by_name = current_setting('app.name', true));
revoke insert on dispute, ticket from parley_contact, parley_contact_one, parley_contact_whole;
grant insert (tenant_id, id, cycle_id, client_id, project_id, reason, person_id, by_name, opened_at) on dispute
  to parley_contact, parley_contact_one, parley_contact_whole;
grant insert (tenant_id, id, client_id, project_id, kind, status, title, description, expected, steps, links, priority, due_on, reporter_id,
    reporter_name, created_at, updated_at) on ticket
  to parley_contact, parley_contact_one, parley_contact_whole;
