-- What is said about a requirement or an invoice. An invoice for a whole client belongs to no project, and neither does what is said
-- about it.
alter table message add column requirement_id uuid,
  add column invoice_id uuid,
  drop constraint message_topic,
  add constraint message_topic check (num_nonnulls(cycle_id, quote_id, deliverable_id, requirement_id, invoice_id) = 1
    and (project_id is not null or quote_id is not null or invoice_id is not null)),
  -- Of the very project or client: a message cannot be about what one of them has and be read with another's.
  add foreign key (tenant_id, client_id, project_id, requirement_id) references requirement (tenant_id, client_id, project_id, id),
  add foreign key (tenant_id, client_id, invoice_id) references invoice (tenant_id, client_id, id);
create index message_of_requirement on message (tenant_id, requirement_id, created_at, id) where requirement_id is not null;
create index message_of_invoice on message (tenant_id, invoice_id, created_at, id) where invoice_id is not null;

-- A contact says something about what they see: nothing about a draft, or about an invoice of a project that is not theirs.
create policy message_about_invoice on message as restrictive for insert to parley_contact, parley_contact_one, parley_contact_whole
  with check (invoice_id is null or exists (select from invoice i
    where i.tenant_id = message.tenant_id and i.id = message.invoice_id and i.project_id is not distinct from message.project_id));
