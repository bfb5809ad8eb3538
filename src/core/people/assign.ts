import { z } from 'zod';
import { command } from '../kernel/command.ts';
import { DomainError } from '../kernel/errors.ts';
import { confirmation } from './cards.ts';
import { EVENTS, isAdmin } from './person.ts';
import { personForUpdate } from './queries.ts';

const input = z.strictObject({ person: z.uuid(), client: z.uuid() });
const mayAssign = (actor: Parameters<typeof isAdmin>[0]) =>
  isAdmin(actor) || (actor.kind === 'person' && actor.role === 'partner');

/** Lets a staff member work for a client: a member sees exactly the assigned clients (A1). */
export const assign = command({
  name: 'people.assign',
  input,
  fields: ['person', 'client'],
  assurance: 'chat',
  load: ({ sql }, { person }) => personForUpdate(sql, person),
  policy: (actor) => mayAssign(actor),
  handle: async ({ sql, actor }, { client }, person) => {
    if (person.side !== 'staff')
      throw new DomainError('invalid', 'Only people of the firm are assigned to clients.', {
        fields: { person: 'is not of the firm' },
      });
    const [found] = await sql<{ name: string }>`select name from client where id = ${client}`;
    if (!found) throw new DomainError('not_found', 'There is no such client.');
    await sql`insert into assignment (tenant_id, person_id, client_id) values (${actor.tenantId}, ${person.id}, ${client}) on conflict do nothing`;
    return {
      events: [
        {
          name: EVENTS.assigned,
          about: { entity: 'person', id: person.id },
          clientId: client,
          data: {},
          after: { client },
        },
      ],
      output: { id: person.id, name: person.name, client: found.name },
    };
  },
  reply: ({ id, name, client }) => confirmation('person', id, `${name} works for ${client} now.`),
});

/** Takes a client out of a staff member's world. */
export const unassign = command({
  name: 'people.unassign',
  input,
  fields: ['person', 'client'],
  assurance: 'chat',
  load: ({ sql }, { person }) => personForUpdate(sql, person),
  policy: (actor) => mayAssign(actor),
  handle: async ({ sql }, { client }, person) => {
    const gone =
      await sql`delete from assignment where person_id = ${person.id} and client_id = ${client} returning client_id`;
    if (!gone.length) throw new DomainError('conflict', `${person.name} is not assigned to that client.`);
    return {
      events: [
        {
          name: EVENTS.unassigned,
          about: { entity: 'person', id: person.id },
          clientId: client,
          data: {},
          before: { client },
        },
      ],
      output: { id: person.id, name: person.name },
    };
  },
  reply: ({ id, name }) => confirmation('person', id, `${name} does not see that client any more.`),
});
