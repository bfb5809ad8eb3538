import { mayApproveNow } from '../approvals/index.ts';
import type { Actor } from '../kernel/actor.ts';
import { nameOf } from '../kernel/actor.ts';
import { DomainError } from '../kernel/errors.ts';
import { isApprover, isFirm, may } from '../people/index.ts';
import type { By, Cycle } from './schema.ts';
import { hasAgreed, scopeOf, signedByBoth, signersOf } from './schema.ts';

/**
 * True once the client was reminded after the review closed. Read from what is stored, not from the clock, so that a
 * posted card changes only when an event says so.
 */
export function isOverdue(cycle: Cycle): boolean {
  return cycle.status === 'in_review' && cycle.remindedAt !== null && cycle.remindedAt >= cycle.review.closesAt;
}

/** Who plans cycles, edits their scope and runs them: staff who may edit projects. */
export function runsCycles(actor: Actor): boolean {
  return isFirm(actor) && may(actor, 'edit', 'projects');
}

/** Who may sign a cycle's scope, for the firm or for the client: people only, never a connector or the system. */
export function mayApprove(actor: Actor, { projectId }: Cycle): boolean {
  if (actor.kind !== 'person' && actor.kind !== 'audience') return false;
  return isFirm(actor) ? runsCycles(actor) : isApprover(actor, projectId);
}

/** Who may take or dispute what was delivered: the client's approvers. */
export function mayReview(actor: Actor, { projectId }: Cycle): boolean {
  return isApprover(actor, projectId);
}

/** Who may say something that both parties see. */
export function mayReply(actor: Actor, { projectId }: Cycle): boolean {
  return (actor.kind === 'person' || actor.kind === 'audience') && may(actor, 'comment', 'messages', projectId);
}

/** Who may write for the team alone: the team. */
export function mayNote(actor: Actor, cycle: Cycle): boolean {
  return isFirm(actor) && mayReply(actor, cycle);
}

export function byOf(actor: Actor): By {
  const person = actor.kind === 'person' ? actor : null;
  return {
    personId: person?.personId ?? null,
    name: nameOf(actor),
    side: isFirm(actor) ? 'firm' : 'client',
    channel: person?.channel ?? 'system',
    assurance: person?.assurance ?? 'link',
    timezone: actor.timezone,
  };
}

/** The same for what only a person may do. @throws DomainError forbidden for anybody else */
export function personBy(actor: Actor, what: string): By & { personId: string } {
  const { personId, ...by } = byOf(actor);
  if (!personId) throw new DomainError('forbidden', `Only a person can ${what}.`);
  return { ...by, personId };
}

/** The scope can still be agreed on: nobody has taken or disputed what was delivered. */
export function isOpen({ status }: Cycle): boolean {
  return status !== 'completed' && status !== 'disputed';
}

/** The scope waits for this side's approval; of the client, for this very person's. */
export function lacksApprovalOf(cycle: Cycle, actor: Actor): boolean {
  const side = isFirm(actor) ? 'firm' : 'client';
  if (!isOpen(cycle) || hasAgreed(scopeOf(cycle), side)) return false;
  return side === 'firm' || mayApproveNow(cycle.approvers, signersOf(cycle), actor, 'approve') === true;
}

/** What was delivered can be taken: it is looked at, and both have signed what it should be. */
export function canComplete(cycle: Cycle): boolean {
  return cycle.status === 'in_review' && signedByBoth(scopeOf(cycle));
}
