import type { JiraConfig } from '../../config.ts';
import type { Connector, ConnectorTools, LoadedConnector } from '../connector.ts';
import { jiraClient } from './client.ts';
import { deliveryOf, readPayload } from './payload.ts';
import { jiraPlatform } from './platform.ts';
import { proveSite } from './prove.ts';
import { pullChanges } from './pull.ts';
import { pushTicket } from './push.ts';
import { jiraSideOf } from './side.ts';
import { refusalOf } from './transport.ts';
import { workWebhook } from './webhook.ts';

/** Jira Cloud: an issue per approved ticket, replies and comments, and the status in both directions. */
export async function openJira(config: JiraConfig, { app, egress }: ConnectorTools): Promise<Connector> {
  const jira = jiraClient(config, app.clock, egress);
  const side = jiraSideOf(app, jira, config);
  const secrets = [config.webhookSecret, config.webhookSecretPrevious ?? ''];
  return {
    name: 'jira',
    account: new URL(config.baseUrl).host,
    push: (connection, event) => pushTicket(side, connection, event),
    pull: (connection, cursor) => pullChanges(side, connection, cursor, app.clock.now()),
    webhook: {
      verify: (raw, headers, { hmac }) => hmac(raw, headers['x-hub-signature'], secrets),
      read: (raw) => {
        const payload = readPayload(raw);
        return payload && deliveryOf(payload, raw);
      },
      work: (connection, item, run) => workWebhook(side, connection, item, run),
    },
    close: async () => jira.close(),
  };
}

export const kind: LoadedConnector<JiraConfig> = {
  open: openJira,
  platform: jiraPlatform,
  prove: proveSite,
  refusal: refusalOf,
};
