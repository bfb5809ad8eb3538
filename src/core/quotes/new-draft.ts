import type { Context } from '../kernel/context.ts';
import { daysAfter, todayOf } from '../kernel/dates.ts';
import { chosen, line, optional } from '../kernel/field.ts';
import { currencyField, readCurrency } from '../kernel/priced-line.ts';
import type { Vat } from '../kernel/vat.ts';
import { vatText } from '../kernel/vat.ts';
import type { Line } from './content.ts';
import { draft } from './draft.ts';
import type { TypedLine } from './line-fields.ts';
import { firstLine, lineOf } from './line-fields.ts';
import type { Ground } from './queries.ts';
import { lastWritten } from './queries.ts';
import type { Quote } from './schema.ts';
import { insertQuote, nextNumber } from './write.ts';

/** How long an offer stands where nobody says otherwise. */
const DAYS = 30;

/** For whom a quote is. */
export const placeFields = {
  client: chosen({ label: 'Client', none: 'There is no client yet to offer something to.' }),
  project: optional(chosen({ label: 'Project', hint: 'Without one, the client’s own administrator accepts it.' })),
};

/** What every quote begins with. */
export const startFields = {
  title: line({ label: 'Title', placeholder: 'Website, second phase', most: 120 }),
  currency: currencyField,
  ...firstLine,
};

interface Typed extends TypedLine {
  title: string;
  currency: string;
}

/** Currency and tax as the firm wrote them last. */
export async function lastValues(context: Context): Promise<{ currency?: string; vat?: string }> {
  const last = await lastWritten(context);
  if (!last) return {};
  return { currency: last.currency, ...(last.vat ? { vat: vatText(last.vat as Vat) } : {}) };
}

/** Drafts a quote with its first line. @throws DomainError invalid, beside each field that cannot be understood */
export async function newDraft(context: Context, ground: Ground, typed: Typed): Promise<Quote> {
  const currency = readCurrency(typed.currency);
  const first = lineOf(typed, 1, currency, null);
  return storeDraft(context, ground, { title: typed.title, currency, lines: [first] }, null);
}

/** Stores a draft under the firm's next number. */
export async function storeDraft(
  context: Context,
  ground: Ground,
  content: { title: string; currency: string; lines: Line[] } & Partial<Quote['content']>,
  replaces: string | null,
): Promise<Quote> {
  const { now, newId } = context;
  const number = await nextNumber(context);
  const terms = {
    rounding: 'document',
    deposit: null,
    notes: null,
    expiresOn: expiryFrom(now, ground.timezone),
  } as const;
  const made = draft({ ...ground, id: newId(), replaces, createdAt: now }, { ...terms, ...content, number });
  await insertQuote(context, made);
  return made;
}

/** The last day of an offer that is made now. */
export function expiryFrom(now: Date, timezone: string): string {
  return daysAfter(todayOf(now, timezone), DAYS);
}
