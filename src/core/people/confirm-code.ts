import { z } from 'zod';
import type { Card, Press } from '../kernel/card.ts';
import { command } from '../kernel/command.ts';
import type { Context } from '../kernel/context.ts';
import { DomainError } from '../kernel/errors.ts';
import type { NewEvent } from '../kernel/event.ts';
import type { CommandForm } from '../kernel/form.ts';
import { formCard } from '../kernel/form.ts';
import { allow, sentence } from '../kernel/thing-definition.ts';
import { wrongCode } from './cards.ts';
import { codeRefused, confirmed, linked } from './events.ts';
import { CODE_ATTEMPTS, code, isCode, providerName, SENT, Sender } from './link.ts';
import { isLinking } from './rules.ts';
import { email } from './schema.ts';

interface LinkRow {
  id: string;
  provider: string;
  account: string;
  external_id: string;
  called_as: string | null;
  workspace: string | null;
  person_id: string | null;
  code_hash: string;
  attempts: number;
  expires_at: Date;
  used_at: Date | null;
}

const typed = { code: code('Code from the mail') };
const enterCode: CommandForm = {
  fields: typed,
  opens: z.object({ link: z.uuid() }),
  draw: async ({ actor }, opened, press) => {
    allow(isLinking(actor));
    const about = { entity: 'link', id: (opened as { link: string }).link, version: 0 };
    return formCard(press, { title: 'Enter the code', submit: 'Link account', about }, typed, {});
  },
};

/** Links the chat account that types the right code. A wrong one is counted, and the count outlives the refusal. */
export const confirmCode = command({
  name: 'identity.confirm-code',
  formerly: ['identity.enter-code'],
  input: Sender.extend({ link: z.uuid(), ...typed }),
  form: enterCode,
  known: SENT,
  unlinked: true,
  load: async ({ sql }, { link, provider, account, externalId }) =>
    (
      await sql<LinkRow>`select * from link_code where id = ${link} and provider = ${provider} and account = ${account} and external_id = ${externalId} for update`
    )[0] ?? null,
  policy: (actor) => isLinking(actor),
  handle: async (context, { code }, link) => {
    assertUsable(link, context.now);
    return tryCode(context, link, code);
  },
  reply: ({ id, linked, provider }) =>
    linked ? linkedCard(id, provider) : wrongCode(id, { target: 'identity.confirm-code', input: { link: id } }),
});

const handed = { email, code: code('Code from the firm') };
/** Asks for a code that was handed on by an administrator: the one way where no mail is sent. */
export function askHandedCode({ newId }: Pick<Context, 'newId'>, provider: string, press: Press): Card {
  const about = { entity: 'link', id: newId(), version: 0 };
  const lead = `To link your ${providerName(provider)} account, ask your contact at the firm for a code. Then type it here, with the mail address under which you were invited.`;
  return formCard(press, { title: 'Link your account', submit: 'Link account', about }, handed, { lead });
}

const haveCode: CommandForm = {
  fields: handed,
  opens: Sender,
  draw: async (context, opened, press) => {
    allow(isLinking(context.actor));
    return askHandedCode(context, (opened as Sender).provider, press);
  },
};

/**
 * Links the chat account that types the code which an administrator handed to a person, together with the person's mail
 * address: works without mail, and from any workspace. An unknown address is answered like a wrong code.
 */
export const useCode = command({
  name: 'identity.use-code',
  formerly: ['identity.have-code'],
  input: Sender.extend(handed),
  form: haveCode,
  known: SENT,
  unlinked: true,
  load: async ({ sql, now }, { email }) => {
    const [link] = await sql<LinkRow>`select l.* from link_code l
      join identity i on i.tenant_id = l.tenant_id and i.person_id = l.person_id and i.provider = 'email' and i.account = '' and i.external_id = ${email}
      where l.provider = '' and l.used_at is null and l.expires_at > ${now} order by l.created_at desc limit 1 for update of l`;
    return { link };
  },
  policy: (actor) => isLinking(actor),
  handle: async (context, { code, provider, account, externalId, calledAs }, { link }) => {
    const id = link?.id ?? context.newId();
    const refused = codeRefused.of({ entity: 'link', id }, { provider });
    const nothing = { events: [refused] as [NewEvent], output: { id, linked: false as boolean, provider } };
    if (!link || link.attempts >= CODE_ATTEMPTS) return nothing;
    const [connection] = await context.sql<{ name: string | null }>`
      select settings ->> 'name' as name from connection where tool = ${provider} and account = ${account}`;
    const by = { provider, account, external_id: externalId, called_as: calledAs ?? null };
    return tryCode(context, { ...link, ...by, workspace: connection?.name ?? null }, code);
  },
  reply: ({ id, linked, provider }) =>
    linked ? linkedCard(id, provider) : wrongCode(id, { target: 'identity.use-code', input: {} }),
});

/** Links by one press in the mail itself: whoever holds the mailbox confirms that the chat account is theirs. Contacts only. */
export const confirmLink = command({
  name: 'identity.confirm',
  input: z.strictObject({ link: z.uuid() }),
  load: async ({ sql }, { link }) =>
    (await sql<LinkRow>`select * from link_code where id = ${link} for update`)[0] ?? null,
  policy: (actor, link) => actor.kind === 'person' && actor.personId === link.person_id,
  handle: async ({ actor, sql, now }, _input, link) => {
    // Somebody else may have asked: what staff can do is too much for one careless press.
    if (actor.kind === 'person' && actor.side === 'staff')
      throw new DomainError(
        'forbidden',
        'Please type the code where you asked for it. The team cannot link by a press.',
      );
    assertUsable(link, now);
    await sql`update link_code set used_at = ${now} where id = ${link.id}`;
    return {
      events: [confirmed.of({ entity: 'link', id: link.id }, { link: link.id })],
      output: { id: link.id, provider: link.provider },
    };
  },
  reply: ({ id, provider }) => linkedCard(id, provider),
});

/** Writes the identity that a press in the mail confirmed; a contact's own database role could not. */
export const attach = command({
  name: 'identity.attach',
  input: z.strictObject({ link: z.uuid() }),
  load: async ({ sql }, { link }) =>
    (await sql<LinkRow>`select * from link_code where id = ${link} and used_at is not null for update`)[0] ?? null,
  policy: (actor) => isLinking(actor),
  handle: async (context, _input, link) => {
    if (link.person_id === null) throw new DomainError('conflict', 'Nobody is to be linked here.');
    const event = await attachIdentity(context, link, link.person_id);
    return { events: [event], output: { id: link.id, provider: link.provider } };
  },
  reply: ({ id, provider }) => linkedCard(id, provider),
});

function linkedCard(id: string, provider: string) {
  return sentence('link', id, `Your ${providerName(provider)} account is linked. You can use every button now.`);
}

function assertUsable(link: LinkRow, now: Date): void {
  if (link.used_at) throw new DomainError('conflict', 'This code was used already.');
  if (link.attempts >= CODE_ATTEMPTS)
    throw new DomainError('rate_limited', 'Too many wrong codes. Please ask for a new one.');
  if (link.expires_at < now) throw new DomainError('conflict', 'This code is too old. Please ask for a new one.');
}

async function tryCode(context: Context, link: LinkRow, code: string) {
  const { id, provider, person_id: person } = link;
  if (person !== null && isCode(context.secrets, id, code, link.code_hash)) {
    const event = await attachIdentity(context, link, person);
    return { events: [event] as [NewEvent], output: { id, linked: true as boolean, provider } };
  }
  await context.sql`update link_code set attempts = attempts + 1 where id = ${id}`;
  const refused = codeRefused.of({ entity: 'link', id }, { provider });
  return { events: [refused] as [NewEvent], output: { id, linked: false as boolean, provider } };
}

/** A chat account belongs to one person: linking it again moves it, which the audit row tells. */
async function attachIdentity(context: Context, link: LinkRow, personId: string): Promise<NewEvent> {
  const { actor, sql, newId, now } = context;
  const { provider, account, external_id: externalId, called_as: calledAs, workspace } = link;
  const identity = newId();
  await sql`delete from identity where provider = ${provider} and account = ${account} and external_id = ${externalId}`;
  await sql`insert into identity (tenant_id, id, person_id, provider, account, external_id, proof, linked_at)
    values (${actor.tenantId}, ${identity}, ${personId}, ${provider}, ${account}, ${externalId}, 'code', ${now})`;
  await sql`update link_code set used_at = coalesce(used_at, ${now}), provider = ${provider}, account = ${account}, external_id = ${externalId},
    called_as = ${calledAs}, workspace = ${workspace}, identity_id = ${identity} where id = ${link.id}`;
  await openDirectChats(context, personId);
  const about = { entity: 'link', id: link.id };
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
