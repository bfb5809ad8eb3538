import type { Sql } from '../../core/kernel/db.ts';
import type { Consumer } from '../../core/kernel/delivery.ts';
import type { Event } from '../../core/kernel/event.ts';
import type { App } from '../../core/kernel/registry.ts';
import { isForClient, toldEvents } from '../../core/kernel/webhook.ts';
import { endpointJob } from './job.ts';

/** What somebody does to an endpoint, after which it is to be sent something. */
const TESTED = 'endpoint.tested';
const WAKING: readonly string[] = [TESTED, 'endpoint.resumed', 'endpoint.replayed'];

/**
 * Follows events: of which endpoints are to be told. What they are sent is stored with the same commit, also for those that are
 * paused or given up: they are sent it once they are in use again.
 */
export function endpointConsumer(app: App): Consumer {
  const told = toldEvents(app.registry.areas);
  return {
    name: 'endpoints',
    jobs: async (event, sql) => {
      const job = (endpointId: string) => endpointJob({ tenantId: event.tenantId, endpointId });
      if (event.name === TESTED) await storeTest(event, sql);
      if (WAKING.includes(event.name)) return [job(event.about.id)];
      const known = told.get(event.name);
      if (!known || !isForClient(known.definition, event)) return [];
      return (await store(event, known.area, sql)).map(job);
    },
  };
}

/** @returns the endpoints that are sent it now */
async function store(event: Event, area: string, sql: Sql): Promise<string[]> {
  const { tenantId, id, seq, name, about, clientId, at } = event;
  const rows = await sql<{ id: string }>`
    with told as (
      select e.id, e.client_id, e.status from endpoint e
      where e.tenant_id = ${tenantId} and (e.client_id is null or e.client_id = ${clientId}) and (e.areas is null or ${area} = any(e.areas))),
    stored as (
      insert into endpoint_delivery (tenant_id, id, endpoint_id, client_id, event_id, event_seq, event_at, type, entity, entity_id, due_at)
      select ${tenantId}, gen_random_uuid(), t.id, t.client_id, ${id}, ${seq}, ${at}, ${name}, ${about.entity}, ${about.id}, ${at} from told t
      on conflict (tenant_id, endpoint_id, event_id) do nothing)
    select id from told where status = 'active'`;
  return rows.map(({ id: endpoint }) => endpoint);
}

async function storeTest({ tenantId, id, seq, name, about, at }: Event, sql: Sql): Promise<void> {
  await sql`
    insert into endpoint_delivery (tenant_id, id, endpoint_id, client_id, event_id, event_seq, event_at, type, entity, entity_id, due_at)
    select ${tenantId}, gen_random_uuid(), e.id, e.client_id, ${id}, ${seq}, ${at}, ${name}, ${about.entity}, e.id, ${at} from endpoint e
    where e.tenant_id = ${tenantId} and e.id = ${about.id}
    on conflict (tenant_id, endpoint_id, event_id) do nothing`;
}
