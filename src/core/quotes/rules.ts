import { talkersOf } from '../conversations/index.ts';
import type { Actor } from '../kernel/actor.ts';
import { isApprover, isFirm, isTeam, may } from '../people/index.ts';
import type { Quote } from './schema.ts';

/** Whose it is: a project's, or the whole client's. */
interface Placed {
  projectId: string | null;
}

/** Prices are for those who may read the client's billing; of a quote for the whole client, only those who may everywhere. */
export function mayRead(actor: Actor, { projectId }: Placed): boolean {
  return may(actor, 'read', 'billing', projectId ?? undefined);
}

/** Who writes quotes: the firm, where it may edit billing. */
export function mayDraft(actor: Actor): boolean {
  return isFirm(actor) && may(actor, 'edit', 'billing');
}

/** Who offers in the firm's name: people, never a connector or the system. */
export function maySend(actor: Actor): boolean {
  return isTeam(actor) && mayDraft(actor);
}

/** Who answers for the client: its approvers (A3). */
export function mayAnswer(actor: Actor, quote: Placed): boolean {
  return isApprover(actor, quote.projectId ?? undefined) && mayRead(actor, quote);
}

/** Who asks for a quote: a contact who may say something about the project. */
export function mayAsk(actor: Actor, projectId: string | null): boolean {
  return actor.kind === 'person' && !isFirm(actor) && may(actor, 'comment', 'messages', projectId ?? undefined);
}

/** Who says something about it, and who leaves a note. */
export const { mayReply, mayNote } = talkersOf(mayRead);

export const isDraft = (it: Quote): boolean => it.state.status === 'draft';
export const isSent = (it: Quote): boolean => it.state.status === 'sent';

/**
 * The projects of which a contact may read the module; null for whoever may read all that they see. Row security lets in by
 * project, and knows nothing of modules.
 */
export function readableProjects(actor: Actor, module: 'billing' | 'messages'): string[] | null {
  if (actor.kind !== 'person' || actor.role !== 'client_member') return null;
  return Object.keys(actor.memberships).filter((id) => may(actor, 'read', module, id));
}
