import type { SentFiles } from '../conversations/index.ts';
import { authorOf } from '../conversations/index.ts';
import type { Context } from '../kernel/context.ts';
import { DomainError } from '../kernel/errors.ts';
import { columnsOf } from './history.ts';
import { changesSince } from './queries.ts';
import type { Message } from './rows.ts';
import type { State, Ticket } from './ticket.ts';
import { SAYS, showing } from './ticket.ts';

/** Refuses a press on a card that shows an older state, and says what happened since. @throws DomainError stale */
export async function assertCurrent(context: Context, ticket: Ticket, version: number): Promise<void> {
  if (version === ticket.version) return;
  const changes = await changesSince(context, ticket, version);
  throw new DomainError('stale', `#${ticket.number} changed since this was drawn. Nothing was done.`, {
    changes: changes.length ? changes : [`It is ${SAYS[ticket.state.status]} now`],
    show: showing(ticket.id),
  });
}

/** Writes a decided state; the row is locked by the command's load. Returns the ticket as it is then. */
export async function moveTicket({ sql, actor, now }: Context, ticket: Ticket, state: State): Promise<Ticket> {
  const { status, statusNote, duplicateOf } = columnsOf(state);
  await sql`update ticket set status = ${status}, status_note = ${statusNote}, duplicate_of = ${duplicateOf}, version = version + 1, updated_at = ${now}
    where tenant_id = ${actor.tenantId} and id = ${ticket.id}`;
  return { ...ticket, state, version: ticket.version + 1 };
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
