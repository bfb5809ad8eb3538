import type { Invoice } from '../invoices/index.ts';
import { isToPay, mayBill, mayReadInvoice } from '../invoices/index.ts';
import type { Actor } from '../kernel/actor.ts';
import { isFirm } from '../people/index.ts';
import type { Payment } from './schema.ts';

/** Who reads it is who reads the client's invoices. */
export function mayRead(actor: Actor, { projectId }: Pick<Payment, 'projectId'>): boolean {
  return mayReadInvoice(actor, { projectId });
}

/** Who pays: the client, where it reads the invoice. */
export function mayPay(actor: Actor, it: Pick<Invoice, 'projectId'>): boolean {
  return !isFirm(actor) && mayReadInvoice(actor, it);
}

/** Who sees to what came: the firm, where it bills. */
export function maySettle(actor: Actor): boolean {
  return isFirm(actor) && mayBill(actor) && actor.kind !== 'integration';
}

/** What only the tool can say that takes the payments. */
export function isTool(actor: Actor): boolean {
  return actor.kind === 'integration';
}

/** Can this invoice be paid online? Where the firm has no account that takes payments, nothing offers it. */
export function canPay(it: Invoice): true | string {
  if (!isToPay(it)) return 'nothing is to be paid of it';
  return it.online || 'it cannot be paid online now';
}

type Standing = Pick<Payment, 'status'>;

/** It may still be paid by its link. */
export const isWaiting = ({ status }: Standing): boolean => status === 'asked' || status === 'open';

/** Nothing has come of it yet, whatever became of its link. */
export const isUnpaid = ({ received }: Pick<Payment, 'received'>): boolean => received === null;

/** Money came that the invoice does not know of, or went back so. */
export const isUnplaced = ({ status, refunds }: Pick<Payment, 'status' | 'refunds'>): boolean =>
  status === 'kept' || refunds.some(({ state }) => state === 'loose');

/** Somebody of the firm is to look at it. */
export const isLoose = (it: Payment): boolean => isUnplaced(it) || it.dispute?.state === 'open';

/** Its link leads somewhere. A link that ends within the next minutes is not begun with. */
export function isPayable(
  { status, expiresAt }: Pick<Payment, 'status' | 'expiresAt'>,
  now: Date,
  minutes = 0,
): boolean {
  return status === 'open' && expiresAt !== null && expiresAt.getTime() > now.getTime() + minutes * 60_000;
}
