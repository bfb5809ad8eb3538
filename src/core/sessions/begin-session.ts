import { z } from 'zod';
import { isSystem } from '../kernel/actor.ts';
import { command } from '../kernel/command.ts';
import { DomainError } from '../kernel/errors.ts';
import { SESSION_DAYS } from '../kernel/session-life.ts';
import { sentence } from '../kernel/thing-definition.ts';
import { begun } from './session.ts';

/** Signs a browser in as a person, with a link that was shown to them alone. Each link begins one session. */
export const beginSession = command({
  name: 'session.begin',
  input: z.strictObject({
    person: z.uuid(),
    link: z.uuid(),
    shown: z.enum(['mail', 'chat', 'terminal']),
    tokenHash: z.string().length(43),
    device: z.string().max(100),
    place: z.string().max(100),
  }),
  load: async ({ sql }, { person }) =>
    (
      await sql<{ id: string; name: string; client_id: string | null }>`
        select id, name, client_id from person where id = ${person} and active for share`
    )[0] ?? null,
  policy: isSystem,
  handle: async ({ actor, sql, newId, now }, { link, shown, tokenHash, device, place }, person) => {
    const id = newId();
    const expires = new Date(now.getTime() + SESSION_DAYS * 86_400_000);
    // Whoever runs the hub can do all of it from the command line as well.
    const assurance = shown === 'mail' ? 'mail' : 'chat';
    const made = await sql`
      insert into session (tenant_id, id, person_id, token_hash, begun_with, assurance, device, place, created_at, seen_at, expires_at)
      values (${actor.tenantId}, ${id}, ${person.id}, ${tokenHash}, ${link}, ${assurance}, ${device}, ${place}, ${now}, ${now}, ${expires})
      on conflict (tenant_id, begun_with) do nothing returning id`;
    if (!made.length) throw new DomainError('conflict', 'This link was used already. Please ask for a new one.');
    return {
      events: [
        begun.of(
          { entity: 'session', id },
          { person: person.id },
          { ...(person.client_id ? { clientId: person.client_id } : {}), after: { device, place, shown } },
        ),
      ],
      output: { id },
    };
  },
  reply: ({ id }) => sentence('session', id, 'You are signed in.'),
});
