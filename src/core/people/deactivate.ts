import { z } from 'zod';
import { command } from '../kernel/command.ts';
import { DomainError } from '../kernel/errors.ts';
import { confirmation } from './cards.ts';
import { EVENTS, isAdmin, managesTeamOf } from './person.ts';
import { changePerson, readPerson } from './queries.ts';

/** Ends a person's access everywhere, at once: no identity of theirs acts any more. What they did stays on record. */
export const deactivate = command({
  name: 'people.deactivate',
  input: z.strictObject({ person: z.uuid() }),
  fields: ['person'],
  assurance: 'chat',
  load: ({ sql }, { person }) => readPerson(sql, person),
  policy: (actor, person) => (person.client_id ? managesTeamOf(actor, person.client_id) : isAdmin(actor)),
  handle: async ({ sql, actor }, _input, person) => {
    if (actor.kind === 'person' && actor.personId === person.id)
      throw new DomainError('conflict', 'Nobody shuts themselves out: ask another admin.');
    const before = await changePerson(sql, person.id, { active: false });
    if (!before.active) throw new DomainError('conflict', `${person.name} has no access already.`);
    return {
      events: [
        {
          name: EVENTS.deactivated,
          about: { entity: 'person', id: person.id },
          ...(person.client_id ? { clientId: person.client_id } : {}),
          data: {},
          before: { active: true },
          after: { active: false },
        },
      ],
      output: { id: person.id, name: person.name },
    };
  },
  reply: ({ id, name }) => confirmation('person', id, `${name} has no access any more.`),
});
