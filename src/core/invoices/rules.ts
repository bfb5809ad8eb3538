import type { Actor } from '../kernel/actor.ts';
import { maySend } from '../quotes/index.ts';
import type { Invoice } from './schema.ts';

// Who reads and writes what the firm bills is who does so with what it offers: the right is one, to billing.
export {
  mayDraft as mayBill,
  mayNote,
  mayRead,
  mayReply,
  maySend as mayIssue,
  readableProjects,
} from '../quotes/index.ts';

/** In whose name the firm bills, and to which account, those say who lead it. */
export function mayNameSeller(actor: Actor): boolean {
  return maySend(actor) && !(actor.kind === 'person' && actor.role === 'member');
}

/** What the clock does by itself. */
export function isClock(actor: Actor): boolean {
  return actor.kind === 'system';
}

type Debt = Pick<Invoice, 'state' | 'kind' | 'gross' | 'paid' | 'credited'>;
type Standing = Debt & Pick<Invoice, 'deductedIn'>;

export const isDraft = ({ state }: Pick<Invoice, 'state'>): boolean => state.status === 'draft';

/** The client has it. */
export const isIssued = ({ state }: Pick<Invoice, 'state'>): boolean =>
  state.status !== 'draft' && state.status !== 'void';

/** What is still to be paid; below zero it is to be paid back. Nothing is of a draft, of what is void, or of a credit note. */
export function dueOf({ state, kind, gross, paid, credited }: Debt): number {
  return isIssued({ state }) && kind !== 'credit' ? gross - paid - credited : 0;
}

/** Something is to be paid of it. */
export const isOpen = ({ state: { status } }: Pick<Invoice, 'state'>): boolean =>
  status === 'open' || status === 'partly_paid';

/** More was paid than is owed since something was credited. */
export const isOwedBack = (it: Debt): boolean => dueOf(it) < 0;

/** What was never paid can be voided; afterwards a credit note corrects it. */
export function canVoid(it: Standing): boolean | string {
  if (it.kind === 'credit') return 'a credit note stays; issue a new invoice instead';
  if (it.state.status === 'void') return false;
  if (it.paid > 0) return 'something was paid; credit it instead, or undo the payment if it was a mistake';
  if (it.credited > 0) return 'a part of it was credited; credit the rest instead';
  return it.deductedIn === null || 'another invoice takes it off; void that one first';
}

/** What of it was not credited yet can be. */
export function canCredit(it: Standing): boolean | string {
  if (it.kind === 'credit') return 'a credit note is not credited';
  if (!isIssued(it)) return false;
  if (it.deductedIn !== null) return 'another invoice takes it off; credit that one';
  return it.credited < it.gross || 'nothing is left to credit';
}
