import { standingOf, turnOf } from '../approvals/index.ts';
import { DomainError } from '../kernel/errors.ts';
import { dayOf, timeText, windowAfter } from './calendar.ts';
import type { Content } from './content.ts';
import { contentHash } from './content.ts';
import { scopeChangesSince } from './history.ts';
import { missing, refusal, requireVersion, shown } from './refusal.ts';
import type { Approval, By, Cycle, Version } from './schema.ts';
import { approvalOf, approvalsOf, hasAgreed, partyName, scopeOf, signedByBoth, signersOf } from './schema.ts';

/*
 * Agreeing on a cycle, as pure decisions: the cycle as it is and what somebody wants → the cycle as it becomes, or a
 * DomainError. Together with review.ts they promise, whoever asks in whatever order:
 *  - an approval is for exactly the content whose hash it carries, and stays under its version for good;
 *  - the client has agreed once as many of its approvers have signed that very content as its rule asks for, in its order, each
 *    counted once; what it has agreed to stays agreed, whatever becomes of the rule and of who signed;
 *  - nobody completes what is disputed, or what both parties did not sign as it stands;
 *  - while a dispute is open the scope is frozen: nobody rewrites what the dispute is about;
 *  - completed stays completed.
 */

type Plan = Pick<
  Cycle,
  'id' | 'clientId' | 'clientName' | 'firmName' | 'projectId' | 'projectName' | 'calendar' | 'reviewDays' | 'approvers'
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

/** A party signs the present scope, named by its hash: the firm once, of the client whoever's turn it is. */
export function approve(cycle: Cycle, wish: { hash: string }, by: Signer, now: Date): Cycle {
  requireOpenScope(cycle, wish.hash, by);
  if (by.side === 'client') requireTurn(cycle, by);
  const signed = sign(cycle, [by], now);
  if (by.side === 'firm' || !standingOf(cycle.approvers, signersOf(signed)).isEnough) return signed;
  return agreed(signed, now);
}

/** The client's side as it was signed with another document, like a quote that enough of its approvers have accepted. */
export function agreeThrough(cycle: Cycle, wish: { hash: string }, signers: readonly Signer[], now: Date): Cycle {
  const [by] = signers;
  if (!by) throw new Error('somebody signed');
  requireOpenScope(cycle, wish.hash, by);
  const before = signersOf(cycle);
  return agreed(
    sign(
      cycle,
      signers.filter(({ personId }) => !before.includes(personId)),
      now,
    ),
    now,
  );
}

/** Where the rule asks for less than it did, or nobody else is left to wait for, what was signed may be enough. */
export function countAgain(cycle: Cycle, now: Date): Cycle {
  const scope = scopeOf(cycle);
  const isOver = cycle.status === 'completed' || cycle.status === 'disputed' || hasAgreed(scope, 'client');
  if (isOver || !standingOf(cycle.approvers, signersOf(cycle)).isEnough) return cycle;
  return { ...agreed(cycle, now), version: cycle.version + 1 };
}

type Signer = By & { personId: string };

/** @throws DomainError where the scope is another one, or that party has agreed to it already, or it cannot be agreed on now */
function requireOpenScope(cycle: Cycle, hash: string, by: By): void {
  const scope = scopeOf(cycle);
  if (hash !== scope.hash) {
    throw new DomainError('stale', 'The scope is not the one you were shown. Nothing was approved.', {
      changes: scopeChangesSince(cycle, hash) ?? [`The scope is version ${scope.number} now`],
      show: shown(cycle),
    });
  }
  const earlier = approvalOf(cycle, by.side);
  if (earlier) throw refusal(cycle, approvedAlready(cycle, earlier, by));
  if (cycle.status === 'completed') throw refusal(cycle, 'This cycle is completed already.');
  if (cycle.status === 'disputed')
    throw refusal(cycle, 'This cycle is disputed. Its scope can be approved once the dispute is resolved.');
}

/** @throws DomainError conflict for whoever may not sign now, with whose turn it is */
function requireTurn(cycle: Cycle, by: Signer): void {
  const own = approvalsOf(scopeOf(cycle), by.side).find(({ personId }) => personId === by.personId);
  if (own) throw refusal(cycle, `${approvedAlready(cycle, own, by)} ${missing(cycle)}`);
  const signed = signersOf(cycle);
  const turn = turnOf(standingOf(cycle.approvers, signed), signed, by.personId, 'approve');
  if (turn !== true) throw refusal(cycle, `You cannot approve ${scopeOf(cycle).content.name} now: ${turn}.`);
}

function approvedAlready(cycle: Cycle, { byName, side, at }: Approval, { timezone }: By): string {
  return `${byName} approved this for ${partyName(cycle, side)} already, on ${timeText(at, timezone)}.`;
}

function sign(cycle: Cycle, signers: readonly Signer[], now: Date): Cycle {
  const scope = scopeOf(cycle);
  const approvals = signers.map(({ side, personId, name: byName, channel, assurance }) => ({
    ...{ side, hash: scope.hash, personId, byName, channel, assurance, at: now },
  }));
  const signed: Version = { ...scope, approvals: [...scope.approvals, ...approvals] };
  return { ...cycle, version: cycle.version + 1, versions: withLast(cycle.versions, signed) };
}

/** The client has agreed to the present scope. */
function agreed(cycle: Cycle, now: Date): Cycle {
  return { ...cycle, versions: withLast(cycle.versions, { ...scopeOf(cycle), agreedAt: now }) };
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
  return { number, content, hash: contentHash(content), byName: by.name, at: now, approvals: [], agreedAt: null };
}

function withLast([first, ...rest]: Cycle['versions'], last: Version): Cycle['versions'] {
  return rest.length ? [first, ...rest.slice(0, -1), last] : [last];
}
