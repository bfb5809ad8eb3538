import { phaseAdded, project } from './project.ts';
import { runsProjects } from './rules.ts';
import { name } from './schema.ts';

/** Adds a phase at the end of a project's plan. */
export const addPhase = project.command({
  name: 'project.add-phase',
  fields: { name },
  version: 'optional',
  button: { label: 'Add a phase', word: 'PHASE' },
  form: (it) => ({ title: `Add a phase to ${it.name}` }),
  who: runsProjects,
  handle: async ({ actor, sql, newId }, { name }, it) => {
    const phase = newId();
    await sql`insert into phase (tenant_id, id, client_id, project_id, name, position)
      select ${actor.tenantId}, ${phase}, ${it.clientId}, ${it.id}, ${name}, coalesce(max(position), 0) + 1 from phase where project_id = ${it.id}`;
    return {
      events: [{ ...phaseAdded.of(it, it, { phase, phaseName: name }), after: { phase: name } }],
      after: it,
      say: `${name} is a phase of ${it.name} now.`,
      output: { phase },
    };
  },
});
