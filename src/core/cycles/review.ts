import type { Window } from './calendar.ts';
import { businessDaysLater, windowAfter, windowFrom } from './calendar.ts';
import { missing, refusal, requireVersion } from './refusal.ts';
import type { By, Cycle, Outcome } from './schema.ts';
import { scopeOf, signedByBoth } from './schema.ts';

/** A reminder asked for by a person comes at most once an hour: a second press is impatience, not news. */
const REMIND_PAUSE = 60 * 60 * 1000;

/** The schedule looks every five minutes; a review that it opens within the hour opens on time. */
const ON_TIME = 60 * 60 * 1000;

/**
 * Asks the client to look at what was delivered.
 * @param due true when only a review that is due may open (the schedule asks); staff may open it at any time
 */
export function openReview(cycle: Cycle, due: boolean, now: Date): Cycle {
  if (cycle.status !== 'in_progress') throw refusal(cycle, 'A review opens while the cycle is in progress.');
  if (due && now < cycle.review.opensAt) throw refusal(cycle, 'The review is not due yet.');
  // Opened when planned it closes as announced; earlier or later, the client still gets all the days.
  const late = now.getTime() - cycle.review.opensAt.getTime();
  const review =
    late >= 0 && late < ON_TIME
      ? { opensAt: now, closesAt: cycle.review.closesAt }
      : windowFrom(now, cycle.reviewDays, cycle.calendar);
  return { ...cycle, status: 'in_review', version: cycle.version + 1, review };
}

/** Reminds the client of the open review. It changes nothing about the cycle, so presses on older cards stay good. */
export function remind(cycle: Cycle, byPerson: boolean, now: Date): Cycle {
  if (cycle.status !== 'in_review') throw refusal(cycle, 'There is no open review to remind of.');
  if (byPerson && cycle.remindedAt && now.getTime() - cycle.remindedAt.getTime() < REMIND_PAUSE)
    throw refusal(cycle, `${cycle.clientName} was reminded less than an hour ago.`);
  return { ...cycle, remindedAt: now };
}

/** The client takes what was delivered. */
export function complete(cycle: Cycle, wish: { version: number }, now: Date): Cycle {
  requireVersion(cycle, wish.version, 'Nothing was completed.');
  if (cycle.status !== 'in_review') throw refusal(cycle, notInReview(cycle));
  if (!signedByBoth(scopeOf(cycle)))
    throw refusal(cycle, `The scope needs both approvals before it can be completed. ${missing(cycle)}`);
  return { ...cycle, status: 'completed', version: cycle.version + 1, completedAt: now };
}

/** The client says what is wrong; the review stays open until that is resolved. */
export function dispute(
  cycle: Cycle,
  wish: { version: number; id: string; reason: string },
  by: By & { personId: string },
  now: Date,
): Cycle {
  requireVersion(cycle, wish.version, 'Nothing was disputed.');
  if (cycle.status !== 'in_review') throw refusal(cycle, notInReview(cycle));
  const opened = { id: wish.id, reason: wish.reason, personId: by.personId, byName: by.name, openedAt: now };
  return { ...cycle, status: 'disputed', version: cycle.version + 1, dispute: opened };
}

/** The firm answers a dispute: the client looks again, in a fresh review week, or the work goes on. */
export function resolve(
  cycle: Cycle,
  wish: { version: number; resolution: string; outcome: Outcome },
  by: By,
  now: Date,
): Cycle {
  requireVersion(cycle, wish.version, 'Nothing was resolved.');
  if (cycle.status !== 'disputed') throw refusal(cycle, 'There is no open dispute.');
  const { dispute: open, ...rest } = cycle;
  const closed = { ...open, resolution: wish.resolution, resolvedByName: by.name, resolvedAt: now };
  const next = { ...rest, version: cycle.version + 1, resolved: [...cycle.resolved, closed], remindedAt: null };
  return wish.outcome === 'back_to_review'
    ? { ...next, status: 'in_review', review: windowFrom(now, cycle.reviewDays, cycle.calendar) }
    : { ...next, status: 'in_progress', review: windowAfterRework(cycle, now) };
}

/** Rework gets as many business days as a review, or the time to the cycle's own end where that is still ahead. */
function windowAfterRework(cycle: Cycle, now: Date): Window {
  const planned = windowAfter(scopeOf(cycle).content.endsOn, cycle.reviewDays, cycle.calendar);
  if (planned.opensAt > now) return planned;
  return windowAfter(businessDaysLater(now, cycle.reviewDays, cycle.calendar), cycle.reviewDays, cycle.calendar);
}

function notInReview(cycle: Cycle): string {
  switch (cycle.status) {
    case 'upcoming':
    case 'in_progress':
      return 'The review has not opened yet.';
    case 'disputed':
      return `${cycle.dispute.byName} disputed this cycle. It can be completed once the dispute is resolved.`;
    case 'completed':
      return 'This cycle is completed already.';
    case 'in_review':
      return 'This cycle is in review.';
  }
}
