import { z } from 'zod';
import { choice, optional } from '../kernel/field.ts';
import { list } from '../kernel/list.ts';
import { allow, there } from '../kernel/thing-definition.ts';
import { isFirm } from '../people/index.ts';
import { tasksFace } from './list-cards.ts';
import { countTasks, HOLDERS, meIn, ORDERS, orderOf, pageOfTasks, STATES } from './list-queries.ts';
import { readCycleName, readGround, readName } from './queries.ts';
import { mayRead } from './rules.ts';
import { Counts, ListedTask } from './schema.ts';

const state = optional(
  choice(STATES, { label: 'State', labels: labelled(STATES, { open: 'To do', started: 'In progress' }) }),
);
const who = optional(choice(HOLDERS, { label: 'Who' }));
const order = optional(choice(ORDERS, { label: 'Order', labels: labelled(ORDERS, { due: 'By due date' }) }));

function labelled<T extends string>(values: readonly T[], named: Partial<Record<T, string>>): Record<T, string> {
  const label = (value: T) => named[value] ?? value.charAt(0).toUpperCase() + value.slice(1);
  return Object.fromEntries(values.map((value) => [value, label(value)])) as Record<T, string>;
}

const counted = Counts.describe('All of them that the reader may see');

/** The tasks of a project: the data of a list, of a board and of a timeline, in the order that is asked for. */
export const listTasks = list({
  name: 'task.list',
  module: 'projects',
  within: { project: z.uuid() },
  filters: { state, who, order },
  item: ListedTask,
  summary: z.strictObject({
    projectName: z.string().describe('What the project is called'),
    counts: counted,
  }),
  order: orderOf,
  rows: (context, page, { project, ...narrowing }) => pageOfTasks(context, { project }, page, narrowing),
  summarize: async (context, { project }) => {
    const { projectName } = there(await readGround(context, { project }));
    allow(mayRead(context.actor, { projectId: project }));
    return { projectName, counts: await countTasks(context, { project }) };
  },
  face: ({ summary: { projectName, counts } }, { actor }, { project, ...narrowing }) => {
    const empty = isFirm(actor) ? 'No tasks yet. Add the first one.' : 'No tasks yet.';
    return tasksFace({ title: `Tasks of ${projectName}`, empty, counts, project }, actor, narrowing);
  },
});

/** The tasks of a cycle, and how far it is by them. */
export const showOfCycle = list({
  name: 'task.of-cycle',
  module: 'projects',
  within: { cycle: z.uuid() },
  filters: { state, order },
  item: ListedTask,
  summary: z.strictObject({
    cycleName: z.string().describe('What the cycle is called'),
    projectId: z.uuid().describe('The project that it is part of'),
    counts: counted,
  }),
  order: orderOf,
  rows: (context, page, { cycle, ...narrowing }) => pageOfTasks(context, { cycle }, page, narrowing),
  summarize: async (context, { cycle }) => {
    const { cycleName, projectId } = there(await readCycleName(context, cycle));
    allow(mayRead(context.actor, { projectId }));
    return { cycleName, projectId, counts: await countTasks(context, { cycle }) };
  },
  face: ({ summary: { cycleName, projectId: project, counts } }, { actor }, { cycle, ...narrowing }) => {
    const empty = isFirm(actor) ? 'No tasks yet. Add the first one.' : 'No tasks yet.';
    return tasksFace({ title: `Tasks of ${cycleName}`, empty, counts, project, cycle }, actor, narrowing);
  },
});

/** What whoever asks is to do, in all projects. */
export const showMine = list({
  name: 'task.mine',
  module: 'projects',
  word: { say: 'tasks', label: 'Show my tasks', about: 'what you are to do' },
  filters: { state, order },
  item: ListedTask,
  summary: counted,
  order: orderOf,
  rows: (context, page, narrowing) => pageOfTasks(context, { person: meIn(context) }, page, narrowing),
  summarize: (context) => countTasks(context, { person: meIn(context) }),
  face: ({ summary: counts }, { actor }, narrowing) =>
    tasksFace({ title: 'Your tasks', empty: 'You have nothing to do here.', counts }, actor, narrowing),
});

/** What somebody is to do, for the team. */
export const showOf = list({
  name: 'task.of-person',
  module: 'projects',
  within: { person: z.uuid() },
  filters: { state, order },
  item: ListedTask,
  summary: z.strictObject({ name: z.string().describe('What they are called'), counts: counted }),
  order: orderOf,
  rows: (context, page, { person, ...narrowing }) => pageOfTasks(context, { person }, page, narrowing),
  summarize: async (context, { person }) => {
    allow(isFirm(context.actor));
    return { name: there(await readName(context, person)), counts: await countTasks(context, { person }) };
  },
  face: ({ summary: { name, counts } }, { actor }, narrowing) =>
    tasksFace({ title: `Tasks of ${name}`, empty: 'They have nothing to do.', counts }, actor, narrowing),
});
