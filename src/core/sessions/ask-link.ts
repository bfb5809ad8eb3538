import { z } from 'zod';
import { isSystem } from '../kernel/actor.ts';
import type { Card } from '../kernel/card.ts';
import { command } from '../kernel/command.ts';
import { DomainError } from '../kernel/errors.ts';
import { SIGN_IN_SECONDS } from '../kernel/session-life.ts';
import { sentence } from '../kernel/thing-definition.ts';
import { holderOf } from '../people/index.ts';
import { LINKS_AN_HOUR, linkAsked } from './session.ts';

/**
 * Sends a link that signs in to a mail address, for the browser that asked. Whoever asks is told nothing of what becomes of
 * it: they would learn whose address is known here.
 */
export const askLink = command({
  name: 'session.ask-link',
  input: z.strictObject({
    email: z.string().max(200),
    browser: z.string().min(1).max(100),
    device: z.string().max(100),
    place: z.string().max(100),
    back: z.string().max(100),
  }),
  load: async (context, { email }) => {
    const holder = await holderOf(context, email);
    if (!holder) return null;
    // Whoever asks at the same moment waits here, to be counted.
    const [locked] = await context.sql`select from person where id = ${holder.id} and active for update`;
    return locked ? holder : null;
  },
  policy: isSystem,
  handle: async ({ actor, sql, newId, now }, { browser, device, place, back }, person) => {
    const since = new Date(now.getTime() - 3_600_000);
    const asked = await sql`select from sign_in where person_id = ${person.id} and created_at > ${since}`;
    if (asked.length >= LINKS_AN_HOUR)
      throw new DomainError('rate_limited', 'That were many links in a short time. Please wait an hour and try again.');
    const id = newId();
    const expires = new Date(now.getTime() + SIGN_IN_SECONDS * 1_000);
    await sql`insert into sign_in (tenant_id, id, person_id, browser, device, place, back, created_at, expires_at)
      values (${actor.tenantId}, ${id}, ${person.id}, ${browser}, ${device}, ${place}, ${back}, ${now}, ${expires})`;
    return {
      events: [
        linkAsked.of(
          { entity: 'sign-in', id },
          { person: person.id },
          person.clientId ? { clientId: person.clientId } : {},
        ),
      ],
      output: { id },
    };
  },
  reply: ({ id }): Card => sentence('sign-in', id, 'A link is on its way.'),
});
