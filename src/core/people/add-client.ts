import { z } from 'zod';
import { command } from '../kernel/command.ts';
import { confirmation } from './cards.ts';
import { EVENTS, isAdmin, PersonName, Timezone } from './person.ts';

/** Takes a company on as a client of the firm. */
export const addClient = command({
  name: 'people.add-client',
  input: z.strictObject({ name: PersonName, timezone: Timezone }),
  fields: ['name', 'timezone'],
  assurance: 'chat',
  load: async () => ({}),
  policy: (actor) => isAdmin(actor) || (actor.kind === 'person' && actor.role === 'partner'),
  handle: async ({ actor, sql, newId }, { name, timezone }) => {
    const id = newId();
    await sql`insert into client (tenant_id, id, name, timezone) values (${actor.tenantId}, ${id}, ${name}, ${timezone})`;
    return {
      events: [
        {
          name: EVENTS.clientAdded,
          about: { entity: 'client', id },
          clientId: id,
          data: { name },
          after: { name, timezone },
        },
      ],
      output: { id, name },
    };
  },
  reply: ({ id, name }) => confirmation('client', id, `${name} is a client now.`),
});
