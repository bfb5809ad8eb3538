import type { Context } from '../../core/kernel/context.ts';
import type { Event, EventRow } from '../../core/kernel/event.ts';
import { eventOf } from '../../core/kernel/event.ts';
import { openWebhookSecrets } from '../../core/kernel/webhook-secret.ts';
import type { EndpointJob } from './job.ts';

/** Webhooks of one endpoint that a worker takes at once. */
const AT_ONCE = 16;
/**
 * Milliseconds for which it has them: longer than trying all of them takes, four at a time, so that nobody else tries one meanwhile.
 * So long they wait after a crash.
 */
const LEASE = 90_000;
/** Milliseconds for which an event that was not handed on yet is waited for: one whose job has died for good holds up nothing. */
const HANDED_ON = 600_000;
/** Webhooks that are put back in one step, where they are sent again. */
const AGAIN = 500;

/** An endpoint with what it is sent now. */
export interface Taken {
  endpoint: { id: string; url: string; version: number };
  secrets: string[];
  deliveries: TakenDelivery[];
  /** Milliseconds until there is something to do again; null where nobody knows of anything. */
  next: number | null;
}

export interface TakenDelivery {
  id: string;
  /** How often it was tried before. */
  attempts: number;
  event: Event;
}

interface EndpointRow {
  url: string;
  version: number;
  status: string;
  quiet_until: Date | null;
  resumed_at: Date | null;
  replay_from: Date | null;
  replayed_seq: number;
}

/** Takes what an endpoint is sent now; null where it is sent nothing. Its row is locked: those who take at once do so one after the other. */
export async function take(context: Context, { tenantId, endpointId }: EndpointJob): Promise<Taken | null> {
  const { sql, now } = context;
  const [row] = await sql<EndpointRow>`
    select url, version, status, quiet_until, resumed_at, replay_from, replayed_seq from endpoint
    where tenant_id = ${tenantId} and id = ${endpointId} for no key update`;
  if (row?.status !== 'active') return null;
  const endpoint = { id: endpointId, url: row.url, version: row.version };
  const quiet = row.quiet_until ? row.quiet_until.getTime() - now.getTime() : 0;
  if (quiet > 0) return { endpoint, secrets: [], deliveries: [], next: quiet };
  if (row.replay_from) await putBack(context, { tenantId, endpointId }, row.replay_from, row.replayed_seq);
  const deliveries = await takeDue(context, { tenantId, endpointId }, row.resumed_at);
  if (!deliveries.length) {
    const next = await nextDue(context, { tenantId, endpointId });
    return { endpoint, secrets: [], deliveries, next };
  }
  return { endpoint, secrets: await secretsOf(context, endpointId), deliveries, next: null };
}

/** What is sent again waits anew, in steps, in the order in which it happened. */
async function putBack(
  { sql, now }: Context,
  { tenantId, endpointId }: EndpointJob,
  from: Date,
  after: number,
): Promise<void> {
  const [put] = await sql<{ many: number; last: number }>`
    with again as (
      select id, event_seq from endpoint_delivery
      where tenant_id = ${tenantId} and endpoint_id = ${endpointId} and event_seq > ${after} and event_at >= ${from} and type <> 'endpoint.tested'
      order by event_seq limit ${AGAIN}),
    put as (
      update endpoint_delivery d set state = 'waiting', attempts = 0, due_at = ${now} from again a where d.tenant_id = ${tenantId} and d.id = a.id)
    select count(*)::int as many, coalesce(max(event_seq), ${after})::bigint as last from again`;
  const { many = 0, last = after } = put ?? {};
  await sql`
    update endpoint set replayed_seq = ${last}, replay_from = ${many < AGAIN ? null : from}
    where tenant_id = ${tenantId} and id = ${endpointId}`;
}

/**
 * Of what is due the first, for a while; nothing while another worker has some of it. What happened to one thing is sent in its order:
 * it waits for what is tried again before it, and for an event before it that was not handed on yet.
 */
async function takeDue(
  { sql, now }: Context,
  { tenantId, endpointId }: EndpointJob,
  resumedAt: Date | null,
): Promise<TakenDelivery[]> {
  const until = new Date(now.getTime() + LEASE);
  const since = new Date(now.getTime() - HANDED_ON);
  // The first of each thing, then of these the first that are due: each step reads no more than the one before it gives.
  const rows = await sql<EventRow & { delivery: string; attempts: number }>`
    with heads as (
      select distinct on (d.entity, d.entity_id) d.id, d.event_id, d.event_seq, d.entity, d.entity_id, d.due_at, d.tried_at, d.taken_until
      from endpoint_delivery d where d.tenant_id = ${tenantId} and d.endpoint_id = ${endpointId} and d.state = 'waiting'
      order by d.entity, d.entity_id, d.event_seq),
    due as materialized (
      select h.* from heads h where (h.due_at <= ${now} or h.tried_at < ${resumedAt}) and (h.taken_until is null or h.taken_until <= ${now})
        and not exists (select from heads t where t.taken_until > ${now})
      order by h.event_seq limit ${2 * AT_ONCE}),
    taken as (
      select u.id, u.event_id from due u
      where not exists (select from event w where w.tenant_id = ${tenantId} and w.delivered_at is null and w.at > ${since}
        and w.entity = u.entity and w.entity_id = u.entity_id and w.seq < u.event_seq)
      order by u.event_seq limit ${AT_ONCE})
    update endpoint_delivery d set taken_until = ${until} from taken t, event e
    where d.tenant_id = ${tenantId} and d.id = t.id and e.tenant_id = ${tenantId} and e.id = t.event_id
    returning d.id as delivery, case when d.tried_at < ${resumedAt} then 0 else d.attempts end as attempts,
      e.tenant_id, e.id, e.seq, e.name, e.entity, e.entity_id, e.client_id, e.project_id, e.data, e.actor, e.request_id, e.at`;
  const taken = rows.map(({ delivery, attempts, ...row }) => ({ id: delivery, attempts, event: eventOf(row) }));
  return taken.sort((one, other) => one.event.seq - other.event.seq);
}

/** Milliseconds after which something that an earlier event held up is looked at again. */
const HELD = 2_000;

async function nextDue({ sql, now }: Context, { tenantId, endpointId }: EndpointJob): Promise<number | null> {
  const [found] = await sql<{ at: Date | null; held: boolean | null; isTaken: boolean | null }>`
    with heads as (
      select distinct on (d.entity, d.entity_id) d.due_at, d.taken_until
      from endpoint_delivery d where d.tenant_id = ${tenantId} and d.endpoint_id = ${endpointId} and d.state = 'waiting'
      order by d.entity, d.entity_id, d.event_seq)
    select min(h.due_at) filter (where h.due_at > ${now}) as at, bool_or(h.due_at <= ${now}) as held, bool_or(h.taken_until > ${now}) as "isTaken"
    from heads h`;
  // Whoever has some of it goes on with the rest.
  if (found?.isTaken) return null;
  if (found?.held) return HELD;
  return found?.at ? found.at.getTime() - now.getTime() : null;
}

/** The newest first. */
async function secretsOf(context: Context, endpointId: string): Promise<string[]> {
  const { sql, actor, now } = context;
  const rows = await sql<{ id: string; sealed: Buffer }>`
    select id, sealed from endpoint_secret where tenant_id = ${actor.tenantId} and endpoint_id = ${endpointId}
      and (ends_at is null or ends_at > ${now}) order by created_at desc limit 2`;
  return openWebhookSecrets(context, endpointId, rows);
}
