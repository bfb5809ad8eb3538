import { z } from 'zod';
import { fileActions, readMessage, readThread } from '../conversations/index.ts';
import type { Context } from '../kernel/context.ts';
import { DomainError } from '../kernel/errors.ts';
import { view } from '../kernel/view.ts';
import { may } from '../people/index.ts';
import { cycleCard } from './cards.ts';
import { messageCard, noteForm, replyForm, threadCard } from './conversation-cards.ts';
import type { Cycle } from './cycle.ts';
import { mayNote, mayReply, mayReview, runsCycles } from './cycle.ts';
import { disputeForm, planForm, resolveForm, scopeForm } from './forms.ts';
import { historyCard, workOrderCard } from './lists.ts';
import { pageOfCycles, projectsToPlanFor, readCycle, readGround } from './queries.ts';
import { requireVersion } from './refusal.ts';

/** Cycles on one page of a work order. */
const PAGE = 10;

/** Messages on the cycle's card: enough to answer, short enough for a phone. On a page of the thread there are more. */
const LAST = 5;
const MESSAGES = 20;

const one = z.strictObject({ cycle: z.uuid() });
const oneVersion = one.extend({ version: z.coerce.number().int() });

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

/** Saying something needs no version: it changes nothing that somebody could have seen differently. */
export const showReplyForm = view({
  name: 'cycle.reply-form',
  module: 'projects',
  input: one,
  show: async (context, { cycle: id }) => {
    const cycle = await found(context, id);
    allow(mayReply(context.actor, cycle));
    return replyForm(cycle, context.actor);
  },
});

export const showNoteForm = view({
  name: 'cycle.note-form',
  module: 'projects',
  input: one,
  show: async (context, { cycle: id }) => {
    const cycle = await found(context, id);
    allow(mayNote(context.actor, cycle));
    return noteForm(cycle);
  },
});

export const showPlanForm = view({
  name: 'cycle.plan-form',
  module: 'projects',
  input: z.strictObject({ project: z.uuid().optional() }),
  show: async (context, { project }) => {
    allow(runsCycles(context.actor));
    return planForm(await projectsToPlanFor(context, project ?? null), context.newId());
  },
});

export const showScopeForm = view({
  name: 'cycle.scope-form',
  module: 'projects',
  input: oneVersion,
  show: (context, input) => form(context, input, runsCycles, 'Nothing was changed.', scopeForm),
});

export const showDisputeForm = view({
  name: 'cycle.dispute-form',
  module: 'projects',
  input: oneVersion,
  show: (context, input) => form(context, input, mayReview, 'Nothing was disputed.', disputeForm),
});

export const showResolveForm = view({
  name: 'cycle.resolve-form',
  module: 'projects',
  input: oneVersion,
  show: (context, input) => form(context, input, runsCycles, 'Nothing was resolved.', resolveForm),
});

/** A form is opened on the state that was on the screen; on an older one it would be filled in for nothing. */
async function form<C>(
  context: Context,
  input: { cycle: string; version: number },
  policy: (actor: Context['actor'], cycle: Cycle) => boolean,
  nothing: string,
  draw: (cycle: Cycle) => C,
): Promise<C> {
  const cycle = await found(context, input.cycle);
  allow(policy(context.actor, cycle));
  requireVersion(cycle, input.version, nothing);
  return draw(cycle);
}

async function found(context: Context, id: string): Promise<Cycle> {
  const cycle = there(await readCycle(context, id));
  allow(may(context.actor, 'read', 'projects', cycle.projectId));
  return cycle;
}

function there<T>(value: T | null): T {
  if (value === null) throw new DomainError('not_found', 'This is not there, or not for you.');
  return value;
}

function allow(allowed: boolean): void {
  if (!allowed) throw new DomainError('forbidden', 'You may not do this.');
}
