import type { Context } from '../kernel/context.ts';
import { DomainError } from '../kernel/errors.ts';
import type { Page } from '../kernel/list-page.ts';
import { MOST_COUNTED } from '../kernel/standing.ts';
import type { Delivery, Endpoint } from './schema.ts';

/** As far as row security lets see it. */
export async function readEndpoint({ sql, actor }: Context, id: string): Promise<Endpoint | null> {
  const [row] = await sql<Endpoint>`
    select e.id, e.client_id as "clientId", (select c.name from client c where c.tenant_id = e.tenant_id and c.id = e.client_id) as "clientName",
      e.name, e.url, e.areas, e.status, e.fault, e.owner_id as "ownerId", e.version, e.succeeded_at as "succeededAt", e.failed_at as "failedAt",
      e.failure
    from endpoint e where e.tenant_id = ${actor.tenantId} and e.id = ${id}`;
  return row ?? null;
}

/** A page of those that the actor sees. */
export function pageOfEndpoints({ actor }: Context, page: Page): Promise<Endpoint[]> {
  return page<Endpoint>`
    select e.id, e.client_id as "clientId", (select c.name from client c where c.tenant_id = e.tenant_id and c.id = e.client_id) as "clientName",
      e.name, e.url, e.areas, e.status, e.fault, e.owner_id as "ownerId", e.version, e.succeeded_at as "succeededAt", e.failed_at as "failedAt",
      e.failure
    from endpoint e where e.tenant_id = ${actor.tenantId}`;
}

/**
 * Keeps a new endpoint, or what a decision made of one.
 * @param more from when on what happened is sent again
 * @throws DomainError conflict when somebody else changed it at the same moment
 */
export async function writeEndpoint(
  { sql, now }: Context,
  before: Endpoint | null,
  after: Endpoint,
  more: { replayFrom?: Date } = {},
): Promise<void> {
  const isResumed = before !== null && before.status !== 'active' && after.status === 'active';
  const row = { ...after, ...more, at: now, ...(isResumed ? { resumedAt: now } : {}) };
  const [written] = await sql<{ up: boolean }>`select parley_write_endpoint(${JSON.stringify(row)}::jsonb) as up`;
  if (!written?.up)
    throw new DomainError('conflict', `“${after.name}” was changed by somebody else at the same moment.`);
}

/** Removes it with its secrets. @returns false when somebody else was faster */
export async function removeEndpointRow({ sql }: Context, id: string): Promise<boolean> {
  const [row] = await sql<{ removed: boolean }>`select parley_remove_endpoint(${id}) as removed`;
  return row?.removed ?? false;
}

/** How many a client (null: the firm) has. */
export async function countEndpoints({ sql, actor }: Context, clientId: string | null): Promise<number> {
  const [row] = await sql<{ many: number }>`
    select count(*)::int as many from endpoint where tenant_id = ${actor.tenantId} and client_id is not distinct from ${clientId}::uuid`;
  return row?.many ?? 0;
}

/** As many of the last webhooks as a card shows. */
const RECENT = 10;

/** What an endpoint was sent last, the newest event first. */
export async function recentDeliveries({ sql, actor }: Context, endpoint: string): Promise<Delivery[]> {
  return sql<Delivery>`
    select event_id as id, type, state, attempts, event_at as at, tried_at as "triedAt", due_at as "dueAt", status, answer, fault
    from endpoint_delivery where tenant_id = ${actor.tenantId} and endpoint_id = ${endpoint} order by event_seq desc limit ${RECENT}`;
}

/** How many webhooks wait, up to `MOST_COUNTED`. */
export async function countWaiting({ sql, actor }: Context, endpoint: string): Promise<number> {
  const [row] = await sql<{ many: number }>`
    select count(*)::int as many from (select from endpoint_delivery where tenant_id = ${actor.tenantId} and endpoint_id = ${endpoint}
      and state = 'waiting' limit ${MOST_COUNTED}) waiting`;
  return row?.many ?? 0;
}

/** Who hears that an endpoint was given up: whoever set it up or put it to use last, or, where they may not any more, all who may. */
export async function caretakersOf({ sql, actor }: Context, { ownerId, clientId }: Endpoint): Promise<string[]> {
  const rows = await sql<{ id: string }>`
    select id from person where tenant_id = ${actor.tenantId} and active and client_id is not distinct from ${clientId}::uuid
      and role = case when client_id is null then 'admin' else 'client_admin' end order by created_at, id limit 20`;
  const all = rows.map(({ id }) => id);
  return all.includes(ownerId) ? [ownerId] : all;
}
