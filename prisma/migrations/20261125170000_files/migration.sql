-- Files that came with a message: what they are, and the mail in the inbox that keeps them. The mail's life is the inbox's own,
-- so nothing refers to its row; a message whose mail was swept away still names its files.

alter table ticket_message add column mail_id uuid,
  add column files jsonb check (jsonb_typeof(files) = 'array'),
  add constraint ticket_message_files check ((mail_id is null) = (files is null));
alter table message add column mail_id uuid,
  add column files jsonb check (jsonb_typeof(files) = 'array'),
  add constraint message_files check ((mail_id is null) = (files is null));

-- Was this mail sent by whoever acts, from an address that is theirs, and believed? Whoever may name a mail gets its files.
create function parley_sent_mail(p_mail uuid) returns boolean
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  v_tenant uuid := nullif(current_setting('app.tenant', true), '')::uuid;
begin
  return exists (select from inbox i join identity d on d.tenant_id = i.tenant_id and d.provider = 'email' and d.account = ''
      and d.external_id = i.headers ->> 'sender'
    where i.tenant_id = v_tenant and i.id = p_mail and i.source = 'email' and i.headers ->> 'verified' = 'yes'
      and d.person_id = nullif(current_setting('app.person', true), '')::uuid);
end $$;
alter function parley_sent_mail(uuid) owner to parley_gate;
revoke all on function parley_sent_mail(uuid) from public;
grant execute on function parley_sent_mail(uuid)
  to parley_staff, parley_member, parley_member_one, parley_contact, parley_contact_one, parley_contact_whole;

-- People name a mail of their own or none.
create policy ticket_message_own_mail on ticket_message as restrictive for insert
  to parley_staff, parley_member, parley_member_one, parley_contact, parley_contact_one, parley_contact_whole
  with check (case when mail_id is null then true else parley_sent_mail(mail_id) end);
create policy message_own_mail on message as restrictive for insert
  to parley_staff, parley_member, parley_member_one, parley_contact, parley_contact_one, parley_contact_whole
  with check (case when mail_id is null then true else parley_sent_mail(mail_id) end);
