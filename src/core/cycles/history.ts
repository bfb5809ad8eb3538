import { changeLine, diffContent } from './content.ts';
import type { Cycle, Version } from './schema.ts';
import { partyName, scopeOf, signedByBoth } from './schema.ts';

/** Something that happened to a cycle and counted its version up. */
export interface Happening {
  at: Date;
  who: string;
  lines: readonly string[];
  /** False where only the order is known, not the time. */
  timed: boolean;
}

/**
 * What happened to a cycle, oldest first, read from its own rows: everybody who sees the cycle sees the same, also
 * contacts, who cannot read events.
 */
export function happenings(cycle: Cycle): Happening[] {
  const disputes = cycle.status === 'disputed' ? [...cycle.resolved, cycle.dispute] : cycle.resolved;
  return [
    ...cycle.versions.map((version, index) => scopeHappening(version, cycle.versions[index - 1])),
    ...cycle.versions.flatMap((version) => [...approvalHappenings(cycle, version), ...agreedHappening(cycle, version)]),
    ...startHappening(cycle),
    ...reviewHappening(cycle),
    ...disputes.map(({ openedAt, byName, reason }) => timed(openedAt, byName, [`Disputed: ${reason}`])),
    ...cycle.resolved.map(({ resolvedAt, resolvedByName, resolution }) =>
      timed(resolvedAt, resolvedByName, [`Dispute resolved: ${resolution}`]),
    ),
    ...(cycle.status === 'completed' ? [timed(cycle.completedAt, cycle.clientName, ['Completed'])] : []),
  ].sort((a, b) => a.at.getTime() - b.at.getTime());
}

/** What changed since a card showed that version of the cycle, in short lines; empty when nothing did. */
export function changesSince(cycle: Cycle, version: number): string[] {
  const count = Math.max(0, cycle.version - version);
  return happenings(cycle)
    .slice(-count || Number.POSITIVE_INFINITY)
    .flatMap(({ who, lines }) => lines.map((line) => `${line} (${who})`));
}

/** What is different in the present scope, seen from the newest version that had that hash; null for an unknown hash. */
export function scopeChangesSince(cycle: Cycle, hash: string): string[] | null {
  const seen = cycle.versions.findLast((version) => version.hash === hash);
  return seen ? diffContent(seen.content, scopeOf(cycle).content).map(changeLine) : null;
}

function scopeHappening(version: Version, before: Version | undefined): Happening {
  if (!before) return timed(version.at, version.byName, ['Planned']);
  const lines = diffContent(before.content, version.content).map(changeLine);
  return timed(version.at, version.byName, [`Scope version ${version.number}: ${lines.join('; ')}`]);
}

/** Each approval by itself; those that were carried over together from another document are one. */
function approvalHappenings(cycle: Cycle, version: Version): Happening[] {
  const scope = version.number === 1 ? 'the scope' : `version ${version.number} of the scope`;
  const moments = Map.groupBy(version.approvals, ({ side, at }) => `${side} ${at.getTime()}`);
  return [...moments.values()].flatMap(([first, ...others]) => {
    if (!first) return [];
    const who = [first, ...others].map(({ byName }) => byName).join(', ');
    return [timed(first.at, who, [`Approved ${scope} for ${partyName(cycle, first.side)}`])];
  });
}

/** Enough had approved without one more approval: the rule became another one, or nobody else was left to wait for. */
function agreedHappening(cycle: Cycle, { agreedAt, approvals, number }: Version): Happening[] {
  if (!agreedAt || approvals.some(({ side, at }) => side === 'client' && at.getTime() === agreedAt.getTime()))
    return [];
  const scope = number === 1 ? 'the scope' : `version ${number} of the scope`;
  return [timed(agreedAt, cycle.firmName, [`Enough of ${partyName(cycle, 'client')} have approved ${scope}`])];
}

/** Work starts after a version was signed by both; the rows do not say when, so it stands right after the first such one. */
function startHappening(cycle: Cycle): Happening[] {
  const signed = cycle.versions.find(signedByBoth);
  if (cycle.status === 'upcoming' || !signed) return [];
  const moments = [signed.agreedAt, ...signed.approvals.map(({ at }) => at)].map((at) => at?.getTime() ?? 0);
  const at = new Date(Math.max(...moments));
  return [{ at, who: cycle.firmName, lines: ['Work started'], timed: false }];
}

/** Only the latest opening is on record; one that came with a resolution is told by that. */
function reviewHappening(cycle: Cycle): Happening[] {
  if (cycle.status === 'upcoming' || cycle.status === 'in_progress') return [];
  const { opensAt } = cycle.review;
  const resumed = cycle.resolved.some(({ resolvedAt }) => resolvedAt.getTime() === opensAt.getTime());
  return resumed ? [] : [timed(opensAt, cycle.firmName, ['Review opened'])];
}

function timed(at: Date, who: string, lines: string[]): Happening {
  return { at, who, lines, timed: true };
}
