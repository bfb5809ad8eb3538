import { z } from 'zod';
import { isSystem } from '../kernel/actor.ts';
import { command } from '../kernel/command.ts';
import { DomainError } from '../kernel/errors.ts';
import { sentence } from '../kernel/thing-definition.ts';
import { INVITATION_DAYS, INVITATIONS_AN_HOUR, invited } from './invitation.ts';

/**
 * Sends somebody a link with which they sign in for the first time (A7). It works once, for a week, and in any browser: nobody knows
 * where they will open it. That a browser was signed in they are told as always.
 */
export const invite = command({
  name: 'session.invite',
  input: z.strictObject({ person: z.uuid(), by: z.string().min(1).max(200) }),
  load: async ({ sql }, { person }) =>
    (
      await sql<{ id: string; clientId: string | null }>`
        select id, client_id as "clientId" from person where id = ${person} and active for update`
    )[0] ?? null,
  policy: isSystem,
  handle: async ({ actor, sql, newId, now }, { by }, person) => {
    const since = new Date(now.getTime() - 3_600_000);
    const sent = await sql`select from invitation where person_id = ${person.id} and created_at > ${since}`;
    if (sent.length >= INVITATIONS_AN_HOUR)
      throw new DomainError('rate_limited', 'They were sent several within the hour.');
    const id = newId();
    const expires = new Date(now.getTime() + INVITATION_DAYS * 86_400_000);
    await sql`insert into invitation (tenant_id, id, person_id, by_name, created_at, expires_at)
      values (${actor.tenantId}, ${id}, ${person.id}, ${by}, ${now}, ${expires})`;
    return {
      events: [
        invited.of(
          { entity: 'invitation', id },
          { person: person.id },
          person.clientId ? { clientId: person.clientId } : {},
        ),
      ],
      output: { id },
    };
  },
  reply: ({ id }) => sentence('invitation', id, 'An invitation is on its way.'),
});
