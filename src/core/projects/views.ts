import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import { DomainError } from '../kernel/errors.ts';
import { view } from '../kernel/view.ts';
import { may } from '../people/index.ts';
import { projectCard, projectListCard, stageFormCard } from './cards.ts';
import { runsProjects } from './project.ts';
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

export const stageForm = view({
  name: 'project.stage-form',
  module: 'projects',
  input: z.strictObject({ project: z.uuid(), version: z.string() }),
  show: async (context, { project }) => {
    const shown = await found(context, project);
    if (!runsProjects(context.actor)) throw new DomainError('forbidden', 'You may not do this.');
    return stageFormCard(shown);
  },
});

async function found(context: Context, id: string) {
  const project = await readProject(context, id);
  if (!project) throw new DomainError('not_found', 'This is not there, or not for you.');
  if (!may(context.actor, 'read', 'projects', id)) throw new DomainError('forbidden', 'You may not do this.');
  return project;
}
