import { withActor } from '../core/kernel/context.ts';
import type { Consumer } from '../core/kernel/delivery.ts';
import { readEvent } from '../core/kernel/delivery.ts';
import type { App } from '../core/kernel/registry.ts';
import type { Connection, Connector } from './connector.ts';

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

/** The firm's connection to a connector's account; null when another firm, or none, is connected to it. */
export async function connectionOf(app: App, tenantId: string, connector: Connector): Promise<Connection | null> {
  return withActor(app, { kind: 'system', tenantId, reason: 'reading a connection' }, async ({ sql }) => {
    const [row] = await sql<Connection>`
      select tenant_id as "tenantId", id, tool, account, settings from connection where tenant_id = ${tenantId} and tool = ${connector.name} and account = ${connector.account}`;
    return row ?? null;
  });
}
