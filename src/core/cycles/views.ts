import { z } from 'zod';
import { fileActions, readMessage, readThread } from '../conversations/index.ts';
import type { Context } from '../kernel/context.ts';
import { allow, there } from '../kernel/thing-definition.ts';
import { view } from '../kernel/view.ts';
import { may } from '../people/index.ts';
import { cycleCard } from './cards.ts';
import { messageCard, threadCard } from './conversation-cards.ts';
import { historyCard, workOrderCard } from './lists.ts';
import { pageOfCycles, readCycle, readGround } from './queries.ts';
import type { Cycle } from './schema.ts';

/** Cycles on one page of a work order. */
const PAGE = 10;

/** Messages on the cycle's card: enough to answer, short enough for a phone. On a page of the thread there are more. */
const LAST = 5;
const MESSAGES = 20;

const one = z.strictObject({ cycle: z.uuid() });

/** Where a cycle stands, and what may be done about it. */
export const showCycle = view({
  name: 'cycle.show',
  module: 'projects',
  input: one,
  show: async (context, { cycle: id }) => {
    const [cycle, thread] = await Promise.all([found(context, id), readThread(context, { cycle: id }, LAST)]);
    return cycleCard(cycle, context.actor, thread);
  },
});

/** Every version of the scope with its approvals, and what happened. */
export const showHistory = view({
  name: 'cycle.history',
  module: 'projects',
  input: one,
  show: async (context, { cycle }) => historyCard(await found(context, cycle), context.actor),
});

/** The work order of a project: all its cycles. */
export const listCycles = view({
  name: 'cycle.list',
  module: 'projects',
  input: z.strictObject({ project: z.uuid(), page: z.coerce.number().int().min(0).default(0) }),
  show: async (context, { project, page }) => {
    const ground = there(await readGround(context, project));
    allow(may(context.actor, 'read', 'projects', project));
    const lines = await pageOfCycles(context, project, page, PAGE);
    return workOrderCard(ground, lines.slice(0, PAGE), { page, more: lines.length > PAGE }, context.actor);
  },
});

/** What was said about a cycle, a page at a time, the newest page first. */
export const showThread = view({
  name: 'cycle.thread',
  module: 'projects',
  input: one.extend({ page: z.coerce.number().int().min(0).default(0) }),
  show: async (context, { cycle: id, page }) => {
    const [cycle, thread] = await Promise.all([found(context, id), readThread(context, { cycle: id }, MESSAGES, page)]);
    return threadCard(cycle, thread, page, context.actor);
  },
});

/** One message. `quoted` unfolds the earlier mail that came with it. */
export const showMessage = view({
  name: 'cycle.message',
  module: 'projects',
  input: z.strictObject({ message: z.uuid(), quoted: z.literal('yes').optional() }),
  show: async (context, { message: id, quoted }) => {
    const message = there(await readMessage(context, id));
    const card = messageCard(await found(context, message.cycle), message, quoted === 'yes', context.actor);
    return { ...card, actions: [...card.actions, ...fileActions(message, 'cycle.message', context)] };
  },
});

async function found(context: Context, id: string): Promise<Cycle> {
  const cycle = there(await readCycle(context, id));
  allow(may(context.actor, 'read', 'projects', cycle.projectId));
  return cycle;
}
