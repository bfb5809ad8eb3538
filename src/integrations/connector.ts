import { withActor } from '../core/kernel/context.ts';
import type { Event } from '../core/kernel/event.ts';
import type { Delivery, InboxItem, Worked } from '../core/kernel/inbox.ts';
import type { App, CommandRequest } from '../core/kernel/registry.ts';

/** A firm's account at a tool. */
export interface Connection {
  tenantId: string;
  id: string;
  tool: string;
  account: string;
  settings: Record<string, unknown>;
}

/** A tool that holds a copy of the same facts. It acts as `{kind: 'integration'}` and decides nothing. */
export interface Connector {
  name: string;
  /** The account its settings name: `connection.account`, and the address of its webhook. */
  account: string;
  /** True for events that the tool should hear of. */
  wants(event: Event): boolean;
  /**
   * Brings the tool in step with the event's thing. Runs once per event, in order per thing, and must be safe to repeat.
   * @throws RetryLater when the tool said when to come back; any other error is retried with growing pauses
   */
  push(connection: Connection, event: Event): Promise<void>;
  webhook: {
    /** Checks the signature over the raw body, in constant time. */
    verify(raw: Buffer, headers: Record<string, string>, checks: Checks): boolean;
    /** The delivery's identity by meaning, the same when the tool sends it again; null when the body is not of the tool's form. */
    read(raw: Buffer, headers: Record<string, string>): { deliveryId: string; kind: string } | null;
    /** Works a stored delivery: runs commands by `run`, or says why not. */
    work(connection: Connection, item: InboxItem, run: Run): Promise<Worked>;
  };
  /**
   * Looks for what no webhook brought, and gives it as the deliveries it would have been, with the same ids.
   * @param cursor what the last look returned; null at first
   */
  pull?(connection: Connection, cursor: unknown): Promise<{ deliveries: Delivery[]; cursor: unknown }>;
}

/**
 * Runs a command as the connector.
 * @returns the command's output
 * @throws DomainError; nothing was changed then
 */
export type Run = (request: CommandRequest) => Promise<unknown>;

/** The receiver's own ways to check what a webhook is signed with; connectors bring the header's name and the secrets. */
export interface Checks {
  /** Is it the HMAC-SHA256 of the text under one of the secrets? In constant time. */
  hmac(
    text: Buffer | string,
    signature: string | undefined,
    secrets: readonly string[],
    encoding?: 'hex' | 'base64',
  ): boolean;
  /** Is a signed time, in seconds since 1970, within the replay window around now? */
  fresh(seconds: number, now: Date): boolean;
}

export interface ConnectorTools {
  app: App;
}

/** The firm's connection to a connector's account; null when another firm, or none, is connected to it. */
export async function connectionOf(app: App, tenantId: string, connector: Connector): Promise<Connection | null> {
  return withActor(app, { kind: 'system', tenantId, reason: 'reading a connection' }, async ({ sql }) => {
    const [row] = await sql<Connection>`
      select tenant_id as "tenantId", id, tool, account, settings from connection
      where tenant_id = ${tenantId} and tool = ${connector.name} and account = ${connector.account}`;
    return row ?? null;
  });
}
