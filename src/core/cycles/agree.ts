import { DomainError } from '../kernel/errors.ts';
import { dayOf, timeText, windowAfter } from './calendar.ts';
import type { Content } from './content.ts';
import { contentHash } from './content.ts';
import { scopeChangesSince } from './history.ts';
import { missing, refusal, requireVersion, shown } from './refusal.ts';
import type { By, Cycle, Version } from './schema.ts';
import { approvalOf, partyName, scopeOf, signedByBoth } from './schema.ts';

/*
 * Agreeing on a cycle, as pure decisions: the cycle as it is and what somebody wants → the cycle as it becomes, or a
 * DomainError. Together with review.ts they promise, whoever asks in whatever order:
 *  - an approval is for exactly the content whose hash it carries, and stays under its version for good;
 *  - nobody completes what is disputed, or what both parties did not sign as it stands;
 *  - while a dispute is open the scope is frozen: nobody rewrites what the dispute is about;
 *  - completed stays completed.
 */

type Plan = Pick<
  Cycle,
  'id' | 'clientId' | 'clientName' | 'firmName' | 'projectId' | 'projectName' | 'calendar' | 'reviewDays'
>;

/** A new cycle, waiting for both approvals. */
export function plan(facts: Plan, content: Content, by: By, now: Date): Cycle {
  return {
    ...facts,
    status: 'upcoming',
    version: 1,
    review: windowAfter(content.endsOn, facts.reviewDays, facts.calendar),
    remindedAt: null,
    parts: { done: 0, total: 0 },
    versions: [newVersion(1, content, by, now)],
    resolved: [],
  };
}

/** A changed scope is a new version that nobody has signed; the versions before keep their approvals. */
export function editScope(cycle: Cycle, wish: { version: number; content: Content }, by: By, now: Date): Cycle {
  requireVersion(cycle, wish.version, 'Your changes were not saved.');
  if (cycle.status === 'completed') throw refusal(cycle, 'This cycle is completed: its scope stays as it is.');
  if (cycle.status === 'disputed') throw refusal(cycle, 'This cycle is disputed. Resolve the dispute first.');
  const scope = scopeOf(cycle);
  const next = newVersion(scope.number + 1, wish.content, by, now);
  if (next.hash === scope.hash) throw refusal(cycle, 'Nothing is different: the scope stays as it is.');
  // A review that is running keeps its window, and so does rework whose end date nobody touched.
  const moved = cycle.status !== 'in_review' && wish.content.endsOn !== scope.content.endsOn;
  const review = moved ? windowAfter(wish.content.endsOn, cycle.reviewDays, cycle.calendar) : cycle.review;
  return { ...cycle, version: cycle.version + 1, review, versions: [...cycle.versions, next] };
}

/** One party signs the present scope, named by its hash. */
export function approve(cycle: Cycle, wish: { hash: string }, by: By & { personId: string }, now: Date): Cycle {
  const scope = scopeOf(cycle);
  if (wish.hash !== scope.hash) {
    throw new DomainError('stale', 'The scope is not the one you were shown. Nothing was approved.', {
      changes: scopeChangesSince(cycle, wish.hash) ?? [`The scope is version ${scope.number} now`],
      show: shown(cycle),
    });
  }
  const earlier = approvalOf(cycle, by.side);
  if (earlier) {
    const when = timeText(earlier.at, by.timezone);
    throw refusal(cycle, `${earlier.byName} approved this for ${partyName(cycle, by.side)} already, on ${when}.`);
  }
  if (cycle.status === 'completed') throw refusal(cycle, 'This cycle is completed already.');
  if (cycle.status === 'disputed')
    throw refusal(cycle, 'This cycle is disputed. Its scope can be approved once the dispute is resolved.');
  const { side, personId, name: byName, channel, assurance } = by;
  const approval = { side, hash: scope.hash, personId, byName, channel, assurance, at: now };
  const signed: Version = { ...scope, approvals: [...scope.approvals, approval] };
  return { ...cycle, version: cycle.version + 1, versions: withLast(cycle.versions, signed) };
}

/**
 * Work begins on what both parties signed.
 * @param due true when only a start that is due may happen (the schedule asks); staff may start earlier
 */
export function start(cycle: Cycle, due: boolean, now: Date): Cycle {
  if (cycle.status !== 'upcoming') throw refusal(cycle, 'This cycle has started already.');
  if (!signedByBoth(scopeOf(cycle))) throw refusal(cycle, `It can start once both have approved. ${missing(cycle)}`);
  if (due && !isStartDue(cycle, now)) throw refusal(cycle, 'The start is not due yet.');
  return { ...cycle, status: 'in_progress', version: cycle.version + 1 };
}

/** True when work should begin by itself: the first day has come on the client's calendar and both have signed. */
export function isStartDue(cycle: Cycle, now: Date): boolean {
  const scope = scopeOf(cycle);
  return (
    cycle.status === 'upcoming' && scope.content.startsOn <= dayOf(now, cycle.calendar.timezone) && signedByBoth(scope)
  );
}

function newVersion(number: number, content: Content, by: By, now: Date): Version {
  return { number, content, hash: contentHash(content), byName: by.name, at: now, approvals: [] };
}

function withLast([first, ...rest]: Cycle['versions'], last: Version): Cycle['versions'] {
  return rest.length ? [first, ...rest.slice(0, -1), last] : [last];
}
