import type { Message, SentFiles } from '../conversations/index.ts';
import { authorOf, filesOf } from '../conversations/index.ts';
import type { Context } from '../kernel/context.ts';
import type { Kind, Priority, Status, Ticket } from './schema.ts';
import { columnsOf, stateOf } from './schema.ts';

/** A row of the ticket table, as far as it is read. */
export interface TicketRow {
  id: string;
  number: number;
  client_id: string;
  project_id: string;
  kind: Kind;
  status: Status;
  status_note: string | null;
  duplicate_of: string | null;
  version: number;
  title: string;
  description: string;
  expected: string | null;
  steps: string | null;
  links: string[];
  priority: Priority;
  category: string | null;
  due_on: string | null;
  next_action: string | null;
  owner_id: string | null;
  owner_name: string | null;
  reporter_id: string;
  reporter_name: string;
  created_at: Date;
}

export function ticketOf(row: TicketRow): Ticket {
  return {
    id: row.id,
    number: row.number,
    clientId: row.client_id,
    projectId: row.project_id,
    kind: row.kind,
    state: stateOf({ status: row.status, statusNote: row.status_note, duplicateOf: row.duplicate_of }),
    version: row.version,
    title: row.title,
    description: row.description,
    expected: row.expected,
    steps: row.steps,
    links: row.links,
    priority: row.priority,
    category: row.category,
    dueOn: row.due_on,
    nextAction: row.next_action,
    ownerId: row.owner_id,
    ownerName: row.owner_name,
    reporterId: row.reporter_id,
    reporterName: row.reporter_name,
    createdAt: row.created_at.toISOString(),
  };
}

/** A row of the table of messages, as far as it is read. */
export interface MessageRow extends Pick<Message, 'id' | 'internal' | 'side' | 'channel' | 'body' | 'quoted'> {
  ticket_id: string;
  by_name: string;
  mail_id: string | null;
  files: unknown;
  created_at: Date;
}

export function messageOf(row: MessageRow): Message {
  const { id, internal, side, channel, body, quoted } = row;
  return {
    ...{ id, internal, side, channel, body, quoted },
    byName: row.by_name,
    files: filesOf(row.mail_id, row.files),
    at: row.created_at,
  };
}

/** Writes what a decision made of a ticket; the row is locked. Contacts write other columns: see the reply. */
export async function writeTicket({ sql, actor, now }: Context, _before: Ticket, after: Ticket): Promise<void> {
  const { status, statusNote, duplicateOf } = columnsOf(after.state);
  await sql`
    update ticket set status = ${status}, status_note = ${statusNote}, duplicate_of = ${duplicateOf}, version = ${after.version}, updated_at = ${now},
      priority = ${after.priority}, category = ${after.category}, due_on = ${after.dueOn}, next_action = ${after.nextAction},
      owner_id = ${after.ownerId}, owner_name = ${after.ownerName}
    where tenant_id = ${actor.tenantId} and id = ${after.id}`;
}

/** What a message says, before it has an author. */
export interface Words {
  body: string;
  quoted?: string | undefined;
  files?: SentFiles | undefined;
  /** Connectors only: who wrote it over there. */
  byName?: string | undefined;
}

/**
 * Stores a message in the actor's name.
 * @throws DomainError invalid when a person claims another name
 */
export async function addMessage(
  { sql, actor, now, newId }: Context,
  ticket: Ticket,
  words: Words,
  internal: boolean,
): Promise<Message> {
  const author = authorOf(actor, words.byName);
  const message: Message = {
    id: newId(),
    internal,
    byName: author.byName,
    side: author.side,
    channel: author.channel,
    body: words.body,
    quoted: words.quoted ?? null,
    files: words.files ?? null,
    at: now,
  };
  await sql`
    insert into ticket_message (tenant_id, id, ticket_id, client_id, project_id, internal, person_id, by_name, side, channel, body, quoted, mail_id, files, created_at)
    values (${actor.tenantId}, ${message.id}, ${ticket.id}, ${ticket.clientId}, ${ticket.projectId}, ${internal}, ${author.personId},
      ${message.byName}, ${message.side}, ${message.channel}, ${message.body}, ${message.quoted},
      ${message.files?.mail ?? null}, ${message.files ? JSON.stringify(message.files.list) : null}::jsonb, ${now})`;
  return message;
}
