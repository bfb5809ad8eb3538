import type { NewEvent } from '../kernel/event.ts';
import type { State, Status, Ticket } from './ticket.ts';
import { EVENTS, SAYS } from './ticket.ts';

/** A state as it lies in the row: its columns. */
export interface StateColumns {
  status: Status;
  statusNote: string | null;
  duplicateOf: string | null;
}

export function columnsOf(state: State): StateColumns {
  switch (state.status) {
    case 'needs_info':
      return { status: state.status, statusNote: state.question, duplicateOf: null };
    case 'declined':
      return { status: state.status, statusNote: state.reason, duplicateOf: null };
    case 'duplicate':
      return { status: state.status, statusNote: null, duplicateOf: state.of };
    case 'new':
    case 'approved':
    case 'in_progress':
    case 'resolved':
      return { status: state.status, statusNote: null, duplicateOf: null };
  }
}

/** The state that the columns of a row stand for. */
export function stateOf({ status, statusNote, duplicateOf }: StateColumns): State {
  switch (status) {
    case 'needs_info':
      return { status, question: statusNote ?? '' };
    case 'declined':
      return { status, reason: statusNote ?? '' };
    case 'duplicate':
      return { status, of: duplicateOf ?? '' };
    case 'new':
    case 'approved':
    case 'in_progress':
    case 'resolved':
      return { status };
  }
}

/** Everything of the ticket itself, for the audit; what is read beside it (names of others) is not part of it. */
function snapshot(ticket: Ticket): Record<string, unknown> {
  return {
    ...columnsOf(ticket.state),
    number: ticket.number,
    kind: ticket.kind,
    version: ticket.version,
    title: ticket.title,
    description: ticket.description,
    expected: ticket.expected,
    steps: ticket.steps,
    links: ticket.links.length ? ticket.links : null,
    priority: ticket.priority,
    category: ticket.category,
    dueOn: ticket.dueOn,
    nextAction: ticket.nextAction,
    ownerId: ticket.ownerId,
    ownerName: ticket.ownerName,
    reporterId: ticket.reporterId,
    reporterName: ticket.reporterName,
  };
}

/** What an event tells of a ticket: where it stands. Its texts lie in the ticket; not every event needs a copy of them. */
function standing({ state, number, kind, title, version, priority, ownerId, ownerName, reporterName }: Ticket) {
  return { ...columnsOf(state), number, kind, title, version, priority, ownerId, ownerName, reporterName };
}

/**
 * The event of an act on a ticket. The audit row gets what is different, the event where the ticket stands and `more`.
 * @param before null when the ticket is new
 */
export function fact(name: string, before: Ticket | null, after: Ticket, more: Record<string, unknown> = {}): NewEvent {
  const [was, is] = [before ? snapshot(before) : {}, snapshot(after)];
  const different = Object.keys(is).filter(
    (key) => JSON.stringify(was[key] ?? null) !== JSON.stringify(is[key] ?? null),
  );
  const of = (one: Record<string, unknown>) => Object.fromEntries(different.map((key) => [key, one[key] ?? null]));
  return {
    name,
    about: { entity: 'ticket', id: after.id },
    clientId: after.clientId,
    projectId: after.projectId,
    data: { ...standing(after), ...more },
    ...(before && different.length ? { before: of(was) } : {}),
    ...(different.length ? { after: of(is) } : {}),
  };
}

/** One line of what happened, for somebody who pressed an old card. Team only: it may tell of internal things. */
export function inWords(event: { name: string; by: string; data: Record<string, unknown> }): string {
  const { name, by, data } = event;
  switch (name) {
    case EVENTS.filed:
      return `${by} filed it`;
    case EVENTS.approved:
      return `${by} approved it`;
    case EVENTS.declined:
      return `${by} declined it: ${data.statusNote}`;
    case EVENTS.asked:
      return `${by} asked: ${data.statusNote}`;
    case EVENTS.markedDuplicate:
      return `${by} marked it as a duplicate of #${data.original}`;
    case EVENTS.taken:
      return `${by} took it on`;
    case EVENTS.noted:
      return `${by} left a note`;
    case EVENTS.replied:
      return `${by} replied`;
    case EVENTS.progressed:
      return `${by} set it to ${SAYS[data.status as Status]}`;
    case EVENTS.detailsSet:
      return `${by} changed its details`;
    default:
      return `${by}: ${name}`;
  }
}
