import type { Context } from '../kernel/context.ts';
import { dayText } from '../kernel/dates.ts';
import type { WaitingThing } from '../kernel/waiting.ts';
import { isFirm } from '../people/index.ts';
import { openInquiries } from './inquiry-queries.ts';
import { sentQuotes } from './queries.ts';
import { mayAnswer, mayDraft } from './rules.ts';
import { called } from './wording.ts';

/** Quotes that this very person can accept or decline; none wait for the firm, which waits for the client. */
export async function waitingQuotes(context: Context, limit: number): Promise<WaitingThing[]> {
  const { actor } = context;
  if (isFirm(actor)) return [];
  const mine = (await sentQuotes(context, limit)).filter((one) => mayAnswer(actor, one));
  return mine.map(({ title, projectName, expiresOn, ...quote }) => ({
    id: quote.id,
    text: `${called(quote)} ${title}`,
    detail: `${projectName ? `${projectName} · ` : ''}can be accepted until ${dayText(expiresOn)}`,
  }));
}

/** What clients would like a quote for: it waits for those who write quotes. */
export async function waitingInquiries(context: Context, limit: number): Promise<WaitingThing[]> {
  if (!mayDraft(context.actor)) return [];
  const open = await openInquiries(context, limit);
  return open.map(({ id, title, byName, clientName }) => ({
    id,
    text: `Quote wanted: ${title}`,
    detail: `${clientName} · ${byName} asked`,
  }));
}
