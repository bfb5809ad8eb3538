import { NotConnected } from '../core/kernel/accounts.ts';
import type { StoredConnection } from '../core/kernel/connection.ts';
import { withActor } from '../core/kernel/context.ts';
import type { Sql } from '../core/kernel/db.ts';
import type { Consumer } from '../core/kernel/delivery.ts';
import { readEvent } from '../core/kernel/delivery.ts';
import type { Event } from '../core/kernel/event.ts';
import { storeDeliveries } from '../core/kernel/inbox.ts';
import type { App } from '../core/kernel/registry.ts';
import type { Sweep } from '../core/kernel/sweep.ts';
import type { ManyAccounts } from './accounts.ts';
import type { Connector } from './connector.ts';

/** The connectors, by name. */
export type Connectors = ReadonlyMap<string, ManyAccounts>;

export interface PushJob {
  tenantId: string;
  eventId: string;
  connector: string;
  /** Missing in a job that a process of the version before stored: then it is the client's, or the firm's. */
  account?: string;
}

/** Follows events: what a connector wants becomes a push to the account it belongs to, in order per thing. */
export function pushConsumer(connectors: Connectors): Consumer {
  return {
    name: 'pushes',
    jobs: async (event, sql) => {
      // A fact that came from the tool itself is not told to it again.
      const wanting = [...connectors.values()]
        .filter((connector) => event.actor.connector !== connector.name && connector.wants(event))
        .map(({ name }) => name);
      const accounts = wanting.length ? await accountsFor(event, sql, wanting) : [];
      return accounts.map(({ tool, account }) => ({
        queue: 'push' as const,
        key: `${tool}:${event.about.id}`,
        data: { tenantId: event.tenantId, eventId: event.id, connector: tool, account } satisfies PushJob,
      }));
    },
  };
}

/** One account of each tool: the one that has the thing already, else the client's own, else the firm's eldest. */
function accountsFor(event: Event, sql: Sql, tools: readonly string[]): Promise<{ tool: string; account: string }[]> {
  return sql<{ tool: string; account: string }>`
    select distinct on (c.tool) c.tool, c.account from connection c
    left join external_ref r on r.tenant_id = c.tenant_id and r.tool = c.tool and r.account = c.account
      and r.entity = ${event.about.entity} and r.entity_id = ${event.about.id}
    where c.tenant_id = ${event.tenantId} and c.tool = any(${tools}) and c.status <> 'revoked'
      and (c.client_id is null or c.client_id = ${event.clientId}::uuid)
    order by c.tool, r.id is null, c.client_id nulls last, c.created_at, c.id`;
}

/** Brings one account in step with one event. What is not connected any more hears nothing. */
export async function push(app: App, connectors: Connectors, job: PushJob): Promise<void> {
  const event = await readEvent(app, job.tenantId, job.eventId);
  const whose = job.account === undefined ? { clientId: event.clientId } : { account: job.account };
  await connectors
    .get(job.connector)
    ?.use(job.tenantId, whose, (connector, connection) => connector.push(connection, event))
    .catch(unlessNotConnected);
}

function unlessNotConnected(error: unknown): null {
  if (error instanceof NotConnected) return null;
  throw error;
}

/** What a look for missed changes found. */
export interface Reconciled {
  connector: string;
  tenantId: string;
  /** Changes that the tool told of when asked. */
  looked: number;
  /** Those among them that no webhook had brought; they wait in the inbox now. */
  recovered: number;
}

/** An account that is asked for what no webhook brought. */
export interface Asked {
  connector: string;
  tenantId: string;
  account: string;
}

/** Asks the tools for what no webhook brought: each account is a part of its own, so that a slow one delays no other. */
export function reconcileSweep(app: App, connectors: Connectors): Sweep {
  return {
    name: 'reconcile',
    cron: '*/10 * * * *',
    parts: () => everyAccount(connectors),
    work: async (part) => {
      await reconcile(app, connectors, part as Asked);
    },
  };
}

/** Every account that is in use, of all tools and firms. */
export async function everyAccount(connectors: Connectors): Promise<Asked[]> {
  const all = [...connectors.values()].map(async (connector) =>
    (await connector.all()).map(({ tenantId, account }) => ({ connector: connector.name, tenantId, account })),
  );
  return (await Promise.all(all)).flat();
}

/** Asks one account. One that fails now is asked again next time. */
export async function reconcile(app: App, connectors: Connectors, asked: Asked): Promise<Reconciled | null> {
  const { tenantId, account } = asked;
  try {
    const reconciled = await connectors
      .get(asked.connector)
      ?.use(tenantId, { account }, (connector, connection) => pullMissing(app, connector, connection));
    if (reconciled?.recovered) app.log.warn(reconciled, 'changes were found that no webhook had brought');
    return reconciled ?? null;
  } catch (error) {
    if (error instanceof NotConnected) return null;
    app.log.warn(
      { err: error, connector: asked.connector, account },
      'a connector could not be asked for missed changes',
    );
    return null;
  }
}

/** Stores what the tool tells and the inbox does not hold; the delivery ids are the same as those of webhooks. */
async function pullMissing(app: App, connector: Connector, connection: StoredConnection): Promise<Reconciled | null> {
  if (!connector.pull) return null;
  const { tenantId, tool, account, id } = connection;
  const who = { kind: 'system', tenantId, reason: 'looking for missed changes' } as const;
  const [row] = await withActor(
    app,
    who,
    ({ sql }) => sql<{ cursor: unknown }>`select cursor from connection where tenant_id = ${tenantId} and id = ${id}`,
  );
  const { deliveries, cursor } = await connector.pull(connection, row?.cursor ?? null);
  const known = await withActor(
    app,
    who,
    ({ sql }) => sql<{ delivery_id: string }>`
      select delivery_id from inbox where tenant_id = ${tenantId} and source = ${tool}
        and account = ${account} and status <> 'duplicate'
        and delivery_id = any(${deliveries.map(({ deliveryId }) => deliveryId)})`,
  );
  const seen = new Set(known.map((one) => one.delivery_id));
  const missing = deliveries.filter(({ deliveryId }) => !seen.has(deliveryId));
  if (missing.length) await storeDeliveries(app, { tenantId }, missing);
  // Only now: a crash before this line looks at the same changes once more.
  await withActor(app, who, async ({ sql }) => {
    await sql`update connection set cursor = ${JSON.stringify(cursor)}::jsonb where tenant_id = ${tenantId} and id = ${id}`;
  });
  return { connector: tool, tenantId, looked: deliveries.length, recovered: missing.length };
}
