-- What is said about a quote. One for a whole client belongs to no project, and neither does what is said about it.
alter table quote add unique (tenant_id, client_id, id);

alter table message add column quote_id uuid,
  alter column project_id drop not null,
  drop constraint message_cycle_id_check,
  add constraint message_topic check (num_nonnulls(cycle_id, quote_id) = 1 and (project_id is not null or quote_id is not null)),
  add foreign key (tenant_id, client_id) references client (tenant_id, id),
  -- Of the very client: a message cannot be about one client's quote and be read with another's.
  add foreign key (tenant_id, client_id, quote_id) references quote (tenant_id, client_id, id);
create index message_of_quote on message (tenant_id, quote_id, created_at, id) where quote_id is not null;

-- A contact says something about what they see: nothing about a draft, or about a quote of a project that is not theirs.
create policy message_about_quote on message as restrictive for insert to parley_contact, parley_contact_one, parley_contact_whole
  with check (quote_id is null or exists (select from quote q
    where q.tenant_id = message.tenant_id and q.id = message.quote_id and q.project_id is not distinct from message.project_id));

-- The lists of what clients would like a quote for.
create index inquiry_newest on inquiry (tenant_id, created_at, id);
create index inquiry_of_client on inquiry (tenant_id, client_id, created_at, id);
