-- Files are asked for as well.
alter table requirement drop constraint requirement_kind_check,
  add constraint requirement_kind_check check (kind in ('words', 'decision', 'secret', 'files'));

-- What was sent: what it is called, and where it lies sealed under a key of its own, which the firm's key seals. Nobody changes or
-- removes what was sent.
create table requirement_file (
  tenant_id uuid not null references firm (id),
  id uuid not null,
  requirement_id uuid not null,
  client_id uuid not null,
  project_id uuid not null,
  round int not null,
  place int not null,
  name text not null check (name <> ''),
  type text not null,
  size bigint not null check (size > 0),
  digest text not null,
  stored uuid not null,
  sealed_key bytea not null,
  scan text not null check (scan in ('clean', 'off')),
  person_id uuid not null,
  given_at timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, requirement_id, round, place),
  foreign key (tenant_id, client_id, project_id) references project (tenant_id, client_id, id),
  -- Of the very project.
  foreign key (tenant_id, client_id, project_id, requirement_id) references requirement (tenant_id, client_id, project_id, id),
  foreign key (tenant_id, person_id) references person (tenant_id, id)
);
-- A contact sends what they have just provided, and nothing to what another one did.
create policy requirement_file_given on requirement_file as restrictive for insert to parley_contact, parley_contact_one, parley_contact_whole
  with check (exists (select from requirement r where r.tenant_id = requirement_file.tenant_id and r.id = requirement_file.requirement_id
    and r.kind = 'files' and r.status = 'provided' and r.round = requirement_file.round and r.given_by = requirement_file.person_id));
select parley_protect('requirement_file', scope => 'project', firm => '{select}', author => 'person_id',
  contact_insert => '{tenant_id, id, requirement_id, client_id, project_id, round, place, name, type, size, digest, stored, sealed_key, scan,
    person_id, given_at}');
