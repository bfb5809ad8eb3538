import type { Event } from '../core/kernel/event.ts';
import type { InboxItem, Worked } from '../core/kernel/inbox.ts';
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
    verify(raw: Buffer, headers: Record<string, string>): boolean;
    /** The delivery's identity by meaning, the same when the tool sends it again; null when the body is not of the tool's form. */
    read(raw: Buffer, headers: Record<string, string>): { deliveryId: string; kind: string } | null;
    /** Works a stored delivery: runs commands by `run`, or says why not. */
    work(connection: Connection, item: InboxItem, run: (request: CommandRequest) => Promise<void>): Promise<Worked>;
  };
}

export interface ConnectorTools {
  app: App;
}
