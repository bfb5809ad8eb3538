import type { Context } from '../core/kernel/context.ts';
import { withActor } from '../core/kernel/context.ts';
import type { App } from '../core/kernel/registry.ts';
import type { Connection } from './connector.ts';

/** Works as the connector of an account, in one transaction. No call to the tool belongs inside. */
export function asConnector<T>(
  app: App,
  { tenantId, tool, account }: Connection,
  work: (context: Context) => Promise<T>,
): Promise<T> {
  return withActor(app, { kind: 'integration', tenantId, connector: tool, account }, work);
}
