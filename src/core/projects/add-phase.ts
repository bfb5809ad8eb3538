import { z } from 'zod';
import { command } from '../kernel/command.ts';
import { confirmation } from './cards.ts';
import { EVENTS } from './project.ts';
import { projectForUpdate } from './queries.ts';
import { runsProjects } from './rules.ts';
import { name } from './schema.ts';

/** Adds a phase at the end of a project's plan. */
export const addPhase = command({
  name: 'project.add-phase',
  input: z.strictObject({ project: z.uuid(), name }),
  fields: ['project', 'name'],
  load: (context, { project }) => projectForUpdate(context, project),
  policy: (actor) => runsProjects(actor),
  handle: async ({ actor, sql, newId }, { name }, project) => {
    const id = newId();
    await sql`insert into phase (tenant_id, id, client_id, project_id, name, position)
      select ${actor.tenantId}, ${id}, ${project.clientId}, ${project.id}, ${name}, coalesce(max(position), 0) + 1 from phase where project_id = ${project.id}`;
    return {
      events: [
        {
          name: EVENTS.phaseAdded,
          about: { entity: 'project', id: project.id },
          clientId: project.clientId,
          projectId: project.id,
          data: { phase: id, name },
          after: { name },
        },
      ],
      output: { id: project.id, phase: id, name, project: project.name },
    };
  },
  reply: ({ id, name, project }) => confirmation(id, `${name} is a phase of ${project} now.`),
});
