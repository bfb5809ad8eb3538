import type { SentFiles } from '../conversations/index.ts';
import { authorOf, filesOf } from '../conversations/index.ts';
import type { Context } from '../kernel/context.ts';
import type { Kind, Priority, Status, Ticket } from './schema.ts';
import { columnsOf, stateOf } from './schema.ts';

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
    ticketId: ticket.id,
    internal,
    byName: author.byName,
    side: author.side,
    channel: author.channel,
    body: words.body,
    quoted: words.quoted ?? null,
    files: words.files ?? null,
    createdAt: now.toISOString(),
  };
  await sql`
    insert into ticket_message (tenant_id, id, ticket_id, client_id, project_id, internal, person_id, by_name, side, channel, body, quoted, mail_id, files, created_at)
    values (${actor.tenantId}, ${message.id}, ${ticket.id}, ${ticket.clientId}, ${ticket.projectId}, ${internal}, ${author.personId},
      ${message.byName}, ${message.side}, ${message.channel}, ${message.body}, ${message.quoted},
      ${message.files?.mail ?? null}, ${message.files ? JSON.stringify(message.files.list) : null}::jsonb, ${now})`;
  return message;
}
