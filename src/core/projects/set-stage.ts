import { z } from 'zod';
import { command } from '../kernel/command.ts';
import { DomainError } from '../kernel/errors.ts';
import { confirmation } from './cards.ts';
import { EVENTS, runsProjects, STAGES } from './project.ts';
import { projectForUpdate } from './queries.ts';

/** Moves a project to another stage. */
export const setStage = command({
  name: 'project.set-stage',
  input: z.strictObject({ project: z.uuid(), version: z.coerce.number().int(), stage: z.enum(STAGES) }),
  fields: ['stage'],
  load: ({ sql }, { project }) => projectForUpdate(sql, project),
  policy: (actor) => runsProjects(actor),
  handle: async ({ sql }, { version, stage }, project) => {
    if (version !== project.version) {
      throw new DomainError('stale', 'The project changed since this was drawn.', {
        changes: [`Stage is ${project.stage}`],
        show: { target: 'project.show', input: { project: project.id } },
      });
    }
    if (stage === project.stage) throw new DomainError('conflict', `${project.name} is in ${stage} already.`);
    await sql`update project set stage = ${stage}, version = version + 1 where id = ${project.id}`;
    return {
      events: [
        {
          name: EVENTS.stageChanged,
          about: { entity: 'project', id: project.id },
          clientId: project.clientId,
          projectId: project.id,
          data: { stage },
          before: { stage: project.stage },
          after: { stage },
        },
      ],
      output: { id: project.id, name: project.name, stage },
    };
  },
  reply: ({ id, name, stage }) => confirmation(id, `${name} is in ${stage} now.`),
});
