import { z } from 'zod';
import { sideOf } from '../kernel/actor.ts';
import type { Context } from '../kernel/context.ts';
import { choice, optional } from '../kernel/field.ts';
import { list } from '../kernel/list.ts';
import { allow, there } from '../kernel/thing-definition.ts';
import { view } from '../kernel/view.ts';
import { may } from '../people/index.ts';
import { projectCard, projectsFace, roomCard } from './cards.ts';
import { pageOfProjects, readProject } from './queries.ts';
import { Room, room as thing } from './room.ts';
import { Project, ShownProject, STAGES } from './schema.ts';

/** Where a project stands. */
export const showProject = view({
  name: 'project.show',
  module: 'projects',
  input: z.strictObject({ project: z.uuid() }),
  output: z.strictObject({ project: ShownProject }),
  read: async (context, { project }) => ({ project: await found(context, project) }),
  card: ({ project }, { actor }) => projectCard(project, actor),
});

/** The projects one may see, by name; those that are closed only where they are asked for. */
export const listProjects = list({
  name: 'project.list',
  module: 'projects',
  filters: { stage: optional(choice(STAGES, { label: 'Stage' })) },
  item: Project,
  summary: z.strictObject({}),
  order: { by: { name: 'looked up', id: 'id' }, of: 'project' },
  rows: (context, page, { stage }) => pageOfProjects(context, page, stage),
  summarize: async () => ({}),
  face: ({ items }, { actor }) => projectsFace(items.length, actor),
});

/** What is wrong with a room, for the firm alone. */
export const showRoomFault = view({
  name: 'project.room-fault',
  module: 'projects',
  input: z.strictObject({ room: z.uuid() }),
  output: z.strictObject({ room: Room }),
  read: async (context, { room }) => {
    const shown = sideOf(context.actor) === 'staff' ? await thing.read(context, room) : null;
    return { room: there(shown) };
  },
  card: ({ room }, { actor }) => roomCard(room, actor),
});

async function found(context: Context, id: string) {
  const shown = there(await readProject(context, id));
  allow(may(context.actor, 'read', 'projects', id));
  return shown;
}
