import type { Actor } from '../kernel/actor.ts';
import { DomainError } from '../kernel/errors.ts';
import { isFirm, isTeam, may } from '../people/index.ts';
import type { Task } from './schema.ts';

type Place = Pick<Task, 'projectId'>;

/** Who reads the tasks of a project; internal ones do not exist for a contact: see the table's policies. */
export function mayRead(actor: Actor, { projectId }: Place): boolean {
  return may(actor, 'read', 'projects', projectId);
}

/** Who says what is to be done and by whom: the team, its connectors, and what follows from other events. */
export function runsTasks(actor: Actor, { projectId }: Place): boolean {
  return isFirm(actor) && may(actor, 'edit', 'projects', projectId);
}

/** Who may take a task on: people of the team, and the rooms in which they read. */
export function mayTake(actor: Actor, it: Place): boolean {
  return isTeam(actor) && runsTasks(actor, it);
}

/** Who says how far a task is: the team, and of the client whoever is to do it. A room of theirs shows the button for them. */
export function worksOn(actor: Actor, it: Pick<Task, 'projectId' | 'internal' | 'assignee'>): boolean {
  if (isFirm(actor)) return runsTasks(actor, it);
  if (it.internal || it.assignee?.side !== 'contact' || !may(actor, 'comment', 'projects', it.projectId)) return false;
  return actor.kind === 'audience' || (actor.kind === 'person' && actor.personId === it.assignee.id);
}

/** Somebody still has to do something about it. */
export function isUnfinished({ state }: Pick<Task, 'state'>): boolean {
  return state.status !== 'done' && state.status !== 'dropped';
}

/** What can go on; in a closed project nothing begins any more. What was begun can still be finished or dropped. */
export function canGoOn(it: Pick<Task, 'state' | 'closed'>): boolean | string {
  return isUnfinished(it) && (!it.closed || 'its project is closed');
}

/** @throws DomainError invalid beside the field: what is new is due today or later, by the calendar of whoever says so */
export function requireComing(day: string | null | undefined, today: string): void {
  if (!day || day >= today) return;
  const say = `is over already: today is ${today}`;
  throw new DomainError('invalid', `Please check: due: ${say}`, { fields: { due: say } });
}
