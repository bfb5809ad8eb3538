import { withActor } from '../core/kernel/context.ts';
import type { Sql } from '../core/kernel/db.ts';
import type { App } from '../core/kernel/registry.ts';
import type { Scope } from './claims.ts';
import type { Connection } from './connector.ts';

/** The firm's side of a connector: its rows. */
export interface Side {
  /** Runs queries as the connector in one transaction. No call to the tool belongs inside. */
  read<T>(connection: Connection, work: (sql: Sql, now: Date) => Promise<T>): Promise<T>;
}

export function sideOf(app: App): Side {
  return {
    read: ({ tenantId, tool, account }, work) =>
      withActor(app, { kind: 'integration', tenantId, connector: tool, account }, ({ sql, now }) => work(sql, now)),
  };
}

export function scopeOf({ tenantId, tool, account }: Connection): Scope {
  return { tenantId, tool, account };
}
