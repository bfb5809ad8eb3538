import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import { allow, there } from '../kernel/thing-definition.ts';
import { view } from '../kernel/view.ts';
import { may } from '../people/index.ts';
import { projectCard, projectListCard } from './cards.ts';
import { pageOfProjects, readProject } from './queries.ts';

const PAGE = 10;

/** Where a project stands. */
export const showProject = view({
  name: 'project.show',
  module: 'projects',
  input: z.strictObject({ project: z.uuid() }),
  show: async (context, { project }) => projectCard(await found(context, project), context.actor),
});

/** The projects one may see, a page at a time. */
export const listProjects = view({
  name: 'project.list',
  module: 'projects',
  input: z.strictObject({ page: z.coerce.number().int().min(0).default(0) }),
  show: async (context, { page }) => {
    const projects = await pageOfProjects(context, page, PAGE);
    // A project in which somebody may only report is theirs to name in a form, not to look at.
    const shown = projects.slice(0, PAGE).filter(({ id }) => may(context.actor, 'read', 'projects', id));
    return projectListCard(context.newId(), shown, page, projects.length > PAGE);
  },
});

async function found(context: Context, id: string) {
  const shown = there(await readProject(context, id));
  allow(may(context.actor, 'read', 'projects', id));
  return shown;
}
