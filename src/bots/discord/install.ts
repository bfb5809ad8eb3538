import { OAuth2Scopes, PermissionFlagsBits, Routes } from 'discord.js';
import type { Express, Request } from 'express';
import { z } from 'zod';
import type { DiscordConfig } from '../../config.ts';
import { bindBrowser, isBoundBrowser } from '../../core/kernel/connect-browser.ts';
import { beginningIn, EXPIRED, FOREIGN, firmName, refuse, show } from '../../core/kernel/connect-page.ts';
import { DomainError } from '../../core/kernel/errors.ts';
import { connectProven } from '../../core/kernel/proven.ts';
import type { App } from '../../core/kernel/registry.ts';
import { routeNamed } from '../../core/kernel/route.ts';
import type { ChannelTools } from '../channel.ts';
import { restClient } from './client.ts';

/** The hub's own application, with its secret of the page “OAuth2”. */
type AppConfig = DiscordConfig & { clientSecret: string };

/** Where Discord sends people back to; the application must name it. */
const BACK = '/discord/oauth_redirect';
export const SCOPES = [OAuth2Scopes.Bot, OAuth2Scopes.ApplicationsCommands] as const;
/** What Parley does in a server: writes cards, hangs threads on them, and reads what is answered there. */
const PERMISSIONS =
  PermissionFlagsBits.ViewChannel |
  PermissionFlagsBits.SendMessages |
  PermissionFlagsBits.CreatePublicThreads |
  PermissionFlagsBits.SendMessagesInThreads |
  PermissionFlagsBits.ReadMessageHistory;

/**
 * Lets administrators add the hub's bot to a server, by Discord's OAuth2 (docs.discord.com: topics/oauth2, advanced bot
 * authorization). Discord lets only those add a bot who may manage the server, and says itself with the token which one it was:
 * that server is their firm's. The state is bound to whoever began and to the browser that was told for which firm.
 */
export function mountInstall(web: Express, config: AppConfig, { app, publicUrl }: ChannelTools): void {
  const redirectUri = `${publicUrl}${BACK}`;
  web.get('/discord/install/:begin', routeNamed('discord.install'), async (request, response) => {
    const state = String(request.params.begin);
    const beginning = beginningIn(app, state, 'discord');
    if (!beginning) return refuse(response, EXPIRED);
    const way = { tool: 'discord', state };
    if (request.query.go !== undefined && isBoundBrowser(app.secrets, request, way))
      return response.redirect(302, authorizeUrl(config, redirectUri, state));
    bindBrowser(app.secrets, response, way, publicUrl.startsWith('https:'));
    const firm = await firmName(app, beginning);
    show(response, 200, {
      title: `Add Parley to a Discord server of ${firm}`,
      text: `Discord asks you next which server. What is said to Parley there belongs to ${firm} from then on.`,
      button: { label: 'Continue to Discord', href: '?go' },
    });
  });
  web.get(BACK, routeNamed('discord.oauth'), async (request, response) => {
    try {
      const name = await connect(config, app, redirectUri, request);
      show(response, 200, {
        title: `${name} is connected`,
        text: 'Parley is there now. Type /parley bind in a channel to say who reads it.',
      });
    } catch (error) {
      if (!(error instanceof DomainError) || error.code === 'unavailable') throw error;
      refuse(response, error.say);
    }
  });
}

function authorizeUrl({ applicationId, apiUrl }: AppConfig, redirectUri: string, state: string): string {
  const url = new URL(apiUrl ? new URL('/oauth2/authorize', apiUrl) : 'https://discord.com/oauth2/authorize');
  url.search = new URLSearchParams({
    client_id: applicationId,
    response_type: 'code',
    scope: SCOPES.join(' '),
    permissions: String(PERMISSIONS),
    redirect_uri: redirectUri,
    state,
  }).toString();
  return url.href;
}

/** @returns what the server is called that was connected */
async function connect(config: AppConfig, app: App, redirectUri: string, request: Request): Promise<string> {
  const { state = '', code = '', error } = request.query as Record<string, unknown>;
  const beginning = beginningIn(app, String(state), 'discord');
  if (!beginning) throw new DomainError('forbidden', EXPIRED);
  if (!isBoundBrowser(app.secrets, request, { tool: 'discord', state: String(state) }))
    throw new DomainError('forbidden', FOREIGN);
  if (error !== undefined)
    throw new DomainError('forbidden', 'You did not allow it in Discord, so nothing was connected.');
  const { guild, scope } = await exchange(config, String(code), redirectUri, app);
  const { tenantId, personId, nonce } = beginning;
  const who = { kind: 'person', tenantId, personId, channel: 'portal', assurance: 'chat' } as const;
  const account = { tool: 'discord', account: guild.id, name: guild.name, scopes: scope.split(' '), credentials: null };
  await connectProven(app, who, account, `discord install ${nonce}`);
  return guild.name;
}

/** The part of Discord's answer that says which server it was. The token itself is not needed: the bot has its own. */
const Granted = z.object({
  scope: z.string().refine((scope) => scope.split(' ').includes(OAuth2Scopes.Bot)),
  guild: z.object({ id: z.string().regex(/^\d{15,20}$/), name: z.string().max(200) }),
});

async function exchange(
  config: AppConfig,
  code: string,
  redirectUri: string,
  app: App,
): Promise<z.infer<typeof Granted>> {
  const { applicationId, clientSecret } = config;
  const form = { grant_type: 'authorization_code', code, redirect_uri: redirectUri };
  try {
    const answer = await restClient(config).post(Routes.oauth2TokenExchange(), {
      body: new URLSearchParams({ ...form, client_id: applicationId, client_secret: clientSecret }),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      passThroughBody: true,
      auth: false,
    });
    return Granted.parse(answer);
  } catch (error) {
    // Neither what was sent nor what came back stands in a log: both hold keys.
    app.log.warn({ status: (error as { status?: number }).status }, 'Discord did not confirm a server');
    throw new DomainError(
      'conflict',
      'Discord did not confirm the server, so nothing was connected. Begin again with “connections”.',
    );
  }
}
