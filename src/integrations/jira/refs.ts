import type { Sql } from '../../core/kernel/db.ts';
import type { Reply, Ticket, TicketStatus } from './map.ts';

/**
 * What our tickets and replies are called in Jira: the rows of external_ref.
 * Before something is made there, its row is claimed with no name yet, so that after a crash the next try knows that an
 * earlier one may have got through. `fingerprint` then says how the claim stands; later, a ticket's last shared state.
 */
type Entity = 'ticket' | 'ticket_message';

/** Where a connector's rows belong. */
export interface Scope {
  tenantId: string;
  account: string;
}

/** A ticket's row: `issueId` is null while it is only claimed. */
export interface Link {
  ticketId: string;
  status: TicketStatus;
  issueId: string | null;
  issueKey: string | null;
  fingerprint: string | null;
}

/** The issue was deleted in Jira: nothing is sent there any more. */
export const GONE = 'gone';
/** A comment that came from Jira. */
export const RECEIVED = 'received';
/** A claim whose call may have got through. */
const SENDING = 'sending';
/** A claim whose call is known to have failed. */
const FREE = 'free';
/** Names of claimed rows: no id of Jira looks like this. */
const CLAIM = 'claim:';
const CLAIMED = `${CLAIM}%`;

/** The ticket's row, by the issue or by the ticket itself. */
export async function readLink(
  sql: Sql,
  scope: Scope,
  by: { issueId: string } | { ticketId: string },
): Promise<Link | null> {
  const [row] = await sql<Link>`
    select t.id as "ticketId", t.status, r.fingerprint, r.external_key as "issueKey",
      case when r.external_id not like ${CLAIMED} then r.external_id end as "issueId"
    from external_ref r join ticket t on t.tenant_id = r.tenant_id and t.id = r.entity_id
    where r.tenant_id = ${scope.tenantId} and r.tool = 'jira' and r.account = ${scope.account} and r.entity = 'ticket'
      and (r.external_id = ${'issueId' in by ? by.issueId : null}::text or r.entity_id = ${'ticketId' in by ? by.ticketId : null}::uuid)`;
  return row ?? null;
}

/** The rows of those issues that are ours, by issue id. */
export async function readLinks(sql: Sql, scope: Scope, issueIds: readonly string[]): Promise<Map<string, Link>> {
  const rows = await sql<Link & { issueId: string }>`
    select t.id as "ticketId", t.status, r.fingerprint, r.external_key as "issueKey", r.external_id as "issueId"
    from external_ref r join ticket t on t.tenant_id = r.tenant_id and t.id = r.entity_id
    where r.tenant_id = ${scope.tenantId} and r.tool = 'jira' and r.account = ${scope.account} and r.entity = 'ticket'
      and r.external_id = any(${issueIds}) and r.fingerprint is distinct from ${GONE}`;
  return new Map(rows.map((row) => [row.issueId, row]));
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

/** Replies that Jira does not have, in their order. Internal notes stay here; what came from Jira is there. */
export async function unsentReplies(sql: Sql, scope: Scope, ticketId: string): Promise<Reply[]> {
  return sql<Reply>`
    select m.id, m.by_name as "byName", m.side, m.body from ticket_message m
    left join external_ref r on r.tenant_id = m.tenant_id and r.tool = 'jira' and r.account = ${scope.account}
      and r.entity = 'ticket_message' and r.entity_id = m.id and r.external_id not like ${CLAIMED}
    where m.tenant_id = ${scope.tenantId} and m.ticket_id = ${ticketId} and not m.internal and m.channel <> 'jira' and r.id is null
    order by m.created_at, m.id`;
}

/**
 * Claims the right to make a thing in Jira.
 * @returns 'fresh' when nobody tried before, or the time of an earlier try that may have got through
 */
export async function claim(
  sql: Sql,
  scope: Scope,
  thing: { entity: Entity; id: string; clientId: string },
  now: Date,
): Promise<'fresh' | Date> {
  const { tenantId, account } = scope;
  const [fresh] = await sql`
    insert into external_ref (tenant_id, id, tool, account, entity, entity_id, client_id, external_id, fingerprint, updated_at)
    values (${tenantId}, ${crypto.randomUUID()}, 'jira', ${account}, ${thing.entity}, ${thing.id}, ${thing.clientId}, ${CLAIM + thing.id}, ${SENDING}, ${now})
    on conflict (tenant_id, tool, account, entity, entity_id) do update set fingerprint = ${SENDING}, updated_at = ${now}
      where external_ref.fingerprint = ${FREE} and external_ref.external_id like ${CLAIMED}
    returning id`;
  if (fresh) return 'fresh';
  const [row] = await sql<{ updated_at: Date }>`
    select updated_at from external_ref where tenant_id = ${tenantId} and tool = 'jira' and account = ${account}
      and entity = ${thing.entity} and entity_id = ${thing.id}`;
  return row?.updated_at ?? now;
}

/** Changes how a claim stands; a thing that has its name already is left as it is. */
export async function setClaim(
  sql: Sql,
  scope: Scope,
  entity: Entity,
  id: string,
  to: 'free' | 'sending',
  now: Date,
): Promise<void> {
  await sql`
    update external_ref set fingerprint = ${to === 'free' ? FREE : SENDING}, updated_at = ${now}
    where tenant_id = ${scope.tenantId} and tool = 'jira' and account = ${scope.account} and entity = ${entity} and entity_id = ${id}
      and external_id like ${CLAIMED}`;
}

/** Gives a claimed thing its name. Once named, a thing keeps its name. */
export async function name(
  sql: Sql,
  scope: Scope,
  thing: { entity: Entity; id: string; externalId: string; key?: string; url?: string },
  now: Date,
): Promise<void> {
  await sql`
    update external_ref set external_id = ${thing.externalId}, external_key = ${thing.key ?? null}, url = ${thing.url ?? null},
      fingerprint = null, updated_at = ${now}
    where tenant_id = ${scope.tenantId} and tool = 'jira' and account = ${scope.account} and entity = ${thing.entity}
      and entity_id = ${thing.id} and external_id like ${CLAIMED}`;
}

/** True when a ticket's issue may exist without being noted yet. */
export async function anyClaimed(sql: Sql, scope: Scope): Promise<boolean> {
  const [row] = await sql`
    select from external_ref where tenant_id = ${scope.tenantId} and tool = 'jira' and account = ${scope.account}
      and entity = 'ticket' and external_id like ${CLAIMED} limit 1`;
  return row !== undefined;
}

/** The row of a comment by its id: ours that was sent, or one that was received. */
export async function knownComment(
  sql: Sql,
  scope: Scope,
  commentIds: readonly string[],
): Promise<Map<string, string | null>> {
  const rows = await sql<{ external_id: string; fingerprint: string | null }>`
    select external_id, fingerprint from external_ref where tenant_id = ${scope.tenantId} and tool = 'jira' and account = ${scope.account}
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
    select tenant_id, ${crypto.randomUUID()}, 'jira', ${scope.account}, 'ticket_message', ${comment.messageId}, client_id, ${comment.id}, ${RECEIVED}
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
    where tenant_id = ${scope.tenantId} and tool = 'jira' and account = ${scope.account} and entity = 'ticket' and entity_id = ${ticketId}
      and fingerprint is not distinct from ${from}::text
    returning id`;
  return rows.length === 1;
}
