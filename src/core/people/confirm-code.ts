import { z } from 'zod';
import { command } from '../kernel/command.ts';
import type { Context } from '../kernel/context.ts';
import { DomainError } from '../kernel/errors.ts';
import { confirmation } from './cards.ts';
import { CODE_ATTEMPTS, hashOfCode, providerName, Sender } from './link.ts';
import { EVENTS } from './person.ts';

interface LinkRow {
  id: string;
  provider: string;
  account: string;
  external_id: string;
  person_id: string | null;
  code_hash: string;
  attempts: number;
  expires_at: Date;
  used_at: Date | null;
}

/** Links the chat account that types the right code. A wrong one is counted, and the count outlives the refusal. */
export const confirmCode = command({
  name: 'identity.confirm-code',
  input: Sender.extend({ link: z.uuid(), code: z.string().trim() }),
  unlinked: true,
  fields: ['code'],
  known: ['provider', 'account', 'externalId'],
  load: async ({ sql }, { link, provider, account, externalId }) =>
    (
      await sql<LinkRow>`select * from link_code where id = ${link} and provider = ${provider} and account = ${account} and external_id = ${externalId} for update`
    )[0] ?? null,
  policy: (actor) => actor.kind === 'system',
  handle: async (context, { code }, link) => {
    assertUsable(link, context.now);
    const about = { entity: 'link', id: link.id };
    if (link.person_id === null || hashOfCode(link.id, code.replaceAll(/\D/g, '')) !== link.code_hash) {
      await context.sql`update link_code set attempts = attempts + 1 where id = ${link.id}`;
      return {
        events: [{ name: EVENTS.codeRefused, about, data: { provider: link.provider } }],
        output: { id: link.id, linked: false as boolean, provider: link.provider },
      };
    }
    await attachIdentity(context, link, link.person_id);
    return {
      events: [{ name: EVENTS.linked, about, data: { person: link.person_id, provider: link.provider } }],
      output: { id: link.id, linked: true, provider: link.provider },
    };
  },
  reply: ({ id, linked, provider }) =>
    linked
      ? confirmation('link', id, `Your ${providerName(provider)} account is linked. You can use every button now.`)
      : {
          ...confirmation('link', id, 'That is not the code we sent.'),
          tone: 'attention',
          actions: [
            { kind: 'button', label: 'Try again', press: { target: 'identity.enter-code', input: { link: id } } },
          ],
        },
});

/** Links by one press in the mail itself: whoever holds the mailbox confirms that the chat account is theirs. */
export const confirmLink = command({
  name: 'identity.confirm',
  input: z.strictObject({ link: z.uuid() }),
  load: async ({ sql }, { link }) =>
    (await sql<LinkRow>`select * from link_code where id = ${link} for update`)[0] ?? null,
  policy: (actor, link) => actor.kind === 'person' && actor.personId === link.person_id,
  handle: async ({ sql, now }, _input, link) => {
    assertUsable(link, now);
    await sql`update link_code set used_at = ${now} where id = ${link.id}`;
    return {
      events: [{ name: EVENTS.confirmed, about: { entity: 'link', id: link.id }, data: { link: link.id } }],
      output: { id: link.id, provider: link.provider },
    };
  },
  reply: ({ id, provider }) => confirmation('link', id, `Your ${providerName(provider)} account is linked.`),
});

/** Writes the identity that a press in the mail confirmed; a contact's own database role could not. */
export const attach = command({
  name: 'identity.attach',
  input: z.strictObject({ link: z.uuid() }),
  load: async ({ sql }, { link }) =>
    (await sql<LinkRow>`select * from link_code where id = ${link} and used_at is not null for update`)[0] ?? null,
  policy: (actor) => actor.kind === 'system',
  handle: async (context, _input, link) => {
    if (link.person_id === null) throw new DomainError('conflict', 'Nobody is to be linked here.');
    await attachIdentity(context, link, link.person_id);
    return {
      events: [
        {
          name: EVENTS.linked,
          about: { entity: 'link', id: link.id },
          data: { person: link.person_id, provider: link.provider },
        },
      ],
      output: { id: link.id, provider: link.provider },
    };
  },
  reply: ({ id, provider }) => confirmation('link', id, `Your ${providerName(provider)} account is linked.`),
});

function assertUsable(link: LinkRow, now: Date): void {
  if (link.used_at) throw new DomainError('conflict', 'This code was used already.');
  if (link.attempts >= CODE_ATTEMPTS)
    throw new DomainError('rate_limited', 'Too many wrong codes. Please ask for a new one.');
  if (link.expires_at < now) throw new DomainError('conflict', 'This code is too old. Please ask for a new one.');
}

/** A chat account belongs to one person: linking it again moves it, which the audit row tells. */
async function attachIdentity({ actor, sql, newId, now }: Context, link: LinkRow, personId: string): Promise<void> {
  await sql`delete from identity where provider = ${link.provider} and account = ${link.account} and external_id = ${link.external_id}`;
  await sql`insert into identity (tenant_id, id, person_id, provider, account, external_id, proof, linked_at)
    values (${actor.tenantId}, ${newId()}, ${personId}, ${link.provider}, ${link.account}, ${link.external_id}, 'code', ${now})`;
  await sql`update link_code set used_at = coalesce(used_at, ${now}) where id = ${link.id}`;
}
