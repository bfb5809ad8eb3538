import type { Actor } from '../kernel/actor.ts';
import { isFirm, may } from '../people/index.ts';

/** Who may change how a project is set up: staff who may edit projects. */
export function runsProjects(actor: Actor): boolean {
  return isFirm(actor) && may(actor, 'edit', 'projects');
}
