import { talkersOf } from '../conversations/index.ts';
import type { Actor } from '../kernel/actor.ts';
import { isApprover, isFirm, isTeam, may } from '../people/index.ts';
import type { Deliverable, Status } from './schema.ts';

type Place = Pick<Deliverable, 'projectId'>;

export function mayRead(actor: Actor, { projectId }: Place): boolean {
  return may(actor, 'read', 'projects', projectId);
}

/** Who says what is delivered: staff who may edit projects. */
export function runsDeliverables(actor: Actor): boolean {
  return isFirm(actor) && may(actor, 'edit', 'projects');
}

/** Who shares what was made, in their own name: people, never a connector or the system. */
export function mayShare(actor: Actor): boolean {
  return isTeam(actor) && runsDeliverables(actor);
}

/** Who decides for the client: its approvers (A3). */
export function mayDecide(actor: Actor, { projectId }: Place): boolean {
  return isApprover(actor, projectId);
}

/** Who says something about it, and who leaves a note. */
export const { mayReply, mayNote } = talkersOf(mayRead);

/** Possible while it stands so and its cycle goes on; else why not. */
export function whileStanding(...statuses: readonly Status[]) {
  return ({ state, closed }: Pick<Deliverable, 'state' | 'closed'>): boolean | string =>
    statuses.includes(state.status) && (!closed || CLOSED);
}

const CLOSED = 'its cycle is completed';
