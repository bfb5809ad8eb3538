import type { InboxItem, InboxSource, Worked } from '../src/core/kernel/inbox.ts';
import type { App } from '../src/core/kernel/registry.ts';
import { runCommand } from '../src/core/kernel/registry.ts';
import type { Connector } from '../src/integrations/connector.ts';
import { connectionOf } from '../src/integrations/connector.ts';

/** A connector's deliveries as a source of the inbox: what it asks for runs as the connector, in the firm it belongs to. */
export function webhookSource(app: App, connector: Connector): InboxSource {
  return { name: connector.name, work: (item) => work(app, connector, item) };
}

async function work(app: App, connector: Connector, item: InboxItem): Promise<Worked> {
  const { tenantId, account } = item;
  const connection = account === connector.account ? await connectionOf(app, tenantId, connector) : null;
  if (!connection) return { status: 'quarantined', outcome: `${connector.name} ${account} is not connected any more` };
  // Read again, not taken from the row: what an earlier release did not know, a replay from quarantine may.
  if (!connector.webhook.read(item.body, item.headers)) {
    return { status: 'quarantined', outcome: `not of a form that ${connector.name} is known to send` };
  }
  return connector.webhook.work(connection, item, async (request) => {
    const who = { kind: 'integration', tenantId, connector: connector.name, account } as const;
    return (await runCommand(app, who, request)).output;
  });
}
