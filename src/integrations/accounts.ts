import type { Express } from 'express';
import { Accounts, NotConnected } from '../core/kernel/accounts.ts';
import type { StoredConnection, Whose } from '../core/kernel/connection.ts';
import { connectionsOf, storedConnection, tenantOf } from '../core/kernel/connection.ts';
import type { Egress } from '../core/kernel/egress.ts';
import type { Event } from '../core/kernel/event.ts';
import type { App } from '../core/kernel/registry.ts';
import type { AnyConnectorKind, Connector, LoadedConnector } from './connector.ts';

export interface ManyTools {
  app: App;
  /** The connector of the environment's credentials; null without any. */
  own: Connector | null;
  /** The hub's own app at the tool, as its kind reads it from the settings; null without any. */
  application?: unknown;
  /** Where the tool's API is instead, by the operator's word; null: at the vendor's own address. */
  api?: string | null;
  /** Where the accounts of connections may be. */
  egress: Egress;
  /** Called when the tool refuses an account. */
  refused(connection: StoredConnection, reason: string): Promise<void>;
}

/** All accounts of one tool: each is reached with its own credentials, or with the environment's where it is for that account. */
export class ManyAccounts {
  readonly name: string;
  readonly #kind: AnyConnectorKind;
  readonly #tools: ManyTools;
  readonly #accounts: Accounts<Connector>;
  #loaded: LoadedConnector<unknown, unknown> | null = null;

  constructor(kind: AnyConnectorKind, tools: ManyTools) {
    this.name = kind.name;
    this.#kind = kind;
    this.#tools = tools;
    this.#accounts = new Accounts(tools.app, {
      tool: kind.name,
      open: async (connection, credentials) => {
        const { app, egress, application, api } = tools;
        const more = { connection, ...(application ? { application } : {}), ...(api ? { api } : {}) };
        return (await this.#load()).open(kind.credentials.parse(credentials), { app, egress, ...more });
      },
      close: async (connector) => connector.close?.(),
      refusal: (error) => this.#loaded?.refusal?.(error) ?? null,
      refused: tools.refused,
    });
  }

  /** True for events that the tool should hear of. */
  wants(event: Event): boolean {
    return this.#kind.wants(event);
  }

  /** Opens the pages by which an administrator allows the hub's own app into an account, where it has one. */
  async mount(web: Express): Promise<void> {
    const { app, application } = this.#tools;
    if (application) (await this.#load()).mount?.(web, application, app);
  }

  /** Whether some firm's account may be behind that address; what it answers is for `receive`. */
  async knows(account: string): Promise<boolean> {
    return (
      this.#tools.own?.account === account || (await tenantOf(this.#tools.app, { tool: this.name, account })) !== null
    );
  }

  /**
   * Works as the connector that takes an account's webhooks.
   * @throws NotConnected
   */
  async receive<T>(account: string, work: (connector: Connector) => Promise<T>): Promise<T> {
    const { app, own } = this.#tools;
    if (own?.account === account) return work(own);
    const tenantId = await tenantOf(app, { tool: this.name, account });
    const connection = tenantId ? await this.#accounts.find(tenantId, { account }) : null;
    if (!connection?.sealed) throw new NotConnected(`${this.name} ${account} is not connected.`);
    return this.#accounts.use(connection, work, { coming: true });
  }

  /**
   * Works with a firm's account.
   * @throws NotConnected; AccountBroken
   */
  async use<T>(
    tenantId: string,
    whose: Whose,
    work: (connector: Connector, connection: StoredConnection) => Promise<T>,
  ): Promise<T> {
    const { app, own } = this.#tools;
    const connection = await storedConnection(app, tenantId, this.name, whose);
    const bare = connection?.status === 'active' && !connection.sealed;
    if (bare && own?.account === connection.account) return work(own, connection);
    if (!connection || bare)
      throw new NotConnected(`${this.name} ${'account' in whose ? whose.account : ''} is not connected any more`);
    return this.#accounts.use(connection, (connector) => work(connector, connection));
  }

  /** The accounts that there are, of all firms. */
  async all(): Promise<{ tenantId: string; account: string }[]> {
    return connectionsOf(this.#tools.app, this.name);
  }

  async close(): Promise<void> {
    await this.#accounts.close();
    await this.#tools.own?.close?.();
  }

  async #load(): Promise<LoadedConnector<unknown, unknown>> {
    this.#loaded ??= (await this.#kind.load()) as LoadedConnector<unknown, unknown>;
    return this.#loaded;
  }
}
