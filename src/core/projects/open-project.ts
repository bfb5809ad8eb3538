import { z } from 'zod';
import { command } from '../kernel/command.ts';
import { confirmation } from './cards.ts';
import { EVENTS, ProjectName, runsProjects } from './project.ts';

/** Opens a project for a client. */
export const openProject = command({
  name: 'project.open',
  input: z.strictObject({ client: z.uuid(), name: ProjectName }),
  fields: ['client', 'name'],
  load: async ({ sql }, { client }) =>
    (await sql<{ id: string; name: string }>`select id, name from client where id = ${client}`)[0] ?? null,
  policy: (actor) => runsProjects(actor),
  handle: async ({ actor, sql, newId }, { name }, client) => {
    const id = newId();
    await sql`insert into project (tenant_id, id, client_id, name, stage) values (${actor.tenantId}, ${id}, ${client.id}, ${name}, 'discovery')`;
    return {
      events: [
        {
          name: EVENTS.opened,
          about: { entity: 'project', id },
          clientId: client.id,
          projectId: id,
          data: { name },
          after: { name, stage: 'discovery' },
        },
      ],
      output: { id, name, client: client.name },
    };
  },
  reply: ({ id, name, client }) => confirmation(id, `${name} is open for ${client}.`),
});
