import { z } from 'zod';
import { command } from '../kernel/command.ts';
import { DomainError } from '../kernel/errors.ts';
import { confirmation } from './cards.ts';
import { EVENTS, isAdmin, managesTeamOf } from './person.ts';
import { changePerson, readPerson } from './queries.ts';

/** Changes a person's role within their side. Staff roles are for admins; a client's roles also for its own admin. */
export const changeRole = command({
  name: 'people.change-role',
  input: z.strictObject({
    person: z.uuid(),
    role: z.enum(['admin', 'partner', 'member', 'client_admin', 'client_member']),
  }),
  fields: ['person', 'role'],
  assurance: 'chat',
  load: ({ sql }, { person }) => readPerson(sql, person),
  policy: (actor, person) => (person.client_id ? managesTeamOf(actor, person.client_id) : isAdmin(actor)),
  handle: async ({ sql, actor }, { role }, person) => {
    if (role.startsWith('client_') !== (person.side === 'contact'))
      throw new DomainError('invalid', `${person.name} is on the other side.`, {
        fields: { role: 'is a role of the other side' },
      });
    if (actor.kind === 'person' && actor.personId === person.id)
      throw new DomainError('conflict', 'Nobody changes their own role: ask another admin.');
    const before = await changePerson(sql, person.id, { role });
    return {
      events: [
        {
          name: EVENTS.roleChanged,
          about: { entity: 'person', id: person.id },
          ...ofClient(person),
          data: { role },
          before: { role: before.role },
          after: { role },
        },
      ],
      output: { id: person.id, name: person.name, role },
    };
  },
  reply: ({ id, name, role }) => confirmation('person', id, `${name} is ${role.replace('_', ' ')} now.`),
});

function ofClient(person: { client_id: string | null }): { clientId?: string } {
  return person.client_id ? { clientId: person.client_id } : {};
}
