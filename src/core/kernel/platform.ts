import type { AccountForm, Proof } from './account-form.ts';

/**
 * What a channel or a tool can be asked before a command writes something about it, with the credentials of this hub. No
 * network call is made inside a transaction, so a command asks before its own (`Command.ask`).
 */
export interface Platform {
  /**
   * Whether the credentials of this hub are for that account: the proof that it may be connected here.
   * @returns what the platform calls the account, where it says so
   * @throws DomainError with the cure when they are not, or when the platform cannot be asked
   */
  checkAccount?(account: string): Promise<{ name: string | null }>;
  /** @throws DomainError with the cure when Parley cannot write there, or when the platform cannot be asked */
  checkRoom?(account: string, address: string): Promise<void>;
}

/** The channels and tools for which this process has credentials, by name. */
export interface Platforms {
  has(tool: string): boolean;
  /** Whether people can be written to there directly, by their account alone. */
  direct?(tool: string): boolean;
  /** Whether firms may add this hub's own app to accounts of theirs. */
  installs?(tool: string): boolean;
  /**
   * Opened when it is asked for, with what an account is reached with; without an account, with the environment's credentials.
   * Null when there are none for it here.
   */
  open(tool: string, account?: string): Promise<Platform | null>;
  /** The tools of which a firm connects accounts by itself, and how one of them is called: "a Jira site". */
  ways?(): readonly { tool: string; account: string }[];
  /**
   * How a code is posted that proves an account of that tool, in a sentence; null where that is not how. Such an account is
   * reached with the credentials of the hub.
   */
  posts?(tool: string): ((code: string) => string) | null;
  /** What a page asks to connect an account; null where it is not connected by typing. */
  asks?(tool: string): AccountForm | null;
  /**
   * Tries what somebody typed at the tool itself, before anything of it is kept.
   * @throws DomainError with the cure, by field where one of them is wrong
   */
  prove?(tool: string, typed: Readonly<Record<string, string>>, tenantId: string): Promise<Proof>;
  /**
   * Takes away what Parley made for itself in the account of a connection that is given up. A tool that cannot be reached holds
   * nobody up: what stays there leads to an address at which nothing is taken any more.
   */
  leave?(connection: string): Promise<void>;
  /** What is wrong with an address to which a firm wants something sent: see `addressFault`. Without it only https is taken. */
  addressFault?(url: URL): string | null;
}
