import type { Actor } from '../kernel/actor.ts';
import { isFirm, may } from '../people/index.ts';

/** Who may change how a project is set up: staff who may edit projects. */
export function runsProjects(actor: Actor): boolean {
  return isFirm(actor) && may(actor, 'edit', 'projects');
}

/** True for whoever sees every client of the firm: a member sees those that they are assigned to. */
export function seesEveryClient(actor: Actor): boolean {
  return isFirm(actor) && (actor.kind !== 'person' || actor.role !== 'member');
}

/** Who may say whose room it is; a room of the firm itself, where everything of every client is told, not everybody. */
export function bindsFor(actor: Actor, { client }: { client: string | null }): boolean {
  return runsProjects(actor) && (client !== null || seesEveryClient(actor));
}
