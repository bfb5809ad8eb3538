import type { Context } from '../kernel/context.ts';
import { DomainError } from '../kernel/errors.ts';
import type { NewEvent } from '../kernel/event.ts';
import { linkedText } from './codes.ts';
import { linked } from './events.ts';
import type { Link } from './link.ts';
import { link } from './link.ts';
import { isLinking } from './rules.ts';

/** Writes the identity that a press in the mail confirmed; a contact's own database role could not. */
export const attach = link.command({
  name: 'identity.attach',
  version: 'optional',
  button: [],
  who: isLinking,
  lock: async (context, id) => {
    const it = await link.lock(context, id);
    return it?.usedAt ? it : null;
  },
  handle: async (context, _input, it) => {
    if (it.personId === null) throw new DomainError('conflict', 'Nobody is to be linked here.');
    const event = await attachIdentity(context, it, it.personId);
    return { events: [event], after: it, say: linkedText(it.provider), next: null };
  },
});

/** A chat account belongs to one person: linking it again moves it, which the audit row tells. */
export async function attachIdentity(context: Context, it: Link, personId: string): Promise<NewEvent> {
  const { actor, sql, newId, now } = context;
  const { id, provider, account, externalId, calledAs, workspace } = it;
  const identity = newId();
  await sql`delete from identity where provider = ${provider} and account = ${account} and external_id = ${externalId}`;
  await sql`insert into identity (tenant_id, id, person_id, provider, account, external_id, proof, linked_at)
    values (${actor.tenantId}, ${identity}, ${personId}, ${provider}, ${account}, ${externalId}, 'code', ${now})`;
  await sql`update link_code set used_at = coalesce(used_at, ${now}), provider = ${provider}, account = ${account}, external_id = ${externalId},
    called_as = ${calledAs}, workspace = ${workspace}, identity_id = ${identity} where id = ${id}`;
  await openDirectChats(context, personId);
  const about = { entity: 'link', id };
  return linked.of(about, { person: personId, provider, identity }, { after: { provider, account, externalId } });
}

/** The chat accounts of a person are rooms of theirs alone, where what concerns their access is told. */
async function openDirectChats({ actor, sql }: Context, personId: string): Promise<void> {
  await sql`
    insert into room (tenant_id, id, channel, account, address, name, audience, client_id, person_id)
    select p.tenant_id, gen_random_uuid(), i.provider, i.account, i.external_id, p.name, 'person', p.client_id, p.id
    from person p join identity i on i.tenant_id = p.tenant_id and i.person_id = p.id
    where p.tenant_id = ${actor.tenantId} and p.id = ${personId} and i.provider in ('slack', 'teams', 'discord')
    on conflict do nothing`;
}
