import { z } from 'zod';
import { DomainError } from '../kernel/errors.ts';
import { view } from '../kernel/view.ts';
import { projectCard, projectListCard, stageFormCard } from './cards.ts';
import { pageOfProjects, readProject } from './queries.ts';

const PAGE = 10;

/** Where a project stands. */
export const showProject = view({
  name: 'project.show',
  input: z.strictObject({ project: z.uuid() }),
  show: async (context, { project }) => projectCard(await found(context, project), context.actor),
});

/** The projects one may see, a page at a time. */
export const listProjects = view({
  name: 'project.list',
  input: z.strictObject({ page: z.coerce.number().int().min(0).default(0) }),
  show: async (context, { page }) => {
    const projects = await pageOfProjects(context, page, PAGE);
    return projectListCard(context.newId(), projects.slice(0, PAGE), page, projects.length > PAGE);
  },
});

export const stageForm = view({
  name: 'project.stage-form',
  input: z.strictObject({ project: z.uuid(), version: z.string() }),
  show: async (context, { project }) => stageFormCard(await found(context, project)),
});

async function found(context: Parameters<typeof readProject>[0], id: string) {
  const project = await readProject(context, id);
  if (!project) throw new DomainError('not_found', 'This is not there, or not for you.');
  return project;
}
