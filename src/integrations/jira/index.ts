import type { JiraAppConfig } from '../../config.ts';
import type { Connector, ConnectorTools, LoadedConnector } from '../connector.ts';
import { quarantined } from '../worked.ts';
import type { JiraAccount } from './account.ts';
import { jiraAccount } from './account.ts';
import { jiraClient } from './client.ts';
import type { JiraCredentials } from './credentials.ts';
import { mountInstall } from './install.ts';
import { isOfAnotherSite, keepHooks } from './keep-hooks.ts';
import { deliveryOf, readPayload } from './payload.ts';
import { jiraPlatform } from './platform.ts';
import { proveSite } from './prove.ts';
import { pullChanges } from './pull.ts';
import { pushTicket } from './push.ts';
import { isSignedByApp } from './signature.ts';
import { renewedSite, tokenSite } from './site.ts';
import type { Site } from './transport.ts';
import { refusalOf } from './transport.ts';
import { workWebhook } from './webhook.ts';

type Tools = ConnectorTools<JiraAppConfig>;

/** Jira Cloud: an issue per approved ticket, replies and comments, and the status in both directions. */
export async function openJira(credentials: JiraCredentials, tools: Tools): Promise<Connector> {
  const { app } = tools;
  const jira = jiraClient(siteOf(credentials, tools), app.clock);
  const account = jiraAccount(app, jira, credentials);
  const read: Connector['webhook']['read'] = (raw) => {
    const payload = readPayload(raw);
    return payload && deliveryOf(payload, raw);
  };
  return {
    name: 'jira',
    account: new URL(credentials.baseUrl).host,
    push: (connection, event) => pushTicket(account, connection, event),
    pull: (connection, cursor) => pullChanges(account, connection, cursor, app.clock.now()),
    ...('cloudId' in credentials
      ? toldByApp(account, tools, read)
      : { webhook: { verify: verifierOf(credentials), read, work: workWebhook.bind(null, account) } }),
    close: async () => jira.close(),
  };
}

/** @throws Error with the cure when the hub has no app any more by which the site was connected */
function siteOf(credentials: JiraCredentials, { app, egress, application, connection }: Tools): Site {
  if (!('cloudId' in credentials)) return tokenSite(credentials, egress);
  if (!application || !connection)
    throw new Error('This site was connected by the hub’s app at Atlassian: set JIRA_CLIENT_ID and JIRA_CLIENT_SECRET');
  return renewedSite(application, credentials, { kernel: app, connection });
}

/** An administrator makes the webhook by hand: it is signed over its body, with a secret of its own. */
function verifierOf({
  webhookSecret,
  webhookSecretPrevious = '',
}: Exclude<JiraCredentials, { cloudId: string }>): Connector['webhook']['verify'] {
  return (raw, headers, { hmac }) => hmac(raw, headers['x-hub-signature'], [webhookSecret, webhookSecretPrevious]);
}

/** An app makes its webhooks itself: they bear a token that the app's secret signed, and end unless they are kept. */
function toldByApp(
  account: JiraAccount,
  { app, application }: Tools,
  read: Connector['webhook']['read'],
): Pick<Connector, 'webhook' | 'upkeep' | 'leave'> {
  const { hooks } = account.jira;
  return {
    webhook: {
      verify: async (_raw, headers) =>
        application !== undefined && (await isSignedByApp(application, headers.authorization, app.clock.now())),
      read,
      work: async (connection, item, run) =>
        (await isOfAnotherSite(hooks, connection, item.body))
          ? quarantined('sent by a webhook that is not of this site')
          : workWebhook(account, connection, item, run),
    },
    upkeep: async (connection) => void (await keepHooks(app, hooks, connection, account.projects(connection))),
    leave: async () => {
      const ids = (await hooks.all()).map(({ id }) => id);
      if (ids.length) await hooks.remove(ids);
    },
  };
}

export const kind: LoadedConnector<JiraCredentials, JiraAppConfig> = {
  open: openJira,
  platform: jiraPlatform,
  prove: proveSite,
  refusal: refusalOf,
  mount: mountInstall,
};
