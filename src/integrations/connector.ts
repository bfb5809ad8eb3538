import type { Express } from 'express';
import type { ZodType } from 'zod';
import type { Config } from '../config.ts';
import type { AccountForm, AccountTyped, Proof, ProvingTools } from '../core/kernel/account-form.ts';
import type { Connection, StoredConnection } from '../core/kernel/connection.ts';
import type { Egress } from '../core/kernel/egress.ts';
import type { Event } from '../core/kernel/event.ts';
import type { Delivery, InboxItem, Worked } from '../core/kernel/inbox.ts';
import type { Platform } from '../core/kernel/platform.ts';
import type { App, CommandRequest } from '../core/kernel/registry.ts';

export type { Connection };

/**
 * A tool of which firms have accounts. Each account is opened as a connector of its own, by the environment's credentials or by
 * those of a connection; only then is what the tool needs loaded.
 */
export interface ConnectorKind<C, A = never> {
  name: string;
  /** True for events that the tool should hear of. */
  wants(event: Event): boolean;
  /** What an account is reached with. */
  credentials: ZodType<C>;
  /** What the environment gives of it; null: nothing. */
  environment(config: Config): C | null;
  /** The hub's own app at the tool, which firms allow into accounts of theirs; null: there is none. */
  application?(config: Config): A | null;
  /** Where its API is instead of at the vendor's own address, by the operator's word. */
  api?(config: Config): string | null;
  /** How one account is called: "a Jira site". */
  account: string;
  /** What a page asks to connect one; without it an account is not connected by typing. */
  form?: AccountForm;
  load(): Promise<LoadedConnector<C, A>>;
}

/** What a tool's own folder makes of credentials. */
export interface LoadedConnector<C, A = never> {
  /** @throws Error with the cure when they cannot be used */
  open(credentials: C, tools: ConnectorTools<A>): Promise<Connector>;
  /** What can be asked of it without opening it. */
  platform(credentials: C): Platform;
  /** Tries what was typed into the kind's form. @throws DomainError with the cure, by field where one of them is wrong */
  prove?(typed: AccountTyped, tools: ProvingTools): Promise<Proof<C>>;
  /** Why the tool refuses the credentials; null when an error says nothing of the kind. */
  refusal?(error: unknown): string | null;
  /** The pages by which an administrator allows the hub's own app into an account: below `/<name>/install/<begin>`. */
  mount?(web: Express, application: A, app: App): void;
}

// biome-ignore lint/suspicious/noExplicitAny: the list holds kinds of all credentials
export type AnyConnectorKind = ConnectorKind<any, any>;

/** Gives a kind its type. */
export function connectorKind<C, A = never>(kind: ConnectorKind<C, A>): ConnectorKind<C, A> {
  return kind;
}

/** An account of a tool that holds a copy of the same facts. It acts as `{kind: 'integration'}` and decides nothing. */
export interface Connector {
  name: string;
  /** The account its credentials are for: `connection.account`, and the address of its webhook. */
  account: string;
  /**
   * Brings the tool in step with the event's thing. Runs once per event, in order per thing, and must be safe to repeat.
   * @throws RetryLater when the tool said when to come back; any other error is retried with growing pauses
   */
  push(connection: Connection, event: Event): Promise<void>;
  webhook: {
    /** Checks what the tool signed it with, in constant time. */
    verify(raw: Buffer, headers: Record<string, string>, checks: Checks): boolean | Promise<boolean>;
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
  /** Sees to what the tool would forget by itself, like webhooks that end. Safe to repeat; asked every hour. */
  upkeep?(connection: Connection): Promise<void>;
  /** Takes away what it made there for itself, because the account is given up. */
  leave?(): Promise<void>;
  /** Lets go of what it holds open. */
  close?(): Promise<void>;
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

export interface ConnectorTools<A = never> {
  app: App;
  /** Where it may connect to. Absent for the environment's credentials, which are the operator's word. */
  egress?: Egress;
  /** The hub's own app at the tool, where it has one. */
  application?: A;
  /** Where the tool's API is instead, by the operator's word. */
  api?: string;
  /** The connection whose credentials they are. Absent for the environment's. */
  connection?: StoredConnection;
}
