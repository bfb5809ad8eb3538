import type { Block } from './card.ts';
import type { Clock } from './clock.ts';
import type { Egress } from './egress.ts';
import type { Fields } from './field.ts';

/** What a page asks of somebody who connects an account of a tool. Secrets among it are kept sealed, or not at all. */
export interface AccountForm {
  /** What is needed, and where it is found. */
  lead: string;
  fields: Fields;
}

/** What was typed into it, once it was read. */
export type AccountTyped = Readonly<Record<string, string | undefined>>;

/** What a tool said of what was typed: it works, and for which account. */
export interface Proof<C = unknown> {
  account: string;
  /** What the tool calls the account; null where it does not say. */
  name: string | null;
  credentials: C;
  /** A worker is to keep a line to it open. */
  listens?: boolean;
  /** It counts only once what the hub sends there has arrived in it. */
  waits?: boolean;
  /** What whoever connected it is told this once. */
  told?: Block[];
}

/** What a tool's own folder proves an account with. */
export interface ProvingTools {
  clock: Clock;
  /** The address under which people reach this hub, without a trailing slash. */
  publicUrl: string;
  /** What the firm reaches that account with now; null where it has not connected it. */
  credentialsOf(account: string): Promise<unknown>;
  /** Where it may connect to: what is typed names any host. */
  egress: Egress;
  /** Where the tool's API is instead of at the vendor's own address, by the operator's word. */
  api?: string;
}
