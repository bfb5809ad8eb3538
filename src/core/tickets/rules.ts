import type { Actor, Person } from '../kernel/actor.ts';
import { DomainError } from '../kernel/errors.ts';
import { isFirm, isTeam, may } from '../people/index.ts';
import type { Status, Ticket } from './schema.ts';

interface InProject {
  projectId: string;
}

/** Reading tickets is a right too: row level security hides other clients, not what the firm took from somebody. */
export function mayRead(actor: Actor, { projectId }: InProject): boolean {
  return may(actor, 'read', 'tickets', projectId);
}

/** A ticket has a reporter: a person who may at least comment on tickets of the project (C1). Viewers may not. */
export function mayFile(actor: Actor, { projectId }: InProject): boolean {
  return actor.kind === 'person' && may(actor, 'comment', 'tickets', projectId);
}

/** People of the firm decide what becomes of a ticket (C2). A connector or the system never does. */
export function mayTriage(actor: Actor, { projectId }: InProject): boolean {
  return isTeam(actor) && may(actor, 'edit', 'tickets', projectId);
}

/** Internal notes: the team, and tools in which the team wrote (C3). */
export function mayNote(actor: Actor, { projectId }: InProject): boolean {
  return actor.kind === 'integration' || (isTeam(actor) && may(actor, 'comment', 'tickets', projectId));
}

/** Public replies: both sides, and tools. Row level security has already hidden tickets that a contact may not see. */
export function mayReply(actor: Actor, { projectId }: InProject): boolean {
  return (
    actor.kind === 'integration' ||
    ((actor.kind === 'person' || actor.kind === 'audience') && may(actor, 'comment', 'tickets', projectId))
  );
}

/** Saying how far the work is: the team, and tools in which the work is done. */
export function mayProgress(actor: Actor, subject: InProject): boolean {
  return actor.kind === 'integration' || mayTriage(actor, subject);
}

/** @throws DomainError forbidden for anybody but a person */
export function personOf(actor: Actor): Person {
  if (actor.kind !== 'person') throw new DomainError('forbidden', 'Only a person may do this.');
  return actor;
}

/** Somebody still has to do something about it. */
export const OPEN = ['new', 'needs_info', 'approved', 'in_progress'] as const satisfies readonly Status[];

export function isOpen({ state }: Pick<Ticket, 'state'>): boolean {
  return (OPEN as readonly Status[]).includes(state.status);
}

/** Nobody has decided yet. A question is only asked before approval, because its answer brings the ticket back to triage. */
export function isInTriage({ state }: Pick<Ticket, 'state'>): boolean {
  return state.status === 'new' || state.status === 'needs_info';
}

/** Work may start before anybody approved, since a tool beside us may say so, and anew on what was resolved. */
export function mayBecome({ state }: Pick<Ticket, 'state'>, status: 'in_progress' | 'resolved'): boolean {
  if (state.status === status) return false;
  return isOpen({ state }) || (status === 'in_progress' && state.status === 'resolved');
}

/** The contact's answer to a question brings the ticket back to triage; other words leave it where it is. */
export function afterReply<It extends Ticket>(ticket: It, by: Actor): It {
  if (isFirm(by) || ticket.state.status !== 'needs_info') return ticket;
  return { ...ticket, state: { status: 'new' }, version: ticket.version + 1 };
}
