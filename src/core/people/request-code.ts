import { command } from '../kernel/command.ts';
import { DomainError } from '../kernel/errors.ts';
import { enterCodeInvitation } from './cards.ts';
import { CODE_MINUTES, CODES_AN_HOUR, codeFor, hashOfCode, Sender } from './link.ts';
import { Email, EVENTS } from './person.ts';

/**
 * Asks for a code at a mail address, to link the chat account that asks. The answer is the same whether or not the
 * address is known, so that nobody learns who is a client here.
 */
export const requestCode = command({
  name: 'identity.request-code',
  input: Sender.extend({ email: Email }),
  unlinked: true,
  fields: ['email'],
  known: ['provider', 'account', 'externalId'],
  load: async () => ({}),
  policy: (actor) => actor.kind === 'system',
  handle: async ({ actor, sql, newId, now, secrets }, { provider, account, externalId, email }) => {
    const [{ asked } = { asked: 0 }] = await sql<{ asked: number }>`select count(*) as asked from link_code
      where provider = ${provider} and account = ${account} and external_id = ${externalId} and created_at > ${new Date(now.getTime() - 3_600_000)}`;
    if (asked >= CODES_AN_HOUR)
      throw new DomainError('rate_limited', 'That were many codes in a short time. Please wait an hour and try again.');
    const [person] = await sql<{
      id: string;
      client_id: string | null;
    }>`select p.id, p.client_id from identity i join person p on p.tenant_id = i.tenant_id and p.id = i.person_id and p.active
      where i.provider = 'email' and i.account = '' and i.external_id = ${email}`;
    const id = newId();
    await sql`insert into link_code (tenant_id, id, provider, account, external_id, person_id, code_hash, expires_at, created_at)
      values (${actor.tenantId}, ${id}, ${provider}, ${account}, ${externalId}, ${person?.id ?? null}, ${hashOfCode(id, codeFor(secrets, id))}, ${new Date(now.getTime() + CODE_MINUTES * 60_000)}, ${now})`;
    const about = { entity: 'link', id };
    return {
      events: [
        person
          ? {
              name: EVENTS.codeRequested,
              about,
              ...(person.client_id ? { clientId: person.client_id } : {}),
              data: { person: person.id, provider },
            }
          : { name: EVENTS.codeRefused, about, data: { provider } },
      ],
      output: { id, email },
    };
  },
  reply: ({ id, email }) => enterCodeInvitation(id, email),
});
