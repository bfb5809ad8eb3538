-- Seeing what a contact sees, and being invited.

-- A member of the team was shown what a contact is shown, for so long; the client may read that it was.
create table look (
  tenant_id uuid not null references firm (id),
  id uuid not null,
  client_id uuid not null,
  -- Whose view it is.
  person_id uuid not null,
  -- Who looks.
  staff_id uuid not null,
  by_name text not null check (by_name <> ''),
  begun_at timestamptz not null,
  ends_at timestamptz not null,
  pages int not null default 0,
  primary key (tenant_id, id),
  foreign key (tenant_id, client_id) references client (tenant_id, id),
  foreign key (tenant_id, person_id) references person (tenant_id, id),
  foreign key (tenant_id, staff_id) references person (tenant_id, id),
  check (ends_at >= begun_at)
);
create index look_by_time on look (tenant_id, begun_at, id);
create index look_of_client on look (tenant_id, client_id, begun_at, id);
-- Whoever looks began it themselves; the pages are counted by the system.
select parley_protect('look', scope => 'client', firm => '{select, insert}', system => '{select, insert, update}', author => 'staff_id');

-- A link that signs somebody in for the first time. It is signed and stored nowhere; this says for whom it is, and who invited them.
create table invitation (
  tenant_id uuid not null references firm (id),
  id uuid not null,
  person_id uuid not null,
  by_name text not null check (by_name <> ''),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, person_id) references person (tenant_id, id)
);
create index invitation_of_person on invitation (tenant_id, person_id, created_at);

-- The system works with it; a person sees their own besides.
select parley_protect('invitation', scope => 'system', firm => '{select, insert}');
create policy invitation_own on invitation to parley_staff, parley_member, parley_member_one, parley_contact, parley_contact_one, parley_contact_whole
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid)
    and person_id = (select nullif(current_setting('app.person', true), '')::uuid));
create policy invitation_gate on invitation to parley_gate using (true);
grant select on invitation to parley_staff, parley_member, parley_member_one, parley_contact, parley_contact_one, parley_contact_whole;
grant select, delete on invitation to parley_gate;

create function parley_sweep_invitation(p_limit int) returns int
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_rows int;
begin
  delete from invitation where ctid = any (array(
    select ctid from invitation where expires_at < now() - interval '30 days' limit least(p_limit, 1000)));
  get diagnostics v_rows = row_count;
  return v_rows;
end $$;
alter function parley_sweep_invitation(int) owner to parley_gate;
revoke all on function parley_sweep_invitation(int) from public;
grant execute on function parley_sweep_invitation(int) to parley_login;
