import { DomainError } from '../kernel/errors.ts';
import { fingerprint } from '../kernel/fingerprint.ts';
import { timeText } from './duration.ts';
import type { By, Line, Period } from './period-schema.ts';
import { answerOf } from './period-schema.ts';
import { called, refusal, shown } from './wording.ts';

/*
 * What becomes of a project's month, as pure decisions: the month as it is and what somebody wants → the month as it becomes, or
 * a DomainError. They promise, whoever asks in whatever order:
 *  - what is used is the sum of the entries that count, and the hash is that of what they are now;
 *  - a signature is of exactly the content whose hash it carries;
 *  - nothing is added to, changed in or taken out of a month that is signed or invoiced, and a signed one stays signed;
 *  - of 80 and of 100 per cent the team is told once each for what is agreed, and anew only when more was agreed.
 * The version is counted by whoever writes.
 */

type Facts = Omit<Period, 'hash'>;

/** Minutes that count for the client. */
export function usedOf({ entries }: Pick<Period, 'entries'>): number {
  return entries.reduce((sum, { minutes }) => sum + minutes, 0);
}

/** Minutes that were agreed on; null where nothing was planned. */
export function agreedOf({ budget, approved }: Pick<Period, 'budget' | 'approved'>): number | null {
  return budget === null ? null : budget + approved;
}

/** Minutes that were worked beyond what was agreed. Signing the month settles them: whoever signs reads the figure. */
export function notAgreedOf(period: Pick<Period, 'budget' | 'approved' | 'entries'>): number {
  const agreed = agreedOf(period);
  return agreed === null ? 0 : Math.max(0, usedOf(period) - agreed);
}

/** Why nothing of it may be changed any more. */
export function closedBy({ state, invoiced }: Pick<Period, 'state' | 'invoiced'>): 'signed' | 'invoiced' | null {
  if (state.status === 'signed') return 'signed';
  return invoiced ? 'invoiced' : null;
}

/** With the hash of what the client signs: what was done, and against what it was agreed. */
export function hashed(facts: Facts): Period {
  const { projectId, month, budget, approved } = facts;
  const entries = [...facts.entries].sort(byDay);
  return { ...facts, entries, hash: fingerprint({ projectId, month, budget, approved, entries }) };
}

function byDay(one: Line, other: Line): number {
  return `${one.day} ${one.id}` < `${other.day} ${other.id}` ? -1 : 1;
}

/** @throws DomainError conflict where nothing of the month may be changed any more */
function requireOpen(period: Period): void {
  const why = closedBy(period);
  if (why === 'signed') throw refusal(period, `${called(period)} is signed: its hours stay as they are.`);
  if (why === 'invoiced')
    throw refusal(period, `${called(period)} is invoiced: its hours stay as they are, unless the invoice is void.`);
}

/**
 * An entry is written down (no `before`), changed, or counts no longer (no `after`). Beyond what is agreed it is taken all the
 * same, because work that was done is not hidden, and it says so of itself from then on; unless it is made shorter.
 */
export function book(period: Period, before: Line | null, after: Omit<Line, 'isBeyond'> | null): Period {
  requireOpen(period);
  const others = period.entries.filter(({ id }) => id !== before?.id);
  if (!after) return hashed({ ...period, entries: others });
  const agreed = agreedOf(period);
  const isOver = agreed !== null && usedOf({ entries: others }) + after.minutes > agreed;
  const wasOver = before?.isBeyond === true && after.minutes >= before.minutes;
  return hashed({ ...period, entries: [...others, { ...after, isBeyond: isOver || wasOver }] });
}

/** What is agreed on for the month; null takes the budget out: then nothing goes beyond it. */
export function setBudget(period: Period, budget: number | null): Period {
  requireOpen(period);
  if (budget === null && period.isAsked)
    throw refusal(
      period,
      `${period.clientName} was asked for more hours of ${called(period)}. Withdraw that first: there would be nothing to go beyond.`,
    );
  if (budget === period.budget)
    throw refusal(
      period,
      budget === null
        ? `${called(period)} has no budget.`
        : `${called(period)} has a budget of ${timeText(budget)} already.`,
    );
  return hashed({ ...period, budget });
}

type Level = 80 | 100;

/** Notes of what the team is to be told now: the highest level that was reached and not told of. */
export function warn(period: Period): { after: Period; level: Level | null } {
  const agreed = agreedOf(period);
  if (agreed === null) return { after: period, level: null };
  const { at80, at100 } = period.warned;
  const isDue = (level: Level, told: number | null) =>
    usedOf(period) * 100 >= agreed * level && (told === null || told < agreed);
  const [is80, is100] = [isDue(80, at80), isDue(100, at100)];
  if (!is80 && !is100) return { after: period, level: null };
  // Whoever is told of 100 is told of 80; what was told of more stays, though less is agreed on now.
  const warned = { at80: Math.max(at80 ?? 0, agreed), at100: is100 ? agreed : at100 };
  return { after: { ...period, warned }, level: is100 ? 100 : 80 };
}

/** The month is closed, and the client gets to see it; also anew, after the client disputed it. */
export function send(period: Period, by: By, now: Date): Period {
  const { status } = period.state;
  if (status !== 'open' && status !== 'disputed') throw refusal(period, `${called(period)} is sent already.`);
  if (!period.entries.length)
    throw refusal(
      period,
      `Nothing that counts for the client is logged in ${called(period)}: there is nothing to sign.`,
    );
  return { ...period, state: { status: 'sent', sent: { byName: by.name, at: now } } };
}

/** The client's yes to what was on the screen. `changes` is what is different since it was sent, for whoever saw something else. */
export function sign(period: Period, wish: { hash: string; changes: readonly string[] }, by: By, now: Date): Period {
  const { state, hash } = period;
  if (state.status !== 'sent') throw refusal(period, standingText(period));
  if (wish.hash !== hash)
    throw new DomainError('stale', `${called(period)} changed since this was drawn. Nothing was signed.`, {
      changes: wish.changes.length
        ? wish.changes
        : ['It was sent anew since, or what was agreed on for it is another amount'],
      show: shown(period),
    });
  return { ...period, state: { status: 'signed', sent: state.sent, signature: { hash, ...answerOf(by, now) } } };
}

/** The client does not agree: it goes back to the team. */
export function dispute(period: Period, reason: string, by: By, now: Date): Period {
  const { state } = period;
  if (state.status !== 'sent') throw refusal(period, standingText(period));
  return { ...period, state: { status: 'disputed', sent: state.sent, dispute: { reason, ...answerOf(by, now) } } };
}

/** An invoice bills all of it: exactly what is used, so that nothing is billed that was not logged, and nothing is left. */
export function invoice(period: Period, bill: { invoice: string; minutes: number }, now: Date): Period {
  if (period.invoiced) throw refusal(period, `${called(period)} is invoiced already.`);
  const used = usedOf(period);
  if (bill.minutes !== used)
    throw refusal(period, `${called(period)} holds ${timeText(used)} by now, and not ${timeText(bill.minutes)}.`);
  return { ...period, invoiced: { ...bill, at: now } };
}

/** The invoice that billed it does so no longer: it can be billed anew. */
export function release(period: Period, invoiceId: string): Period {
  if (period.invoiced?.invoice !== invoiceId) throw refusal(period, `That invoice does not bill ${called(period)}.`);
  return { ...period, invoiced: null };
}

/** How it stands, as a sentence. */
function standingText(period: Period): string {
  const { state } = period;
  switch (state.status) {
    case 'open':
      return `${called(period)} was not sent yet.`;
    case 'sent':
      return `${called(period)} waits for a signature.`;
    case 'disputed':
      return `${state.dispute.byName} disputed ${called(period)}: ${period.firmName} looks at it again.`;
    case 'signed':
      return `${state.signature.byName} signed ${called(period)} already.`;
  }
}
