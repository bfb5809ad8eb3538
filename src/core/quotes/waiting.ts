import { mayApproveNow } from '../approvals/index.ts';
import type { Actor } from '../kernel/actor.ts';
import type { Context } from '../kernel/context.ts';
import { dayText } from '../kernel/dates.ts';
import type { WaitingThing } from '../kernel/waiting.ts';
import { isFirm, projectsToApprove } from '../people/index.ts';
import { openInquiries } from './inquiry-queries.ts';
import type { SentQuote } from './queries.ts';
import { sentQuotes } from './queries.ts';
import { approversIn } from './rows.ts';
import { mayAnswer, mayDraft } from './rules.ts';
import { called } from './wording.ts';

/** Quotes that are looked through for whose turn it is: more than one person has open, and few enough to be read for a home. */
const LOOKED_AT = 100;

/** Quotes that this very person can accept now; none wait for the firm, which waits for the client. */
export async function waitingQuotes(context: Context, limit: number): Promise<WaitingThing[]> {
  const { actor } = context;
  const projects = projectsToApprove(actor);
  if (isFirm(actor) || projects?.length === 0) return [];
  const sent = await sentQuotes(context, projects, Math.max(limit, LOOKED_AT));
  const mine = sent.filter((one) => mayAnswer(actor, one) && isTurnOf(actor, one));
  return mine.slice(0, limit).map(({ title, projectName, expiresOn, ...quote }) => ({
    id: quote.id,
    text: `${called(quote)} ${title}`,
    detail: `${projectName ? `${projectName} · ` : ''}can be accepted until ${dayText(expiresOn)}`,
  }));
}

function isTurnOf(actor: Actor, { approvers, projectId, signed }: SentQuote): boolean {
  return mayApproveNow(approversIn(approvers, projectId), signed, actor, 'accept') === true;
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
