import type { Actor } from '../kernel/actor.ts';
import { isApprover, isFirm, isTeam, may } from '../people/index.ts';
import type { Entry } from './entry-schema.ts';
import { closedBy } from './month.ts';
import type { Overrun } from './overrun-schema.ts';
import type { Period } from './period-schema.ts';

interface Place {
  projectId: string;
}

/** Who writes down what was worked: people of the team, where they work. */
export function mayLog(actor: Actor, { projectId }: Place): boolean {
  return isTeam(actor) && may(actor, 'edit', 'projects', projectId);
}

/** Who runs a client's hours: budgets, what is sent, and the entries of others. Of the rest, everybody has their own. */
export function runsHours(actor: Actor): boolean {
  return isTeam(actor) && may(actor, 'edit', 'billing');
}

/** Hours are money: they are for those who may read the client's billing. */
export function mayRead(actor: Actor, { projectId }: Place): boolean {
  return may(actor, 'read', 'billing', projectId);
}

export function isOwn(actor: Actor, { personId }: Pick<Entry, 'personId'>): boolean {
  return actor.kind === 'person' && actor.personId === personId;
}

/** One's own entries, whatever one's right to billing is; all of them where that is higher. */
export function mayReadEntry(actor: Actor, entry: Place & Pick<Entry, 'personId'>): boolean {
  return mayRead(actor, entry) || (isFirm(actor) && isOwn(actor, entry));
}

export function mayChange(actor: Actor, entry: Place & Pick<Entry, 'personId'>): boolean {
  return mayLog(actor, entry) && (isOwn(actor, entry) || runsHours(actor));
}

/** Who signs for the client, or answers how many hours are worked: its approvers (A3), where they may read billing. */
export function mayAnswer(actor: Actor, it: Place): boolean {
  return isApprover(actor, it.projectId) && mayRead(actor, it);
}

/** An entry that counts, in a month that can be changed. */
export function isOpenEntry({ isDeleted, closed }: Pick<Entry, 'isDeleted' | 'closed'>): boolean | string {
  if (isDeleted) return 'log it anew';
  return closed === null || `its month is ${closed}, and stays as it is`;
}

/** More hours can be asked for where some were agreed on, one request at a time. */
export function canAsk(period: Period): boolean | string {
  if (closedBy(period)) return 'nothing is added to it any more';
  if (period.budget === null) return 'it has no budget yet, so there is nothing to go beyond. Set one first';
  return !period.isAsked || 'the client has not answered the last request yet';
}

/** The client can sign or dispute it; else why not. */
export function isSent({ state, firmName }: Pick<Period, 'state' | 'firmName'>): boolean | string {
  if (state.status === 'signed') return `${state.signature.byName} signed it`;
  if (state.status === 'disputed') return `${firmName} looks at it again`;
  return state.status === 'sent';
}

export const isSendable = ({ state }: Pick<Period, 'state'>): boolean =>
  state.status === 'open' || state.status === 'disputed';

/** The client has not answered it, and still can. */
export function isWaiting({ status, isClosed }: Pick<Overrun, 'status' | 'isClosed'>): boolean | string {
  return status === 'asked' && (!isClosed || 'its month is signed');
}
