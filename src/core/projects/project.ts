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

/** What happens to its phases and to the rooms of clients. */
export const EVENTS = {
  phaseAdded: 'project.phase-added',
  progressed: 'project.progressed',
  roomBound: 'project.room-bound',
  roomUnbound: 'project.room-unbound',
  roomFaulted: 'project.room-faulted',
  roomMended: 'project.room-mended',
} as const;
