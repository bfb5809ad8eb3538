import type { Message, Thread } from '../conversations/index.ts';
import { COUNTED } from '../conversations/index.ts';
import type { Context } from '../kernel/context.ts';
import type { Sql } from '../kernel/db.ts';
import type { Page } from '../kernel/list-page.ts';
import type { Said } from '../kernel/thing-definition.ts';
import type { MessageRow, TicketRow } from './rows.ts';
import { messageOf, ticketOf } from './rows.ts';
import type { ShownTicket, Ticket } from './schema.ts';

/** A ticket the actor may see, locked for a change. */
export async function ticketForUpdate({ sql, actor }: Context, id: string): Promise<Ticket | null> {
  const [row] =
    await sql<TicketRow>`select * from ticket where tenant_id = ${actor.tenantId} and id = ${id} for update`;
  return row ? ticketOf(row) : null;
}

/** A ticket by its number or its id. */
export interface TicketName {
  id: string | null;
  number: number | null;
}

/** Locks a ticket and another one in one order, whoever asks: two marks at once cannot wait for each other. */
export async function bothForUpdate({ sql, actor }: Context, id: string, of: TicketName): Promise<Ticket | null> {
  const rows = await sql<TicketRow>`
    select * from ticket where tenant_id = ${actor.tenantId} and (id = ${id} or id = ${of.id}::uuid or number = ${of.number}::bigint) order by id for update`;
  const row = rows.find((one) => one.id === id);
  return row ? ticketOf(row) : null;
}

/** The ticket of that name, if the actor may see it. */
export async function ticketNamed({ sql, actor }: Context, { id, number }: TicketName): Promise<Ticket | null> {
  const [row] = await sql<TicketRow>`
    select * from ticket where tenant_id = ${actor.tenantId} and (id = ${id}::uuid or number = ${number}::bigint)`;
  return row ? ticketOf(row) : null;
}

interface ShownRow extends TicketRow {
  project_name: string;
  client_name: string;
  original_id: string | null;
  original_number: number | null;
  original_title: string | null;
}

/** A ticket as the actor's cards show it. */
export async function readTicket({ sql, actor }: Context, id: string): Promise<ShownTicket | null> {
  const [row] = await sql<ShownRow>`
    select t.*, p.name as project_name, c.name as client_name, o.id as original_id, o.number as original_number, o.title as original_title
    from ticket t
    join project p on p.tenant_id = t.tenant_id and p.id = t.project_id
    join client c on c.tenant_id = t.tenant_id and c.id = t.client_id
    left join ticket o on o.tenant_id = t.tenant_id and o.id = t.duplicate_of
    where t.tenant_id = ${actor.tenantId} and t.id = ${id}`;
  if (!row) return null;
  const { original_id: original, original_number: number, original_title: title } = row;
  return {
    ...ticketOf(row),
    projectName: row.project_name,
    clientName: row.client_name,
    original: original !== null && number !== null && title !== null ? { id: original, number, title } : null,
  };
}

/** The newest `size` messages. */
export async function readThread({ sql, actor }: Context, id: string, size: number): Promise<Thread> {
  const rows = await sql<MessageRow & { total: number }>`
    select *, (select count(*) from (select from ticket_message where tenant_id = ${actor.tenantId} and ticket_id = ${id}
      order by created_at desc, id desc limit ${size + COUNTED + 1}) counted) as total
    from ticket_message where tenant_id = ${actor.tenantId} and ticket_id = ${id}
    order by created_at desc, id desc limit ${size}`;
  const total = rows[0]?.total ?? 0;
  return { messages: rows.map(messageOf).reverse(), earlier: total - rows.length };
}

/** A page of the thread. */
export async function pageOfThread({ actor }: Context, ticket: string, page: Page): Promise<Message[]> {
  const rows = await page<MessageRow>`
    select *, created_at as at from ticket_message where tenant_id = ${actor.tenantId} and ticket_id = ${ticket}`;
  return rows.map(messageOf);
}

export async function countThread({ sql, actor }: Context, ticket: string): Promise<number> {
  const [row] = await sql<{ total: number }>`
    select count(*) as total from ticket_message where tenant_id = ${actor.tenantId} and ticket_id = ${ticket}`;
  return row?.total ?? 0;
}

/** What was said for client and firm, as far as `sql` reads it. */
export function saidForBoth({ actor }: Context, ticket: string, sql: Sql): Promise<Said[]> {
  return sql<Said>`
    select id, by_name as "byName", side, channel, body, created_at as at from ticket_message
    where tenant_id = ${actor.tenantId} and ticket_id = ${ticket} and not internal`;
}

/** One message, and the ticket it is about. */
export async function readMessage(
  context: Context,
  id: string,
): Promise<{ message: Message; ticket: ShownTicket } | null> {
  const { sql, actor } = context;
  const [row] = await sql<MessageRow>`select * from ticket_message where tenant_id = ${actor.tenantId} and id = ${id}`;
  const ticket = row && (await readTicket(context, row.ticket_id));
  return row && ticket ? { message: messageOf(row), ticket } : null;
}
