import { z } from 'zod';
import type { Actor } from '../kernel/actor.ts';
import { isFirm, may } from '../people/index.ts';
import { invoice as decide, release } from './month.ts';
import { invoiced, period, released } from './period.ts';
import { called } from './wording.ts';

/** Invoices are the firm's: who may edit billing, and what follows from an invoice. */
const bills = (actor: Actor): boolean => isFirm(actor) && may(actor, 'edit', 'billing');

/** An invoice bills a month: its hours are not changed any more. Minutes are said so that it bills what is there now. */
export const invoiceHours = period.command({
  name: 'period.invoice',
  given: { invoice: z.uuid(), minutes: z.coerce.number().int().min(1) },
  version: 'optional',
  button: [],
  who: bills,
  when: (it) => it.invoiced === null || 'it is invoiced already',
  decide: (it, { invoice, minutes }, { now }) => decide(it, { invoice, minutes }, now),
  event: (before, after, { invoice, minutes }) => invoiced.of(before, after, { invoice, minutes }),
  say: (after) => `${called(after)} is invoiced.`,
});

/** The invoice that bills it is void: it can be billed anew. */
export const releaseHours = period.command({
  name: 'period.release',
  given: { invoice: z.uuid() },
  version: 'optional',
  button: [],
  who: bills,
  when: (it) => it.invoiced !== null || 'no invoice bills it',
  decide: (it, { invoice }) => release(it, invoice),
  event: (before, after, { invoice }) => released.of(before, after, { invoice }),
  say: (after) => `${called(after)} can be billed anew.`,
});
