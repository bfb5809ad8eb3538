import { z } from 'zod';
import { event } from '../kernel/event.ts';
import { thing } from '../kernel/thing.ts';
import { projectForUpdate, readProject, writeProject } from './queries.ts';
import { Facts, Project } from './schema.ts';

/** A piece of work for one client, what cycles and tickets belong to. */
export const project = thing({
  name: 'project',
  module: 'projects',
  schema: Project,
  show: 'project.show',
  called: ({ name }) => name,
  standing: ({ stage }) => `in ${stage}`,
  read: readProject,
  lock: projectForUpdate,
  write: writeProject,
  facts: Facts,
  factsOf: ({ name, stage, version }) => ({ name, stage, version }),
  audited: ({ name, stage, version }) => ({ name, stage, version }),
  within: ({ id, clientId }) => ({ clientId, projectId: id }),
});

/** What happens to projects. */
export const opened = project.event({ name: 'project.opened', says: () => 'opened it', audience: [] });
export const stageChanged = project.event({
  name: 'project.stage-changed',
  says: ({ stage }) => `moved it to ${stage}`,
  audience: [],
});

export const phaseAdded = project.event({
  name: 'project.phase-added',
  more: { phase: z.uuid(), phaseName: z.string() },
  says: ({ phaseName }) => `added the phase ${phaseName}`,
  audience: [],
});
export const progressed = event({
  name: 'project.progressed',
  data: z.strictObject({ phase: z.uuid(), percent: z.number() }),
  says: ({ percent }) => `moved a phase to ${percent}%`,
  audience: [],
});
/** The tasks or deliverables of its cycles changed. */
export const advanced = event({
  name: 'project.advanced',
  data: z.strictObject({ percent: z.int().nullable().describe('How far its cycles are; null where nothing says so') }),
  says: ({ percent }) =>
    percent === null ? 'has nothing to count in its cycles any more' : `moved its cycles to ${percent}%`,
  audience: [],
});
