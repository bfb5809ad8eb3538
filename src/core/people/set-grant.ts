import { z } from 'zod';
import { LEVELS, MODULES } from '../kernel/actor.ts';
import { command } from '../kernel/command.ts';
import { confirmation } from './cards.ts';
import { EVENTS, isAdmin } from './person.ts';
import { personForUpdate } from './queries.ts';

/** Overrides what a person may do in one module (A4); `role` gives it back to the role. */
export const setGrant = command({
  name: 'people.set-grant',
  input: z.strictObject({ person: z.uuid(), module: z.enum(MODULES), level: z.enum([...LEVELS, 'role']) }),
  fields: ['person', 'module', 'level'],
  assurance: 'chat',
  load: ({ sql }, { person }) => personForUpdate(sql, person),
  policy: (actor) => isAdmin(actor),
  handle: async ({ sql }, { module, level }, person) => {
    const grants: Record<string, string> = { ...person.grants, [module]: level };
    if (level === 'role') delete grants[module];
    await sql`update person set grants = ${JSON.stringify(grants)}, version = version + 1 where id = ${person.id}`;
    return {
      events: [
        {
          name: EVENTS.grantChanged,
          about: { entity: 'person', id: person.id },
          ...(person.client_id ? { clientId: person.client_id } : {}),
          data: { module, level },
          before: person.grants,
          after: grants,
        },
      ],
      output: { id: person.id, name: person.name, module, level },
    };
  },
  reply: ({ id, name, module, level }) =>
    confirmation(
      'person',
      id,
      level === 'role' ? `${name}’s role decides about ${module} again.` : `${name} may ${level} in ${module}.`,
    ),
});
