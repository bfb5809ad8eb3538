-- How many of a client's approvers must approve, and in which order; from when on a scope is agreed on; who has accepted a quote so far;
-- above which amount accepting takes a surer sign of who it is.

-- What the firm has set for a client. Without a row one approver is enough, whoever it is.
create table approval_rule (
  tenant_id uuid not null references firm (id),
  client_id uuid not null,
  -- Null for all of them.
  needed int check (needed between 1 and 9),
  -- Who approves one after the other, before anybody else.
  in_order uuid[] not null default '{}' check (cardinality(in_order) <= coalesce(needed, 9)),
  by_name text not null,
  set_at timestamptz not null default now(),
  primary key (tenant_id, client_id),
  foreign key (tenant_id, client_id) references client (tenant_id, id)
);
-- All who work for the client and its own people read it. Who leads the firm writes it, and of those the command lets administrators.
select parley_protect('approval_rule', scope => 'client', firm => '{select}', system => '{select, insert, update}');
grant insert, update on approval_rule to parley_staff;

/*
 * What is asked of a client's approvers in a project, or of the whole client, and who could be one: the rights of each are weighed
 * by the rules of people. With the actor's own eyes: whoever sees a project sees all who have a part in it.
 */
create function parley_approvers(p_client uuid, p_project uuid) returns jsonb
language plpgsql stable set search_path = public, pg_temp as $$
declare
  v_tenant uuid := current_setting('app.tenant')::uuid;
  v_rule approval_rule%rowtype;
  v_found boolean;
begin
  select * into v_rule from approval_rule r where r.tenant_id = v_tenant and r.client_id = p_client;
  v_found := found;
  return jsonb_build_object(
    'needed', case when v_found then v_rule.needed else 1 end,
    'order', (select coalesce(jsonb_agg(jsonb_build_object('id', q.id, 'name', q.name) order by o.place), '[]')
      from unnest(v_rule.in_order) with ordinality o (id, place) join person q on q.tenant_id = v_tenant and q.id = o.id),
    'people', (select coalesce(jsonb_agg(jsonb_build_object('id', q.id, 'name', q.name, 'role', q.role, 'grants', q.grants, 'part', m.role)
        order by lower(q.name), q.id), '[]')
      from person q left join membership m on m.tenant_id = q.tenant_id and m.person_id = q.id and m.project_id = p_project
      where q.tenant_id = v_tenant and q.client_id = p_client and q.active and (q.role = 'client_admin' or m.role <> 'feedback'
        -- What is the whole client's is read by whoever reads all of its projects.
        or (p_project is null and exists (select from project j where j.tenant_id = v_tenant and j.client_id = p_client)
          and not exists (select from project j where j.tenant_id = v_tenant and j.client_id = p_client and not exists (
            select from membership h where h.tenant_id = v_tenant and h.person_id = q.id and h.project_id = j.id and h.role <> 'feedback'))))));
end $$;
revoke all on function parley_approvers(uuid, uuid) from public;
grant execute on function parley_approvers(uuid, uuid) to parley_staff, parley_member, parley_member_one, parley_system, parley_contact,
  parley_contact_one, parley_contact_whole;

-- Several of the client sign a version of a scope, each once; the firm signs it once.
alter table approval drop constraint approval_pkey, add primary key (tenant_id, cycle_id, number, side, person_id);
create unique index approval_of_firm on approval (tenant_id, cycle_id, number) where side = 'firm';

-- That the client has agreed to a version of the scope: as many had approved it as the rule asked for then.
create table cycle_agreement (
  tenant_id uuid not null references firm (id),
  cycle_id uuid not null,
  number int not null,
  client_id uuid not null,
  project_id uuid not null,
  hash text not null,
  at timestamptz not null,
  primary key (tenant_id, cycle_id, number),
  foreign key (tenant_id, cycle_id, number, hash) references cycle_version (tenant_id, cycle_id, number, hash),
  foreign key (tenant_id, client_id, project_id) references project (tenant_id, client_id, id)
);
-- Whoever migrates owns the tables, and row security is forced on owners too: they could not read what is there.
alter table approval no force row level security;
insert into cycle_agreement (tenant_id, cycle_id, number, client_id, project_id, hash, at)
  select tenant_id, cycle_id, number, client_id, project_id, hash, at from approval where side = 'client';
alter table approval force row level security;
-- Whoever of the client completes an agreement has signed it.
create policy cycle_agreement_by_contact on cycle_agreement as restrictive for insert to parley_contact, parley_contact_one, parley_contact_whole
  with check (exists (select from approval a where a.tenant_id = cycle_agreement.tenant_id and a.cycle_id = cycle_agreement.cycle_id
    and a.number = cycle_agreement.number and a.project_id = cycle_agreement.project_id and a.side = 'client'
    and a.person_id = nullif(current_setting('app.person', true), '')::uuid));
select parley_protect('cycle_agreement', scope => 'project', firm => '{select}', system => '{select, insert}',
  contact_insert => '{tenant_id, cycle_id, number, client_id, project_id, hash, at}');

-- Who has accepted a quote so far, and with which options. No role may change or remove it.
create table quote_signature (
  tenant_id uuid not null references firm (id),
  quote_id uuid not null,
  person_id uuid not null,
  client_id uuid not null,
  project_id uuid,
  hash text not null,
  taken int[] not null,
  by_name text not null,
  channel text not null,
  assurance text not null,
  at timestamptz not null,
  primary key (tenant_id, quote_id, person_id),
  foreign key (tenant_id, quote_id, hash) references quote (tenant_id, id, content_hash),
  foreign key (tenant_id, client_id) references client (tenant_id, id),
  foreign key (tenant_id, client_id, project_id) references project (tenant_id, client_id, id),
  foreign key (tenant_id, person_id) references person (tenant_id, id)
);
alter table quote_acceptance no force row level security;
insert into quote_signature (tenant_id, quote_id, person_id, client_id, project_id, hash, taken, by_name, channel, assurance, at)
  select tenant_id, quote_id, person_id, client_id, project_id, hash, taken, by_name, channel, assurance, at from quote_acceptance;
alter table quote_acceptance force row level security;
select parley_protect('quote_signature', scope => 'project', firm => '{select}', system => '{select}', author => 'person_id',
  contact_insert => '{tenant_id, quote_id, person_id, client_id, project_id, hash, taken, by_name, channel, assurance, at}');
-- Where a rule asks for less than it did, what was signed may be enough: the hub notes so, with the name of who signed last.
select parley_protect('quote_acceptance', scope => 'project', firm => '{select}', system => '{select, insert}', author => 'person_id',
  contact_insert => '{tenant_id, quote_id, client_id, project_id, hash, taken, content, price, person_id, by_name, channel, assurance, at}');
-- Contacts also count who has accepted, while the quote stands.
drop policy quote_answer on quote;
create policy quote_answer on quote as restrictive for update to parley_contact, parley_contact_one, parley_contact_whole
  using (status in ('sent', 'accepted', 'declined', 'expired', 'superseded', 'withdrawn')) with check (status in ('sent', 'accepted', 'declined'));

-- The last wall, whatever code writes: nothing is agreed on with fewer signatures than the rule asks for. What "all" means is known to
-- the rules of people; one is the least of it. The hub itself carries over what was signed with another document.
create function parley_needed(p_tenant uuid, p_client uuid) returns int
language plpgsql stable set search_path = public, pg_temp as $$
begin
  return coalesce((select r.needed from approval_rule r where r.tenant_id = p_tenant and r.client_id = p_client), 1);
end $$;

create function parley_cycle_agreed() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
  if current_user <> 'parley_system' and (select count(distinct a.person_id) from approval a where a.tenant_id = new.tenant_id
      and a.cycle_id = new.cycle_id and a.number = new.number and a.hash = new.hash and a.side = 'client')
      < parley_needed(new.tenant_id, new.client_id) then
    raise exception 'cycle %: fewer have approved than must', new.cycle_id using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger cycle_agreement_enough before insert on cycle_agreement for each row execute function parley_cycle_agreed();

create function parley_quote_accepted() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
  if (select count(distinct s.person_id) from (
        select g.person_id from quote_signature g where g.tenant_id = new.tenant_id and g.quote_id = new.quote_id and g.hash = new.hash
          and g.taken = new.taken
        union select new.person_id) s) < parley_needed(new.tenant_id, new.client_id) then
    raise exception 'quote %: fewer have accepted it than must', new.quote_id using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger quote_acceptance_enough before insert on quote_acceptance for each row execute function parley_quote_accepted();

-- All who accept a quote take the same options of it.
create function parley_quote_signed() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
  if exists (select from quote_signature g where g.tenant_id = new.tenant_id and g.quote_id = new.quote_id and g.taken <> new.taken) then
    raise exception 'quote %: it was accepted with other options', new.quote_id using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger quote_signature_same before insert on quote_signature for each row execute function parley_quote_signed();

do $$
declare
  signature text;
begin
  foreach signature in array array['parley_needed(uuid, uuid)', 'parley_cycle_agreed()', 'parley_quote_accepted()', 'parley_quote_signed()'] loop
    execute format('revoke all on function %s from public', signature);
  end loop;
end $$;
grant execute on function parley_needed(uuid, uuid) to parley_staff, parley_member, parley_member_one, parley_system, parley_contact,
  parley_contact_one, parley_contact_whole;

-- Above which amount, in whole units of a quote's currency, a mail or its link is not enough to accept it. Without a row it is 10,000.
create table quote_limit (
  tenant_id uuid not null references firm (id),
  amount numeric(15, 2) not null check (amount >= 0),
  by_name text not null,
  set_at timestamptz not null default now(),
  primary key (tenant_id)
);
select parley_protect('quote_limit', scope => 'firm');
create policy quote_limit_gate on quote_limit for select to parley_gate using (true);
grant select (tenant_id, amount) on quote_limit to parley_gate;

-- For whoever sees a quote of the firm; the row itself is for those who lead it.
create function parley_quote_limit() returns numeric
language sql stable security definer set search_path = public, pg_temp as $$
  select coalesce((select l.amount from quote_limit l where l.tenant_id = current_setting('app.tenant')::uuid), 10000.00)
$$;
alter function parley_quote_limit() owner to parley_gate;
revoke all on function parley_quote_limit() from public;
grant execute on function parley_quote_limit() to parley_staff, parley_member, parley_member_one, parley_system, parley_contact,
  parley_contact_one, parley_contact_whole;
