import { DomainError } from '../kernel/errors.ts';

export const KINDS = ['change', 'bug'] as const;
export type Kind = (typeof KINDS)[number];

/** Lowest first. */
export const PRIORITIES = ['low', 'normal', 'high', 'urgent'] as const;
export type Priority = (typeof PRIORITIES)[number];

export const STATUSES = ['new', 'needs_info', 'approved', 'in_progress', 'resolved', 'declined', 'duplicate'] as const;
export type Status = (typeof STATUSES)[number];

/** Somebody still has to do something about it. */
export const OPEN = ['new', 'needs_info', 'approved', 'in_progress'] as const satisfies readonly Status[];

/** Where a ticket stands, with what belongs to that status alone. */
export type State =
  | { status: 'new' | 'approved' | 'in_progress' | 'resolved' }
  | { status: 'needs_info'; question: string }
  | { status: 'declined'; reason: string }
  | { status: 'duplicate'; of: string };

/** What can be done to a ticket's state. `answer` is the contact's reply to a question. */
export type Act =
  | { act: 'approve' | 'answer' | 'start' | 'resolve' }
  | { act: 'ask'; question: string }
  | { act: 'decline'; reason: string }
  | { act: 'mark-duplicate'; of: string };

/** Everything that is known of a ticket: plain JSON, instants in ISO 8601. */
export interface Ticket {
  id: string;
  number: number;
  clientId: string;
  projectId: string;
  kind: Kind;
  state: State;
  version: number;
  title: string;
  description: string;
  expected: string | null;
  steps: string | null;
  links: string[];
  priority: Priority;
  category: string | null;
  /** A date, like 2026-11-27. */
  dueOn: string | null;
  nextAction: string | null;
  ownerId: string | null;
  ownerName: string | null;
  reporterId: string;
  reporterName: string;
  createdAt: string;
}

export const EVENTS = {
  filed: 'ticket.filed',
  approved: 'ticket.approved',
  declined: 'ticket.declined',
  asked: 'ticket.asked',
  markedDuplicate: 'ticket.marked-duplicate',
  taken: 'ticket.taken',
  noted: 'ticket.noted',
  replied: 'ticket.replied',
  progressed: 'ticket.progressed',
  detailsSet: 'ticket.details-set',
} as const;

/**
 * From which statuses an act is possible. Work may start before anybody approved, since a tool beside us may say so;
 * a question is only asked before approval, because its answer brings the ticket back to triage.
 */
const FROM: Readonly<Record<Act['act'] | 'take', readonly Status[]>> = {
  approve: ['new', 'needs_info'],
  ask: ['new', 'needs_info'],
  answer: ['needs_info'],
  decline: OPEN,
  'mark-duplicate': OPEN,
  take: OPEN,
  start: ['new', 'needs_info', 'approved', 'resolved'],
  resolve: OPEN,
};

/** Is the act possible in this status? Cards leave a button out by the same rule. */
export function fits(status: Status, act: Act['act'] | 'take'): boolean {
  return FROM[act].includes(status);
}

/** @throws DomainError conflict, with the present card, when the ticket's status does not allow the act */
export function assertFits(ticket: Ticket, act: Act['act'] | 'take'): void {
  const { status } = ticket.state;
  if (fits(status, act)) return;
  const why = status === BRINGS[act] ? ' already.' : `: ${NOT[act]}`;
  throw new DomainError('conflict', `#${ticket.number} is ${SAYS[status]}${why}`, { show: showing(ticket.id) });
}

/** The status that an act leads to. */
const BRINGS: Readonly<Partial<Record<Act['act'] | 'take', Status>>> = {
  approve: 'approved',
  ask: 'needs_info',
  decline: 'declined',
  'mark-duplicate': 'duplicate',
  start: 'in_progress',
  resolve: 'resolved',
};

const NOT: Readonly<Record<Act['act'] | 'take', string>> = {
  approve: 'it cannot be approved.',
  ask: 'write a reply instead of a question.',
  answer: 'no question is open.',
  decline: 'it cannot be declined.',
  'mark-duplicate': 'it cannot become a duplicate.',
  take: 'there is nothing left to take on.',
  start: 'work on it cannot start.',
  resolve: 'it cannot be resolved.',
};

/** The state after an act. @throws DomainError conflict, see assertFits */
export function decide(ticket: Ticket, act: Act): State {
  assertFits(ticket, act.act);
  switch (act.act) {
    case 'approve':
      return { status: 'approved' };
    case 'answer':
      return { status: 'new' };
    case 'start':
      return { status: 'in_progress' };
    case 'resolve':
      return { status: 'resolved' };
    case 'ask':
      return { status: 'needs_info', question: act.question };
    case 'decline':
      return { status: 'declined', reason: act.reason };
    case 'mark-duplicate':
      return { status: 'duplicate', of: act.of };
  }
}

/** The view that shows the ticket as it is. */
export function showing(id: string) {
  return { target: 'ticket.show', input: { ticket: id } };
}

/** A status inside a sentence: "#12 is …". */
export const SAYS: Readonly<Record<Status, string>> = {
  new: 'new',
  needs_info: 'waiting for information',
  approved: 'approved',
  in_progress: 'in progress',
  resolved: 'resolved',
  declined: 'declined',
  duplicate: 'a duplicate',
};
