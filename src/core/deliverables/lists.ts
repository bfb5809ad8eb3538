import { z } from 'zod';
import { choice, optional } from '../kernel/field.ts';
import { list } from '../kernel/list.ts';
import { allow, there } from '../kernel/thing-definition.ts';
import { deliverablesFace } from './list-cards.ts';
import { BY_NUMBER, countDeliverables, pageOfDeliverables, STATES } from './list-queries.ts';
import { readCycleName, readProjectName } from './queries.ts';
import { mayRead, runsDeliverables } from './rules.ts';
import { Counts, ListedDeliverable } from './schema.ts';

const LABELS = {
  planned: 'Planned',
  review: 'In review',
  changes: 'Changes asked for',
  approved: 'Approved',
  withdrawn: 'Withdrawn',
} as const;

// So short because it travels in a button, beside what it is the list of and a place in it.
const filters = { is: optional(choice(STATES, { label: 'Status', labels: LABELS })) };
const counts = Counts.describe('All of them that the reader may see');

/** What a client gets of a project: the data of a list and of a board. */
export const listDeliverables = list({
  name: 'deliverable.list',
  module: 'projects',
  within: { project: z.uuid() },
  filters,
  item: ListedDeliverable,
  summary: z.strictObject({ projectName: z.string().describe('What the project is called'), counts }),
  order: BY_NUMBER,
  rows: (context, page, { project, is }) => pageOfDeliverables(context, { project }, page, is),
  summarize: async (context, { project }) => {
    const projectName = there(await readProjectName(context, project));
    allow(mayRead(context.actor, { projectId: project }));
    return { projectName, counts: await countDeliverables(context, { project }) };
  },
  face: ({ summary: { projectName, counts } }) =>
    deliverablesFace({ title: `Deliverables of ${projectName}`, counts, empty: 'No cycle of it is agreed on yet.' }),
});

/** What a client gets of a cycle. */
export const showOfCycle = list({
  name: 'deliverable.of-cycle',
  module: 'projects',
  within: { cycle: z.uuid() },
  filters,
  item: ListedDeliverable,
  summary: z.strictObject({
    cycleName: z.string().describe('What the cycle is called'),
    closed: z.boolean().describe('Whether the cycle is completed'),
    counts,
  }),
  order: BY_NUMBER,
  rows: (context, page, { cycle, is }) => pageOfDeliverables(context, { cycle }, page, is),
  summarize: async (context, { cycle }) => {
    const { cycleName, projectId, closed } = there(await readCycleName(context, cycle));
    allow(mayRead(context.actor, { projectId }));
    return { cycleName, closed, counts: await countDeliverables(context, { cycle }) };
  },
  face: ({ summary: { cycleName, closed, counts } }, { actor }, { cycle }) =>
    deliverablesFace({
      title: `Deliverables of ${cycleName}`,
      counts,
      empty: 'They stand here once both sides have approved the scope.',
      cycle,
      ...(runsDeliverables(actor) && !closed ? { planIn: cycle } : {}),
    }),
});
