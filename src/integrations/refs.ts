import type { Sql } from '../core/kernel/db.ts';
import type { Scope } from './claims.ts';
import { CLAIMED } from './claims.ts';

/** What our tickets and replies are called in a tool: the rows of external_ref. Rows without a name yet: see claims.ts. */

/** The states of our ticket, as the database knows them. */
export const STATUSES = ['new', 'needs_info', 'approved', 'in_progress', 'resolved', 'declined', 'duplicate'] as const;
export type TicketStatus = (typeof STATUSES)[number];

/** A ticket as a tool is told of it. */
export interface Ticket {
  id: string;
  number: number;
  kind: 'change' | 'bug';
  status: TicketStatus;
  clientId: string;
  title: string;
  description: string;
  expected: string | null;
  steps: string | null;
  links: string[];
  priority: string;
  dueOn: string | null;
  reporterName: string;
  clientName: string;
  projectName: string;
}

/** A reply that the client and the firm both see. */
export interface Reply {
  id: string;
  byName: string;
  side: 'staff' | 'contact' | 'integration';
  body: string;
}

/** A ticket's row: `externalId` is null while it is only claimed. */
export interface Link {
  ticketId: string;
  status: TicketStatus;
  externalId: string | null;
  externalKey: string | null;
  fingerprint: string | null;
}

/** The tool's copy was deleted there: nothing is sent to it any more. */
export const GONE = 'gone';
/** A comment that came from the tool. */
export const RECEIVED = 'received';

/** The ticket's row, by the tool's id or by the ticket itself. */
export async function readLink(
  sql: Sql,
  scope: Scope,
  by: { externalId: string } | { ticketId: string },
): Promise<Link | null> {
  const [row] = await sql<Link>`
    select t.id as "ticketId", t.status, r.fingerprint, r.external_key as "externalKey",
      case when r.external_id not like ${CLAIMED} then r.external_id end as "externalId"
    from external_ref r join ticket t on t.tenant_id = r.tenant_id and t.id = r.entity_id
    where r.tenant_id = ${scope.tenantId} and r.tool = ${scope.tool} and r.account = ${scope.account} and r.entity = 'ticket'
      and (r.external_id = ${'externalId' in by ? by.externalId : null}::text or r.entity_id = ${'ticketId' in by ? by.ticketId : null}::uuid)`;
  return row ?? null;
}

/** The rows of those that are ours, by the tool's id. */
export async function readLinks(sql: Sql, scope: Scope, externalIds: readonly string[]): Promise<Map<string, Link>> {
  const rows = await sql<Link & { externalId: string }>`
    select t.id as "ticketId", t.status, r.fingerprint, r.external_key as "externalKey", r.external_id as "externalId"
    from external_ref r join ticket t on t.tenant_id = r.tenant_id and t.id = r.entity_id
    where r.tenant_id = ${scope.tenantId} and r.tool = ${scope.tool} and r.account = ${scope.account} and r.entity = 'ticket'
      and r.external_id = any(${externalIds}) and r.fingerprint is distinct from ${GONE}`;
  return new Map(rows.map((row) => [row.externalId, row]));
}

export async function readTicket(sql: Sql, tenantId: string, ticketId: string): Promise<Ticket | null> {
  const [row] = await sql<Ticket>`
    select t.id, t.number, t.kind, t.status, t.client_id as "clientId", t.title, t.description, t.expected, t.steps, t.links,
      t.priority, t.due_on as "dueOn", t.reporter_name as "reporterName", c.name as "clientName", p.name as "projectName"
    from ticket t join client c on c.tenant_id = t.tenant_id and c.id = t.client_id
      join project p on p.tenant_id = t.tenant_id and p.id = t.project_id
    where t.tenant_id = ${tenantId} and t.id = ${ticketId}`;
  return row ?? null;
}

/** Replies that the tool does not have, in their order. Internal notes stay here; what came from the tool is there. */
export async function unsentReplies(sql: Sql, scope: Scope, ticketId: string): Promise<Reply[]> {
  return sql<Reply>`
    select m.id, m.by_name as "byName", m.side, m.body from ticket_message m
    left join external_ref r on r.tenant_id = m.tenant_id and r.tool = ${scope.tool} and r.account = ${scope.account}
      and r.entity = 'ticket_message' and r.entity_id = m.id and r.external_id not like ${CLAIMED}
    where m.tenant_id = ${scope.tenantId} and m.ticket_id = ${ticketId} and not m.internal and m.channel <> ${scope.tool} and r.id is null
    order by m.created_at, m.id`;
}

/** The row of a comment by its id: ours that was sent, or one that was received. */
export async function knownComment(
  sql: Sql,
  scope: Scope,
  commentIds: readonly string[],
): Promise<Map<string, string | null>> {
  const rows = await sql<{ external_id: string; fingerprint: string | null }>`
    select external_id, fingerprint from external_ref where tenant_id = ${scope.tenantId} and tool = ${scope.tool} and account = ${scope.account}
      and entity = 'ticket_message' and external_id = any(${commentIds})`;
  return new Map(rows.map((row) => [row.external_id, row.fingerprint]));
}

/** Notes which message a received comment became. */
export async function noteReceived(
  sql: Sql,
  scope: Scope,
  comment: { id: string; messageId: string; ticketId: string },
): Promise<void> {
  await sql`
    insert into external_ref (tenant_id, id, tool, account, entity, entity_id, client_id, external_id, fingerprint)
    select tenant_id, ${crypto.randomUUID()}, ${scope.tool}, ${scope.account}, 'ticket_message', ${comment.messageId}, client_id, ${comment.id}, ${RECEIVED}
    from ticket where tenant_id = ${scope.tenantId} and id = ${comment.ticketId}
    on conflict do nothing`;
}

/**
 * Replaces a ticket's fingerprint if it still is what was read.
 * @returns false when somebody else changed it meanwhile: look again
 */
export async function setFingerprint(
  sql: Sql,
  scope: Scope,
  ticketId: string,
  from: string | null,
  to: string,
  now: Date,
): Promise<boolean> {
  const rows = await sql`
    update external_ref set fingerprint = ${to}, updated_at = ${now}
    where tenant_id = ${scope.tenantId} and tool = ${scope.tool} and account = ${scope.account} and entity = 'ticket' and entity_id = ${ticketId}
      and fingerprint is not distinct from ${from}::text
    returning id`;
  return rows.length === 1;
}
