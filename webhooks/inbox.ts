import { NotConnected } from '../src/core/kernel/accounts.ts';
import type { InboxItem, InboxSource, Worked } from '../src/core/kernel/inbox.ts';
import type { App } from '../src/core/kernel/registry.ts';
import { runCommand } from '../src/core/kernel/registry.ts';
import type { ManyAccounts } from '../src/integrations/accounts.ts';

/** A connector's deliveries as a source of the inbox: what it asks for runs as the connector, in the firm it belongs to. */
export function webhookSource(app: App, connectors: ManyAccounts): InboxSource {
  return { name: connectors.name, work: (item) => work(app, connectors, item) };
}

async function work(app: App, connectors: ManyAccounts, item: InboxItem): Promise<Worked> {
  const { tenantId, account } = item;
  try {
    return await connectors.use(tenantId, { account }, async (connector, connection) => {
      // Read again, not taken from the row: what an earlier release did not know, a replay from quarantine may.
      if (!connector.webhook.read(item.body, item.headers))
        return { status: 'quarantined', outcome: `not of a form that ${connector.name} is known to send` };
      return connector.webhook.work(connection, item, async (request) => {
        const who = { kind: 'integration', tenantId, connector: connector.name, account } as const;
        return (await runCommand(app, who, request)).output;
      });
    });
  } catch (error) {
    if (error instanceof NotConnected) return { status: 'quarantined', outcome: error.message };
    throw error;
  }
}
