import { talkersOf } from '../conversations/index.ts';
import type { Actor } from '../kernel/actor.ts';
import { isApprover, isTeam, may } from '../people/index.ts';
import type { Kind, Requirement } from './schema.ts';

type Place = Pick<Requirement, 'projectId'>;

/** Who reads what a project needs of its client. */
export function mayRead(actor: Actor, { projectId }: Place): boolean {
  return may(actor, 'read', 'projects', projectId);
}

/** Who says something about it, and who leaves a note. */
export const { mayReply, mayNote } = talkersOf(mayRead);

/** Who asks the client, and says whether what they provide will do: people of the team, and the rooms in which they read. */
export function mayAsk(actor: Actor, { projectId }: Place): boolean {
  return isTeam(actor) && may(actor, 'edit', 'projects', projectId);
}

/** Who provides what is asked: the client's approvers and its administrators (A3). */
export function mayProvide(actor: Actor, { projectId }: Place): boolean {
  return isApprover(actor, projectId);
}

/** Who looks at what is secret: people of the team who may say whether it will do. */
export function mayReveal(actor: Actor, it: Place): boolean {
  return mayAsk(actor, it);
}

/** There is a secret to look at. */
export function hasSecret({ kind, state }: Pick<Requirement, 'kind' | 'state'>): boolean | string {
  if (kind !== 'secret') return 'it asks for nothing secret';
  return 'given' in state || 'nothing was provided';
}

/** What the clock does by itself. */
export function isClock(actor: Actor): boolean {
  return actor.kind === 'system';
}

/** The client is to provide it. */
export function isOpen({ state: { status } }: Pick<Requirement, 'state'>): boolean {
  return status === 'asked' || status === 'returned';
}

/** The firm is to say whether it will do. */
export function isProvided({ state }: Pick<Requirement, 'state'>): boolean {
  return state.status === 'provided';
}

export function isOver({ state: { status } }: Pick<Requirement, 'state'>): boolean {
  return status === 'accepted' || status === 'withdrawn';
}

/** It can be provided in this way. What is of another kind has another button. */
export function canProvide(kind: Kind) {
  return (it: Pick<Requirement, 'state' | 'kind'>): boolean | string => {
    if (!isOpen(it)) return false;
    return it.kind === kind || `it asks for ${ASKS[it.kind]}`;
  };
}

/** What is asked for, inside a sentence. */
export const ASKS: Readonly<Record<Kind, string>> = {
  words: 'words',
  decision: 'a decision',
  secret: 'something secret',
  files: 'files',
};
