import { z } from 'zod';
import { command } from '../kernel/command.ts';
import { DomainError } from '../kernel/errors.ts';
import { confirmation } from './cards.ts';
import { Email, EVENTS, isAdmin, PersonName, Timezone } from './person.ts';
import { addressTaken } from './queries.ts';

/** Adds a person of the firm (A1), with the mail address by which they link their chat accounts. */
export const addStaff = command({
  name: 'people.add-staff',
  input: z.strictObject({
    name: PersonName,
    email: Email,
    role: z.enum(['admin', 'partner', 'member']),
    timezone: Timezone,
  }),
  fields: ['name', 'email', 'role', 'timezone'],
  assurance: 'chat',
  load: async () => ({}),
  policy: (actor) => isAdmin(actor),
  handle: async ({ actor, sql, newId }, input) => {
    if (await addressTaken(sql, input.email))
      throw new DomainError('conflict', 'That mail address belongs to somebody already.', {
        fields: { email: 'belongs to somebody already' },
      });
    const id = newId();
    await sql`insert into person (tenant_id, id, side, name, timezone, role) values (${actor.tenantId}, ${id}, 'staff', ${input.name}, ${input.timezone}, ${input.role})`;
    await sql`insert into identity (tenant_id, id, person_id, provider, account, external_id, proof) values (${actor.tenantId}, ${newId()}, ${id}, 'email', '', ${input.email}, 'invitation')`;
    await sql`insert into room (tenant_id, id, channel, account, address, name, audience, person_id) values (${actor.tenantId}, ${newId()}, 'email', '', ${input.email}, ${input.name}, 'person', ${id})`;
    return {
      events: [
        {
          name: EVENTS.staffAdded,
          about: { entity: 'person', id },
          data: { name: input.name, role: input.role },
          after: input,
        },
      ],
      output: { id, name: input.name },
    };
  },
  reply: ({ id, name }) => confirmation('person', id, `${name} is on the team now.`),
});
