import type { Actor, Assurance } from '../kernel/actor.ts';
import { nameOf } from '../kernel/actor.ts';
import { isApprover, isFirm, may } from '../people/index.ts';
import type { Calendar, Window } from './calendar.ts';
import type { Content } from './content.ts';

export const EVENTS = {
  planned: 'cycle.planned',
  started: 'cycle.started',
  scopeChanged: 'cycle.scope-changed',
  approved: 'cycle.approved',
  reviewOpened: 'cycle.review-opened',
  reviewReminded: 'cycle.review-reminded',
  completed: 'cycle.completed',
  disputed: 'cycle.disputed',
  disputeResolved: 'cycle.dispute-resolved',
  replied: 'cycle.replied',
  noted: 'cycle.noted',
} as const;

/** The two parties of an agreement; each approves a version of the scope once. */
export const PARTIES = ['firm', 'client'] as const;
export type Party = (typeof PARTIES)[number];

/** Somebody's signature under one version of the scope: who, for whom, through what, and how sure we were of it. */
export interface Approval {
  side: Party;
  /** The hash of the content that was approved. */
  hash: string;
  personId: string;
  byName: string;
  channel: string;
  assurance: Assurance;
  at: Date;
}

/** The scope as it was from one change to the next. Never edited: a change makes the next number. */
export interface Version {
  number: number;
  content: Content;
  hash: string;
  byName: string;
  at: Date;
  approvals: readonly Approval[];
}

export interface Dispute {
  id: string;
  reason: string;
  personId: string;
  byName: string;
  openedAt: Date;
}

export interface ResolvedDispute extends Dispute {
  resolution: string;
  resolvedByName: string;
  resolvedAt: Date;
}

/** Where a dispute goes once it is resolved. */
export const OUTCOMES = ['back_to_review', 'back_to_work'] as const;
export type Outcome = (typeof OUTCOMES)[number];

interface Facts {
  id: string;
  clientId: string;
  clientName: string;
  firmName: string;
  projectId: string;
  projectName: string;
  /** Counts every change of what was agreed or decided; presses that decide something carry it. Reminders do not count. */
  version: number;
  /** The client's calendar. */
  calendar: Calendar;
  /** Business days the client has for the review. */
  reviewDays: number;
  /** While in review: when it opened and when it closes. Before: when it is due to. */
  review: Window;
  remindedAt: Date | null;
  /** Oldest first; the last one is the present scope. */
  versions: readonly [Version, ...Version[]];
  /** Disputes of the past, oldest first. */
  resolved: readonly ResolvedDispute[];
}

/** A cycle, by where it stands. A dispute is open exactly while the status says so. */
export type Cycle = Facts &
  (
    | { status: 'upcoming' | 'in_progress' | 'in_review' }
    | { status: 'disputed'; dispute: Dispute }
    | { status: 'completed'; completedAt: Date }
  );

/** Who acts on a cycle, as the rules and the record need it. */
export interface By {
  /** Null when the system or a connector acts. */
  personId: string | null;
  name: string;
  side: Party;
  channel: string;
  assurance: Assurance;
  timezone: string;
}

/** The present scope. */
export function scopeOf(cycle: Pick<Facts, 'versions'>): Version {
  return cycle.versions.at(-1) ?? cycle.versions[0];
}

/** The party's approval of the present scope, if it is there. */
export function approvalOf(cycle: Pick<Facts, 'versions'>, side: Party): Approval | undefined {
  return scopeOf(cycle).approvals.find((approval) => approval.side === side);
}

/** True when both parties approved this very version. */
export function signedByBoth(version: Version): boolean {
  return PARTIES.every((side) => version.approvals.some((approval) => approval.side === side));
}

/** What a party is called: the firm's or the client's name. */
export function partyName(cycle: Pick<Facts, 'clientName' | 'firmName'>, side: Party): string {
  return side === 'firm' ? cycle.firmName : cycle.clientName;
}

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
