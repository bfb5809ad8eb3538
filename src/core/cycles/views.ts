import { z } from 'zod';
import { readThread, Thread, talkViews } from '../conversations/index.ts';
import type { Button } from '../kernel/card.ts';
import type { Context } from '../kernel/context.ts';
import { choice, optional } from '../kernel/field.ts';
import { list } from '../kernel/list.ts';
import { allow, there } from '../kernel/thing-definition.ts';
import { view } from '../kernel/view.ts';
import { may } from '../people/index.ts';
import { timeText } from './calendar.ts';
import { cycleCard } from './cards.ts';
import { cycle as thing } from './cycle.ts';
import { historyCard, STATUS_LABELS, workOrderFace } from './lists.ts';
import { BY_DAYS, countCycles, pageOfCycles, readCycle, readGround } from './queries.ts';
import { Counts, Cycle, CycleLine, STATUSES, scopeOf } from './schema.ts';

const one = z.strictObject({ cycle: z.uuid() });

/** Where a cycle stands, and what may be done about it. */
export const showCycle = view({
  name: 'cycle.show',
  module: 'projects',
  input: one,
  output: z.strictObject({ cycle: Cycle, thread: Thread.describe('What was said last') }),
  read: async (context, { cycle: id }) => {
    const [cycle, thread] = await Promise.all([found(context, id), readThread(context, { cycle: id })]);
    return { cycle, thread };
  },
  card: ({ cycle, thread }, { actor }) => cycleCard(cycle, actor, thread),
});

/** Every version of the scope with its approvals, and what happened. */
export const showHistory = view({
  name: 'cycle.history',
  module: 'projects',
  input: one,
  output: z.strictObject({ cycle: Cycle }),
  read: async (context, { cycle }) => ({ cycle: await found(context, cycle) }),
  card: ({ cycle }, { actor }) => historyCard(cycle, actor),
});

/** The work order of a project: all its cycles in the order of the work, or those that stand somewhere. */
export const listCycles = list({
  name: 'cycle.list',
  module: 'projects',
  within: { project: z.uuid() },
  // So short because it travels in a button, beside the project and a place in the list.
  filters: { is: optional(choice(STATUSES, { label: 'Status', labels: STATUS_LABELS })) },
  item: CycleLine,
  summary: z.strictObject({
    projectId: z.uuid().describe('The project'),
    projectName: z.string().describe('What it is called'),
    counts: Counts.describe('All of them, by where they stand'),
  }),
  order: BY_DAYS,
  rows: (context, page, { project, is: status }) => pageOfCycles(context, { project, status }, page),
  summarize: async (context, { project }) => {
    const { projectId, projectName } = there(await readGround(context, project));
    allow(may(context.actor, 'read', 'projects', project));
    return { projectId, projectName, counts: await countCycles(context, project) };
  },
  face: ({ items, summary }, { actor }) => workOrderFace(summary, items.length, actor),
});

export const { showThread, showMessage } = talkViews<Cycle>({
  ...{ thing, shown: Cycle, found, back: showButton, at: timeText },
  named: (it) => scopeOf(it).content.name,
  where: ({ projectName }) => projectName,
});

/** The way back to the cycle. */
function showButton({ id }: Cycle): Button {
  return thing.opening(id, 'Show cycle', 'SHOW');
}

async function found(context: Context, id: string): Promise<Cycle> {
  const cycle = there(await readCycle(context, id));
  allow(may(context.actor, 'read', 'projects', cycle.projectId));
  return cycle;
}
