import type { JiraStatus, Settings } from './map.ts';
import type { TicketStatus } from './ticket.ts';

/** Ours → where an issue belongs: by the usual names, best first, else by the category; '' leaves it where it is. */
const THEIRS: Record<TicketStatus, { names: string[]; category: string }> = {
  new: { names: ['needs info', 'waiting for customer'], category: '' },
  needs_info: { names: ['needs info', 'waiting for customer', 'waiting for client'], category: '' },
  approved: { names: ['to do', 'open', 'selected for development', 'reopened', 'backlog'], category: 'new' },
  in_progress: { names: ['in progress', 'in development', 'doing'], category: 'indeterminate' },
  resolved: { names: ['done', 'resolved', 'closed', 'complete', 'completed'], category: 'done' },
  declined: { names: ["won't do", 'wont do', 'declined', 'rejected', 'cancelled', 'canceled'], category: 'done' },
  duplicate: { names: ['duplicate', "won't do", 'wont do', 'cancelled', 'canceled'], category: 'done' },
};

/** The usual names → ours. What is not here, and not in the firm's settings, says nothing to a client. */
const OURS: Record<string, TicketStatus> = {
  ...Object.fromEntries(THEIRS.approved.names.map((name) => [name, 'approved' as const])),
  ...Object.fromEntries(THEIRS.in_progress.names.map((name) => [name, 'in_progress' as const])),
  ...Object.fromEntries(THEIRS.resolved.names.map((name) => [name, 'resolved' as const])),
  'in review': 'in_progress',
  'code review': 'in_progress',
  testing: 'in_progress',
};

/**
 * What a status of Jira means for a ticket that stands at `ours`; null when it means nothing to a client.
 * Nobody is told that work went back to waiting; only what counted as resolved is being worked on again.
 */
export function meaningOf(name: string, ours: TicketStatus, settings: Settings): TicketStatus | null {
  const own = Object.entries(settings.statuses).find(([key]) => same(key, name));
  const usual = own?.[1] ?? OURS[name.toLowerCase()] ?? null;
  if (usual !== 'approved' || ours === 'approved') return usual;
  return ours === 'resolved' ? 'in_progress' : null;
}

/** A move that the workflow allows now. */
export interface Transition {
  id: string;
  to: JiraStatus;
}

/**
 * How to bring an issue where our status wants it.
 * @returns the transition; 'there' when it is there already; null when no move leads there
 */
export function moveTo(
  ours: TicketStatus,
  current: JiraStatus,
  transitions: readonly Transition[],
  settings: Settings,
): Transition | 'there' | null {
  const { names, category } = THEIRS[ours];
  const own = Object.entries(settings.statuses).flatMap(([name, status]) => (status === ours ? [name] : []));
  if (own.some((name) => same(name, current.name))) return 'there';
  for (const name of [...own, ...names]) {
    if (same(name, current.name)) return 'there';
    const named = transitions.find(({ to }) => same(to.name, name));
    if (named) return named;
  }
  if (category === '' || current.category === category) return 'there';
  return transitions.find(({ to }) => to.category === category) ?? null;
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** The last state in which both sides were known to agree: kept as the fingerprint of the ticket's external reference. */
export interface Shared {
  ours: TicketStatus;
  theirs: string;
  /** Jira's time of the last change that was seen, milliseconds since 1970. */
  at: number;
}

/** What a comparison of the two sides asks for. */
export type Step = 'agreed' | 'tell-jira' | 'tell-us' | 'left-alone';

/**
 * Three-way comparison against the last shared state. Who moved alone is followed; when both moved apart, our side
 * stays, because its status was told to the client. An echo is a side that did not move: it asks for nothing.
 */
export function compare(shared: Shared | null, ours: TicketStatus, theirs: JiraStatus, settings: Settings): Step {
  // An issue is made for an approved ticket: that much is shared before anything was noted.
  const before = shared ?? { ours: 'approved', theirs: '' };
  const oursMoved = before.ours !== ours;
  const theirsMoved = !same(before.theirs, theirs.name);
  const meant = meaningOf(theirs.name, ours, settings);
  if (meant === ours || (!oursMoved && !theirsMoved)) return 'agreed';
  if (oursMoved) return 'tell-jira';
  return meant ? 'tell-us' : 'left-alone';
}

/** Reads a fingerprint; null when nothing was agreed on yet. */
export function readShared(fingerprint: string | null): Shared | null {
  return fingerprint?.startsWith('{') ? (JSON.parse(fingerprint) as Shared) : null;
}
