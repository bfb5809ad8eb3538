import type { SentFiles } from '../conversations/index.ts';
import { filesOf } from '../conversations/index.ts';
import { stateOf } from './history.ts';
import type { Kind, Priority, Status, Ticket } from './ticket.ts';

/** A reply or an internal note. Instants in ISO 8601. */
export interface Message {
  id: string;
  ticketId: string;
  internal: boolean;
  byName: string;
  side: 'staff' | 'contact' | 'integration';
  channel: string;
  body: string;
  quoted: string | null;
  /** What came with it. */
  files: SentFiles | null;
  createdAt: string;
}

/** Reads a row of the ticket table. */
export function ticketOf(row: Record<string, unknown>): Ticket {
  return {
    id: row.id as string,
    number: row.number as number,
    clientId: row.client_id as string,
    projectId: row.project_id as string,
    kind: row.kind as Kind,
    state: stateOf({
      status: row.status as Status,
      statusNote: row.status_note as string | null,
      duplicateOf: row.duplicate_of as string | null,
    }),
    version: row.version as number,
    title: row.title as string,
    description: row.description as string,
    expected: row.expected as string | null,
    steps: row.steps as string | null,
    links: row.links as string[],
    priority: row.priority as Priority,
    category: row.category as string | null,
    dueOn: row.due_on as string | null,
    nextAction: row.next_action as string | null,
    ownerId: row.owner_id as string | null,
    ownerName: row.owner_name as string | null,
    reporterId: row.reporter_id as string,
    reporterName: row.reporter_name as string,
    createdAt: (row.created_at as Date).toISOString(),
  };
}

/** Reads a row of the table of messages. */
export function messageOf(row: Record<string, unknown>): Message {
  return {
    id: row.id as string,
    ticketId: row.ticket_id as string,
    internal: row.internal as boolean,
    byName: row.by_name as string,
    side: row.side as Message['side'],
    channel: row.channel as string,
    body: row.body as string,
    quoted: row.quoted as string | null,
    files: filesOf(row.mail_id as string | null, row.files),
    createdAt: (row.created_at as Date).toISOString(),
  };
}
