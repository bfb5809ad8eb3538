import { NotConnected } from '../core/kernel/accounts.ts';
import type { Account, StoredConnection } from '../core/kernel/connection.ts';
import { accountsInUse } from '../core/kernel/connection.ts';
import { noteSyncCursor, readSyncCursor } from '../core/kernel/connection-notes.ts';
import type { Sql } from '../core/kernel/db.ts';
import type { Consumer } from '../core/kernel/delivery.ts';
import { readEvent } from '../core/kernel/delivery.ts';
import type { Event } from '../core/kernel/event.ts';
import { storeDeliveries } from '../core/kernel/inbox.ts';
import { missingAmong } from '../core/kernel/inbox-read.ts';
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
async function accountsFor(event: Event, sql: Sql, tools: readonly string[]): Promise<Account[]> {
  const { tenantId, clientId, about } = event;
  const [open, having] = await Promise.all([
    accountsInUse(sql, { tenantId, clientId }, tools),
    sql<Account>`
      select tool, account from external_ref
      where tenant_id = ${tenantId} and tool = any(${tools}) and entity = ${about.entity} and entity_id = ${about.id}`,
  ]);
  return tools.flatMap((tool) => {
    const ofTool = open.filter((one) => one.tool === tool);
    const hasIt = ({ account }: Account) => having.some((one) => one.tool === tool && one.account === account);
    return ofTool.find(hasIt) ?? ofTool[0] ?? [];
  });
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
  const { tenantId, tool, account } = connection;
  const { deliveries, cursor } = await connector.pull(connection, await readSyncCursor(app, connection));
  const missing = await missingAmong(app, { tenantId, source: tool, account }, deliveries);
  if (missing.length) await storeDeliveries(app, { tenantId }, missing);
  // Only now: a crash before this line looks at the same changes once more.
  await noteSyncCursor(app, connection, cursor);
  return { connector: tool, tenantId, looked: deliveries.length, recovered: missing.length };
}
