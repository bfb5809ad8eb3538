import { z } from 'zod';
import { command } from '../kernel/command.ts';
import { DomainError } from '../kernel/errors.ts';
import { confirmation } from './cards.ts';
import { Email, EVENTS, managesTeamOf, PersonName, Timezone } from './person.ts';

/**
 * Adds a person of a client (A2). By the firm, or by the client's own admin. `byMail` makes their mailbox a room of the
 * client, so that its news reach them there; otherwise the mailbox gets only what is meant for them alone. The answer says
 * only of addresses whose holder the actor knows that they are taken: of any other it is the same as for a free one.
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
  fields: ['client', 'name', 'email', 'role', 'timezone', 'byMail'],
  assurance: 'chat',
  load: async ({ sql }, { client }) =>
    (await sql<{ id: string; name: string }>`select id, name from client where id = ${client}`)[0] ?? null,
  policy: (actor, client) => managesTeamOf(actor, client.id),
  handle: async ({ sql, newId }, input, client) => {
    const id = newId();
    const { byMail, ...asked } = input;
    const person = { ...asked, id, audience: byMail === 'yes' ? 'client' : 'person' };
    const [made] = await sql<{ outcome: string }>`select parley_add_contact(${JSON.stringify(person)}) as outcome`;
    if (made?.outcome === 'taken')
      throw new DomainError('conflict', 'That mail address belongs to somebody already.', {
        fields: { email: 'belongs to somebody already' },
      });
    return {
      events: [
        {
          name: EVENTS.contactAdded,
          about: { entity: 'person', id },
          clientId: client.id,
          // Events are read by the firm alone: it is told of an address that was held back.
          data: { name: input.name, role: input.role, address: made?.outcome },
          after: input,
        },
      ],
      output: { id, name: input.name, client: client.name },
    };
  },
  reply: ({ id, name, client }) => confirmation('person', id, `${name} is added for ${client}.`),
});
