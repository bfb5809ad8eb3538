import { z } from 'zod';
import { command } from '../kernel/command.ts';
import { DomainError } from '../kernel/errors.ts';
import { confirmation } from './cards.ts';
import { Email, EVENTS, managesTeamOf, PersonName, Timezone } from './person.ts';
import { addressTaken } from './queries.ts';

/**
 * Adds a person of a client (A2). By the firm, or by the client's own admin. `byMail` makes their mailbox a room of the
 * client, so that its news reach them there; otherwise the mailbox gets only what is meant for them alone.
 */
export const addContact = command({
  name: 'people.add-contact',
  input: z.strictObject({
    client: z.uuid(),
    name: PersonName,
    email: Email,
    role: z.enum(['client_admin', 'client_member']).default('client_member'),
    timezone: Timezone,
    byMail: z.enum(['yes', 'no']).default('yes'),
  }),
  load: async ({ sql }, { client }) =>
    (await sql<{ id: string; name: string }>`select id, name from client where id = ${client}`)[0] ?? null,
  policy: (actor, client) => managesTeamOf(actor, client.id),
  handle: async ({ actor, sql, newId }, input, client) => {
    if (await addressTaken(sql, input.email))
      throw new DomainError('conflict', 'That mail address belongs to somebody already.', {
        fields: { email: 'belongs to somebody already' },
      });
    const id = newId();
    await sql`insert into person (tenant_id, id, side, client_id, name, timezone, role) values (${actor.tenantId}, ${id}, 'contact', ${client.id}, ${input.name}, ${input.timezone}, ${input.role})`;
    await sql`insert into identity (tenant_id, id, person_id, provider, account, external_id, proof) values (${actor.tenantId}, ${newId()}, ${id}, 'email', '', ${input.email}, 'invitation')`;
    await sql`insert into room (tenant_id, id, channel, account, address, name, audience, client_id, person_id)
      values (${actor.tenantId}, ${newId()}, 'email', '', ${input.email}, ${input.name}, ${input.byMail === 'yes' ? 'client' : 'person'}, ${client.id}, ${id})`;
    return {
      events: [
        {
          name: EVENTS.contactAdded,
          about: { entity: 'person', id },
          clientId: client.id,
          data: { name: input.name, role: input.role },
          after: input,
        },
      ],
      output: { id, name: input.name, client: client.name },
    };
  },
  reply: ({ id, name, client }) => confirmation('person', id, `${name} can act for ${client} now.`),
});
