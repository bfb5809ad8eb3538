import type { Context } from '../core/kernel/context.ts';
import { withActor } from '../core/kernel/context.ts';
import type { App } from '../core/kernel/registry.ts';
import type { Scope } from './claims.ts';
import type { Connection } from './connector.ts';

/** The firm's side of a connector: its rows. */
export interface Side {
  /** Works as the connector in one transaction. No call to the tool belongs inside. */
  read<T>(connection: Connection, work: (context: Context) => Promise<T>): Promise<T>;
}

export function sideOf(app: App): Side {
  return {
    read: ({ tenantId, tool, account }, work) =>
      withActor(app, { kind: 'integration', tenantId, connector: tool, account }, work),
  };
}

export function scopeOf({ tenantId, tool, account }: Connection): Scope {
  return { tenantId, tool, account };
}
