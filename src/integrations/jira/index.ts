import type { JiraConfig } from '../../config.ts';
import type { Event } from '../../core/kernel/event.ts';
import type { Connector, ConnectorTools } from '../connector.ts';
import { jiraClient } from './client.ts';
import { deliveryOf, readPayload } from './payload.ts';
import { pullChanges } from './pull.ts';
import { pushTicket } from './push.ts';
import { sideOf } from './side.ts';
import { workWebhook } from './webhook.ts';

/** Facts about a ticket that change nothing in Jira: undecided, internal, or about people. */
const UNHEARD = new Set(['ticket.filed', 'ticket.noted', 'ticket.taken', 'ticket.details-set']);

/** Jira Cloud: an issue per approved ticket, replies and comments, and the status in both directions. */
export async function openJira(config: JiraConfig, { app }: ConnectorTools): Promise<Connector> {
  const side = sideOf(app, jiraClient(config, app.clock), config);
  const secrets = [config.webhookSecret, config.webhookSecretPrevious ?? ''];
  return {
    name: 'jira',
    account: new URL(config.baseUrl).host,
    wants: (event: Event) => event.about.entity === 'ticket' && !UNHEARD.has(event.name),
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
  };
}
