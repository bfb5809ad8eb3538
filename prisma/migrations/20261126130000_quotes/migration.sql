-- What the firm offers to a client: a draft that the firm writes, then an offer that nobody changes, then how it ended.
create table quote (
  tenant_id uuid not null references firm (id),
  id uuid not null,
  client_id uuid not null,
  -- Null where it is for the whole client.
  project_id uuid,
  number int not null,
  status text not null default 'draft' check (status in ('sent', 'draft', 'accepted', 'declined', 'expired', 'superseded', 'withdrawn')),
  version int not null default 1,
  title text not null,
  content jsonb not null,
  content_hash text not null,
  -- What is billed once, with tax, in the smallest unit of the currency: with the options that were taken.
  gross bigint not null,
  sent_by uuid,
  sent_by_name text,
  sent_channel text,
  sent_assurance text,
  sent_at timestamptz,
  -- The end of its last day on the client's calendar, as it was when it was sent.
  expires_at timestamptz,
  ended_by_name text,
  ended_at timestamptz,
  reason text,
  superseded_by uuid,
  -- The quote that ends when this one is sent.
  replaces uuid,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, number),
  unique (tenant_id, id, content_hash),
  foreign key (tenant_id, client_id) references client (tenant_id, id),
  foreign key (tenant_id, client_id, project_id) references project (tenant_id, client_id, id),
  foreign key (tenant_id, sent_by) references person (tenant_id, id),
  foreign key (tenant_id, superseded_by) references quote (tenant_id, id),
  foreign key (tenant_id, replaces) references quote (tenant_id, id),
  check (status = 'draft' or num_nulls(sent_by, sent_by_name, sent_channel, sent_assurance, sent_at, expires_at) = 0)
);
create index quote_of_client on quote (tenant_id, client_id, created_at, id);
create index quote_newest on quote (tenant_id, created_at, id);
create index quote_due on quote (expires_at) where status = 'sent';
create index quote_open on quote (tenant_id, expires_at, id) where status = 'sent';

-- What the client sees of it begins when it is sent.
select parley_protect('quote', scope => 'project', contact_where => $$status <> 'draft'$$,
  contact_update => '{status, version, gross, ended_by_name, ended_at, reason}');
select parley_entity('quote');
-- Contacts answer, and do nothing else to it.
create policy quote_answer on quote as restrictive for update to parley_contact, parley_contact_one, parley_contact_whole
  using (status in ('sent', 'accepted', 'declined', 'expired', 'superseded', 'withdrawn')) with check (status in ('accepted', 'declined'));

-- The last wall: whoever writes, by whatever code, what was sent stays as it was sent, and what has ended as it ended.
create function parley_quote_stays() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
  if old.status <> 'draft' and (new.content, new.content_hash, new.number, new.client_id, new.project_id, new.sent_by, new.sent_at, new.expires_at)
      is distinct from (old.content, old.content_hash, old.number, old.client_id, old.project_id, old.sent_by, old.sent_at, old.expires_at) then
    raise exception 'quote %: what was sent is not changed', old.id using errcode = 'check_violation';
  end if;
  if old.status not in ('draft', 'sent') and new.status <> old.status then
    raise exception 'quote %: it is % and stays so', old.id, old.status using errcode = 'check_violation';
  end if;
  if old.status = 'draft' and new.status not in ('draft', 'sent') then
    raise exception 'quote %: a draft is sent before it is answered', old.id using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger quote_stays before update on quote for each row execute function parley_quote_stays();

-- The yes of the client: what was accepted, as it was then. One for each quote, and no role may change or remove it.
create table quote_acceptance (
  tenant_id uuid not null references firm (id),
  quote_id uuid not null,
  client_id uuid not null,
  project_id uuid,
  hash text not null,
  taken int[] not null,
  content jsonb not null,
  price jsonb not null,
  person_id uuid not null,
  by_name text not null,
  channel text not null,
  assurance text not null,
  at timestamptz not null,
  primary key (tenant_id, quote_id),
  -- An acceptance can only be of content that exists, by its hash.
  foreign key (tenant_id, quote_id, hash) references quote (tenant_id, id, content_hash),
  foreign key (tenant_id, client_id, project_id) references project (tenant_id, client_id, id),
  foreign key (tenant_id, person_id) references person (tenant_id, id)
);
select parley_protect('quote_acceptance', scope => 'project', firm => '{select}', system => '{select}', author => 'person_id',
  contact_insert => '{tenant_id, quote_id, client_id, project_id, hash, taken, content, price, person_id, by_name, channel, assurance, at}');

-- The firm's next number. Whoever asks waits until the one before is stored, or is not.
create function parley_next_quote() returns int
language plpgsql volatile security definer set search_path = public, pg_temp as $$
declare
  v_tenant uuid := current_setting('app.tenant')::uuid;
begin
  perform pg_advisory_xact_lock(hashtextextended('quote ' || v_tenant, 0));
  return (select coalesce(max(q.number), 0) + 1 from quote q where q.tenant_id = v_tenant);
end $$;
grant select (number, status, expires_at) on quote to parley_gate;
alter function parley_next_quote() owner to parley_gate;
revoke all on function parley_next_quote() from public;
grant execute on function parley_next_quote() to parley_staff, parley_member, parley_member_one, parley_system;

-- Which offers of which firms are over by then.
create function parley_due_quotes(p_at timestamptz) returns table (tenant_id uuid, id uuid)
language sql stable security definer set search_path = public, pg_temp as $$
  select q.tenant_id, q.id from quote q where q.status = 'sent' and q.expires_at <= p_at
$$;
alter function parley_due_quotes(timestamptz) owner to parley_gate;
revoke all on function parley_due_quotes(timestamptz) from public;
grant execute on function parley_due_quotes(timestamptz) to parley_login;

-- What a client would like a quote for.
create table inquiry (
  tenant_id uuid not null references firm (id),
  id uuid not null,
  client_id uuid not null,
  project_id uuid not null,
  status text not null default 'open' check (status in ('open', 'drafted', 'declined')),
  version int not null default 1,
  title text not null,
  body text,
  person_id uuid not null,
  by_name text not null,
  -- The quote that was drafted for it.
  quote_id uuid,
  reason text,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, client_id, project_id) references project (tenant_id, client_id, id),
  foreign key (tenant_id, person_id) references person (tenant_id, id),
  foreign key (tenant_id, quote_id) references quote (tenant_id, id)
);
create index inquiry_open on inquiry (tenant_id, created_at, id) where status = 'open';
select parley_protect('inquiry', scope => 'project', author => 'person_id',
  contact_insert => '{tenant_id, id, client_id, project_id, title, body, person_id, by_name, created_at}');
select parley_entity('inquiry');
