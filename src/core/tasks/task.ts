import { z } from 'zod';
import type { Audience, Hearing } from '../kernel/event.ts';
import { thing } from '../kernel/thing.ts';
import { readTask, taskForUpdate } from './queries.ts';
import { columnsOf, writeTask } from './rows.ts';
import { Facts, Task } from './schema.ts';
import { SAYS } from './wording.ts';

/** What is to be done inside a project, by somebody, until a day. */
export const task = thing({
  name: 'task',
  module: 'projects',
  schema: Task,
  show: 'task.show',
  called: ({ number }) => `T${number}`,
  summary: ({ title }) => title,
  standing: ({ state }) => SAYS[state.status],
  read: readTask,
  lock: taskForUpdate,
  write: writeTask,
  facts: Facts,
  factsOf: ({ state, assignee, part, number, title, version, internal, dueOn }) => ({
    ...{ status: state.status, reason: state.status === 'blocked' ? state.reason : null },
    ...{ assigneeId: assignee?.id ?? null, assigneeName: assignee?.name ?? null },
    ...{ phaseId: part?.kind === 'phase' ? part.id : null, cycleId: part?.kind === 'cycle' ? part.id : null },
    ...{ number, title, version, internal, dueOn },
  }),
  audited: (it) => {
    const { number, internal, state, version, title, description, dueOn } = it;
    return { number, internal, status: state.status, version, title, description, dueOn, ...columnsOf(it) };
  },
  within: ({ clientId, projectId }) => ({ clientId, projectId }),
});

const TEAM: readonly Audience[] = [{ audience: 'internal' }, { audience: 'triage' }];

/** Whoever may see it: of an internal task no room of a client hears. */
const readersOf: Hearing<{ internal: boolean }> = ({ data }) =>
  data.internal ? [{ audience: 'internal' }] : [{ audience: 'internal' }, { audience: 'client' }];

/** What happens to tasks. Most of it is seen where tasks are looked at; told are those whom it concerns. */
export const added = task.event({ name: 'task.added', says: () => 'added it', audience: [] });
export const taken = task.event({ name: 'task.taken', says: () => 'took it on', audience: [] });
export const assigned = task.event({
  name: 'task.assigned',
  // Nobody is told what they did themselves.
  more: { told: z.uuid().nullable().describe('Whoever is to do it now, unless they said so themselves') },
  says: ({ assigneeName }) => (assigneeName ? `assigned it to ${assigneeName}` : 'assigned it to nobody'),
  audience: ({ data }) => (data.told ? [{ person: data.told, everywhere: true }] : []),
});
export const started = task.event({ name: 'task.started', says: () => 'began with it', audience: [] });
export const finished = task.event({
  name: 'task.finished',
  says: () => 'finished it',
  audience: readersOf,
  mayReachClient: true,
});
export const blocked = task.event({
  name: 'task.blocked',
  says: ({ reason }) => `cannot go on: ${reason}`,
  audience: TEAM,
});
export const unblocked = task.event({ name: 'task.unblocked', says: () => 'can go on with it', audience: [] });
export const reopened = task.event({ name: 'task.reopened', says: () => 'reopened it', audience: [] });
export const dropped = task.event({ name: 'task.dropped', says: () => 'dropped it', audience: [] });
export const changed = task.event({ name: 'task.changed', says: () => 'changed what is to be done', audience: [] });
export const moved = task.event({
  name: 'task.moved',
  more: { fromCycle: z.uuid().nullish().describe('The cycle that it was part of') },
  says: () => 'put it elsewhere in the project',
  audience: [],
});
export const shared = task.event({ name: 'task.shared', says: () => 'shared it with the client', audience: [] });
export const madeInternal = task.event({
  name: 'task.made-internal',
  says: () => 'made it internal',
  audience: [],
});
/** Whoever was to do it does not work here any more. */
export const released = task.event({
  name: 'task.released',
  more: { from: z.string().describe('Who was to do it') },
  says: ({ from }) => `took it from ${from}, who has left`,
  audience: TEAM,
});
