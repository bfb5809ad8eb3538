import type { Installation } from '@slack/bolt';
import bolt from '@slack/bolt';
import type { Express, Request, Response } from 'express';
import type { SlackConfig } from '../../config.ts';
import { beginningIn, EXPIRED, FOREIGN, firmName, refuse, show } from '../../core/kernel/connect-page.ts';
import { DomainError } from '../../core/kernel/errors.ts';
import { connectProven } from '../../core/kernel/proven.ts';
import type { App } from '../../core/kernel/registry.ts';
import { routeNamed } from '../../core/kernel/route.ts';
import type { ChannelTools } from '../channel.ts';
import { loggerFor, TIMEOUT } from './client.ts';
import { SCOPES } from './scopes.ts';

/** The hub's own app, as Slack's page “Basic Information” shows it. */
type AppConfig = SlackConfig & { clientId: string; clientSecret: string };

/** Where Slack sends people back to; the app must name it. */
const BACK = '/slack/oauth_redirect';

/**
 * Lets administrators add the hub's app to a workspace, by Slack's OAuth (docs.slack.dev/authentication/installing-with-oauth):
 * what Slack then says is their firm's. The state is bound to whoever began and to their browser, and used once.
 */
export function mountInstall(web: Express, config: AppConfig, { app, publicUrl }: ChannelTools): void {
  const redirectUri = `${publicUrl}${BACK}`;
  const provider = providerOf(config, app, redirectUri);
  web.get('/slack/install/:begin', routeNamed('slack.install'), async (request, response) => {
    const beginning = beginningIn(app, String(request.params.begin), 'slack');
    if (!beginning) return refuse(response, EXPIRED);
    const firm = await firmName(app, beginning);
    if (request.query.go === undefined)
      return show(response, 200, {
        title: `Add Parley to a Slack workspace of ${firm}`,
        text: `Slack asks you next which workspace. What is said to Parley there belongs to ${firm} from then on.`,
        button: { label: 'Continue to Slack', href: '?go' },
      });
    const options = { scopes: [...SCOPES], metadata: String(request.params.begin), redirectUri };
    await provider.handleInstallPath(request, response, undefined, options);
  });
  web.get(BACK, routeNamed('slack.oauth'), (request, response) => handleCallback(provider, app, request, response));
}

type Provider = NonNullable<InstanceType<typeof bolt.HTTPReceiver>['installer']>;

/** Slack's own way through OAuth, as Bolt makes it; what it keeps and what it knows of a state is ours. */
function providerOf(config: AppConfig, app: App, redirectUri: string): Provider {
  const { clientId, clientSecret, apiUrl } = config;
  const { installer } = new bolt.HTTPReceiver({
    signingSecret: config.signingSecret ?? '',
    signatureVerification: false,
    clientId,
    clientSecret,
    logger: loggerFor(app.log),
    installerOptions: {
      directInstall: true,
      clientOptions: { ...(apiUrl ? { slackApiUrl: apiUrl } : {}), timeout: TIMEOUT, retryConfig: { retries: 0 } },
      ...(apiUrl ? { authorizationUrl: new URL('/oauth/v2/authorize', apiUrl).href } : {}),
      stateStore: {
        // The link itself is the state: signed, bound to whoever began, and too old after ten minutes.
        generateStateParam: async ({ metadata }) => String(metadata),
        verifyStateParam: async (_now, state) => {
          if (!beginningIn(app, state, 'slack')) throw new DomainError('forbidden', EXPIRED);
          return { scopes: [], metadata: state, redirectUri };
        },
      },
    },
    installationStore: {
      storeInstallation: (installation) => keep(app, config, installation as Installation<'v2'>),
      fetchInstallation: () => Promise.reject(new Error('installations are connections')),
    },
  });
  if (!installer) throw new Error('Bolt makes no installer of these settings');
  return installer;
}

/** What Slack has just confirmed becomes a connection, in the name of whoever began. */
async function keep(app: App, { apiUrl }: SlackConfig, installation: Installation<'v2'>): Promise<void> {
  const { team, bot, metadata } = installation;
  const beginning = beginningIn(app, String(metadata), 'slack');
  if (!beginning) throw new DomainError('forbidden', EXPIRED);
  if (!team || !bot || installation.isEnterpriseInstall)
    throw new DomainError('conflict', 'Add Parley to one workspace, not to the whole organisation.');
  if (bot.refreshToken)
    throw new DomainError('conflict', 'Turn token rotation off for the Slack app; its tokens would end within hours.');
  const { tenantId, personId, nonce } = beginning;
  const who = { kind: 'person', tenantId, personId, channel: 'portal', assurance: 'chat' } as const;
  const account = {
    tool: 'slack',
    account: team.id,
    name: team.name ?? null,
    scopes: bot.scopes,
    credentials: { botToken: bot.token, ...(apiUrl ? { apiUrl } : {}) },
  };
  await connectProven(app, who, account, `slack install ${nonce}`);
}

async function handleCallback(provider: Provider, app: App, request: Request, response: Response): Promise<void> {
  await provider.handleCallback(request, response, {
    success: ({ team }) =>
      show(response, 200, {
        title: `${team?.name ?? 'The workspace'} is connected`,
        text: 'Parley is there now. Invite it to a channel with /invite @Parley, then bind the channel to a client.',
      }),
    failure: (error) => {
      if (error instanceof DomainError) return refuse(response, error.say);
      app.log.warn({ code: (error as { code?: string }).code }, 'a workspace could not be connected');
      refuse(response, SAYS[String((error as { code?: string }).code)] ?? FAILED);
    },
  });
}

const FAILED = 'Slack did not confirm the workspace, so nothing was connected. Begin again with “connections”.';
const SAYS: Readonly<Record<string, string>> = {
  slack_oauth_invalid_state: FOREIGN,
  slack_oauth_installer_authorization_error: 'You did not allow it in Slack, so nothing was connected.',
};
