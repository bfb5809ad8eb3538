import { releaseHours } from '../hours/index.ts';
import type { Context } from '../kernel/context.ts';
import type { NewEvent } from '../kernel/event.ts';
import type { Invoice } from './schema.ts';

/** The months whose hours an invoice bills: none, once it is void or wholly credited. */
export function monthsOf({ state, content: { lines } }: Pick<Invoice, 'state' | 'content'>): string[] {
  if (state.status === 'void' || state.status === 'credited') return [];
  return [...new Set(lines.flatMap(({ hours }) => (hours ? [hours.period] : [])))];
}

/** Those that it bills no longer. A part that is credited leaves all of them billed: nobody said which hours it was about. */
export function freedMonths(before: Invoice, after: Invoice): string[] {
  const left = monthsOf(after);
  return monthsOf(before).filter((month) => !left.includes(month));
}

/** Lets go of what an invoice bills no longer, so that it can be billed anew. The invoice is written before. */
export function releaseFreed(context: Context, before: Invoice, after: Invoice): Promise<NewEvent[]> {
  return releaseHours(context, before.id, freedMonths(before, after));
}
