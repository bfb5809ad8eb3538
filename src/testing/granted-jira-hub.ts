import type { JiraAppConfig } from '../config.ts';
import type { StoredConnection } from '../core/kernel/connection.ts';
import { storedConnection } from '../core/kernel/connection.ts';
import { egressOf } from '../core/kernel/egress.ts';
import { connectProven } from '../core/kernel/proven.ts';
import { runCommand } from '../core/kernel/registry.ts';
import { ManyAccounts } from '../integrations/accounts.ts';
import type { AnyConnectorKind, Connector } from '../integrations/connector.ts';
import { connectors } from '../integrations/connectors.ts';
import type { GrantCredentials } from '../integrations/jira/credentials.ts';
import { openJira } from '../integrations/jira/index.ts';
import { SCOPES } from '../integrations/jira/oauth.ts';
import { upkeep } from '../integrations/upkeep.ts';
import type { AtlassianStandIn } from '../simulator/jira/atlassian.ts';
import { startAtlassianStandIn } from '../simulator/jira/atlassian.ts';
import { HOUR_SECONDS } from '../simulator/jira/grants.ts';
import type { JiraStandIn } from '../simulator/jira/index.ts';
import type { TestApp } from './app.ts';
import type { TestFirm } from './firm.ts';
import { as } from './firm.ts';
import type { JiraHub } from './jira-hub.ts';
import { jiraFor, SITE, startHubOf } from './jira-hub.ts';

/** A hub whose firm let the hub's own app into its site. */
export interface GrantedHub extends JiraHub {
  atlassian: AtlassianStandIn;
  application: JiraAppConfig;
  /** Another process's accounts, over the same database. */
  process(): ManyAccounts;
  /** Has the site tell of changes, as the clock would. */
  upkeep(): Promise<void>;
  /** Connects one more site, with a grant of its own. */
  another(site: JiraStandIn): Promise<{ connector: Connector; stop(): Promise<void> }>;
}

const JIRA = connectors.find(({ name }) => name === 'jira') as AnyConnectorKind;

export async function startGrantedHub(): Promise<GrantedHub> {
  let atlassian = {} as AtlassianStandIn;
  let application = {} as JiraAppConfig;
  const hub = await startHubOf(async (app) => {
    atlassian = await startAtlassianStandIn({
      clientId: 'the-app-of-the-hub',
      clientSecret: 'the secret of the app of the hub',
      now: () => app.clock.now().getTime(),
    });
    const { url, clientId, clientSecret } = atlassian;
    application = { clientId, clientSecret, authUrl: url, apiUrl: url };
    const jira = await jiraFor(app, '');
    const credentials = grantFor(app, atlassian, jira);
    const accounts = accountsOf(app, application);
    // Only what it is called is asked of this one: the hub works by the accounts.
    const connector = await openJira(credentials, { app, application, connection: {} as StoredConnection });
    return { jira, connector, accounts, connect: (firm) => connect(app, firm, jira, credentials) };
  });
  const { app, firm, jira, connectors: accounts } = hub;
  app.publicUrl = hub.url;
  const asked = { connector: 'jira', tenantId: firm.tenantId, account: jira.account };
  const seeToIt = () => upkeep(app, new Map([['jira', accounts]]), asked);
  await seeToIt();
  return {
    ...hub,
    atlassian,
    application,
    process: () => accountsOf(app, application),
    upkeep: seeToIt,
    another: async (site) => {
      const credentials = grantFor(app, atlassian, site);
      await connect(app, firm, site, credentials);
      const connection = await storedConnection(app, firm.tenantId, 'jira', { account: site.account });
      if (!connection) throw new Error('the other site is not connected');
      const connector = await openJira(credentials, { app, application, connection });
      const stop = async () => {
        await connector.close?.();
        await hub.query('delete from connection where id = $1', [connection.id]);
      };
      return { connector, stop };
    },
    close: async () => {
      await accounts.close();
      await hub.close();
      await atlassian.stop();
    },
  };
}

/** A process of its own, by whichever app. */
export function accountsOf(app: TestApp, application: JiraAppConfig): ManyAccounts {
  return new ManyAccounts(JIRA, {
    ...{ app, application, own: null, egress: egressOf([]) },
    refused: async ({ tenantId, id, version }, reason) => {
      const who = { kind: 'system', tenantId, reason: 'test' } as const;
      const input = { connection: id, reason, version };
      await runCommand(app, who, { name: 'connection.note-broken', input, requestId: `broken:${id}:${version}` });
    },
  });
}

async function connect(
  app: TestApp,
  firm: TestFirm,
  { account }: JiraStandIn,
  credentials: GrantCredentials,
): Promise<void> {
  const who = as(firm, firm.admin) as Extract<ReturnType<typeof as>, { kind: 'person' }>;
  const given = { tool: 'jira', account, name: null, credentials, scopes: SCOPES };
  await connectProven(app, who, given, crypto.randomUUID());
}

/** What somebody gave the hub's app for a site. */
function grantFor(app: TestApp, atlassian: AtlassianStandIn, site: JiraStandIn): GrantCredentials {
  const cloudId = atlassian.add(site);
  const tokens = atlassian.grants.exchange(atlassian.grants.code([cloudId], [...SCOPES], 'back'), 'back');
  return {
    ...{ baseUrl: site.url, project: SITE.project, cloudId },
    accessToken: tokens?.access_token ?? '',
    refreshToken: tokens?.refresh_token ?? '',
    expiresAt: app.clock.now().getTime() + HOUR_SECONDS * 1000,
  };
}
