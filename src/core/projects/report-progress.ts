import { z } from 'zod';
import { command } from '../kernel/command.ts';
import { DomainError } from '../kernel/errors.ts';
import { sentence } from '../kernel/thing-definition.ts';
import { progressOf } from '../tasks/index.ts';
import { progressed, project } from './project.ts';
import { runsProjects } from './rules.ts';

interface PhaseRow {
  id: string;
  name: string;
  progress: number;
  client_id: string;
  project_id: string;
}

/** Says how far a phase is, in per cent. One that has tasks is as far as these are. */
export const reportProgress = command({
  name: 'project.report-progress',
  module: 'projects',
  input: z.strictObject({
    phase: z.uuid(),
    percent: z.coerce.number().int('must be a whole number').min(0, 'must be 0 to 100').max(100, 'must be 0 to 100'),
  }),
  load: async ({ sql }, { phase }) =>
    (
      await sql<PhaseRow>`select id, name, progress, client_id, project_id from phase where id = ${phase} for update`
    )[0] ?? null,
  policy: (actor) => runsProjects(actor),
  handle: async (context, { percent }, phase) => {
    const { sql } = context;
    const counted = (await progressOf(context, phase.project_id)).find((one) => one.phase === phase.id);
    if (counted)
      throw new DomainError(
        'conflict',
        `${phase.name} is as far as its tasks are: ${counted.done} of ${counted.total} are done.`,
        { show: project.showing(phase.project_id) },
      );
    await sql`update phase set progress = ${percent}, version = version + 1 where id = ${phase.id}`;
    return {
      events: [
        progressed.of(
          { entity: 'project', id: phase.project_id },
          { phase: phase.id, percent },
          {
            clientId: phase.client_id,
            projectId: phase.project_id,
            before: { progress: phase.progress },
            after: { progress: percent },
          },
        ),
      ],
      output: { project: phase.project_id, name: phase.name, percent },
    };
  },
  reply: ({ project, name, percent }) => sentence('project', project, `${name} is ${percent}% done.`),
});
