import { withActor } from '../core/kernel/context.ts';
import { ask } from '../core/kernel/db.ts';
import type { Consumer } from '../core/kernel/delivery.ts';
import { readEvent } from '../core/kernel/delivery.ts';
import { storeDeliveries } from '../core/kernel/inbox.ts';
import type { App } from '../core/kernel/registry.ts';
import type { Sweep } from '../core/kernel/sweep.ts';
import type { Connector } from './connector.ts';
import { connectionOf } from './connector.ts';

/** The connectors that are on, by name. */
export type Connectors = ReadonlyMap<string, Connector>;

export interface PushJob {
  tenantId: string;
  eventId: string;
  connector: string;
}

/** Follows events: what a connector wants becomes a push, in order per thing. */
export function pushConsumer(connectors: Connectors): Consumer {
  return {
    name: 'pushes',
    jobs: (event) =>
      [...connectors.values()]
        // A fact that came from the tool itself is not told to it again.
        .filter((connector) => event.actor.connector !== connector.name && connector.wants(event))
        .map((connector) => ({
          queue: 'push' as const,
          key: `${connector.name}:${event.about.id}`,
          data: { tenantId: event.tenantId, eventId: event.id, connector: connector.name } satisfies PushJob,
        })),
  };
}

/** Brings one tool in step with one event. */
export async function push(app: App, connectors: Connectors, job: PushJob): Promise<void> {
  const connector = connectors.get(job.connector);
  if (!connector) return;
  const connection = await connectionOf(app, job.tenantId, connector);
  if (!connection) return;
  await connector.push(connection, await readEvent(app, job.tenantId, job.eventId));
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

/** Asks the tools for what no webhook brought: each connection is a part of its own, so that a slow tool delays no other. */
export function reconcileSweep(app: App, connectors: Connectors): Sweep {
  return {
    name: 'reconcile',
    cron: '*/10 * * * *',
    parts: async () => [...connectors.values()].filter(({ pull }) => pull).map(({ name }) => name),
    work: async (part) => {
      const connector = connectors.get(String(part));
      if (connector) await reconcile(app, connector);
    },
  };
}

/** Asks one connector. One that fails now is asked again next time. */
export async function reconcile(app: App, connector: Connector): Promise<Reconciled | null> {
  try {
    const reconciled = await pullMissing(app, connector);
    if (reconciled?.recovered) app.log.warn(reconciled, 'changes were found that no webhook had brought');
    return reconciled;
  } catch (error) {
    app.log.warn({ err: error, connector: connector.name }, 'a connector could not be asked for missed changes');
    return null;
  }
}

/** Stores what the tool tells and the inbox does not hold; the delivery ids are the same as those of webhooks. */
async function pullMissing(app: App, connector: Connector): Promise<Reconciled | null> {
  const tenantId = connector.pull && (await tenantOf(app, connector));
  const connection = tenantId && (await connectionOf(app, tenantId, connector));
  if (!connector.pull || !connection) return null;
  const who = { kind: 'system', tenantId, reason: 'looking for missed changes' } as const;
  const [row] = await withActor(
    app,
    who,
    ({ sql }) =>
      sql<{ cursor: unknown }>`select cursor from connection where tenant_id = ${tenantId} and id = ${connection.id}`,
  );
  const { deliveries, cursor } = await connector.pull(connection, row?.cursor ?? null);
  const known = await withActor(
    app,
    who,
    ({ sql }) => sql<{ delivery_id: string }>`
      select delivery_id from inbox where tenant_id = ${tenantId} and source = ${connector.name}
        and account = ${connector.account} and status <> 'duplicate'
        and delivery_id = any(${deliveries.map(({ deliveryId }) => deliveryId)})`,
  );
  const seen = new Set(known.map((one) => one.delivery_id));
  const missing = deliveries.filter(({ deliveryId }) => !seen.has(deliveryId));
  if (missing.length) await storeDeliveries(app, { tenantId }, missing);
  // Only now: a crash before this line looks at the same changes once more.
  await withActor(app, who, async ({ sql }) => {
    await sql`update connection set cursor = ${JSON.stringify(cursor)}::jsonb where tenant_id = ${tenantId} and id = ${connection.id}`;
  });
  return { connector: connector.name, tenantId, looked: deliveries.length, recovered: missing.length };
}

async function tenantOf(app: App, connector: Connector): Promise<string | null> {
  const [row] = await ask<{ id: string | null }>(app.database, {
    text: 'select parley_connection_tenant($1, $2) as id',
    values: [connector.name, connector.account],
  });
  return row?.id ?? null;
}
