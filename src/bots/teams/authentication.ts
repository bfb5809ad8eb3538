import type { Activity } from 'botbuilder';
import { ConfigurationBotFrameworkAuthentication, ConfigurationServiceClientCredentialFactory } from 'botbuilder';
import type { TeamsConfig } from '../../config.ts';
import { DomainError } from '../../core/kernel/errors.ts';
import type { HttpClient } from './http.ts';
import { httpClient, TIMEOUT_MILLISECONDS } from './http.ts';

/** Issuer of the tokens that the Bot Connector signs, and what our own tokens are for (Bot Framework, "Authentication"). */
const BOT_FRAMEWORK = 'https://api.botframework.com';
const LOGIN = 'https://login.microsoftonline.com';
const KEYS = 'https://login.botframework.com/v1/.well-known/openidconfiguration';

type Credentials = NonNullable<ConstructorParameters<typeof ConfigurationBotFrameworkAuthentication>[1]>;

/**
 * All addresses are named, for then the SDK takes none of its own: with an empty address for the keys of emulators and
 * other bots, only the Bot Connector can sign.
 */
export function authenticationOf(config: TeamsConfig): ConfigurationBotFrameworkAuthentication {
  const login = config.loginUrl ?? `${LOGIN}/${config.tenantId ?? 'botframework.com'}`;
  return new ConfigurationBotFrameworkAuthentication(
    {
      ToChannelFromBotLoginUrl: login,
      ToChannelFromBotOAuthScope: BOT_FRAMEWORK,
      ToBotFromChannelTokenIssuer: BOT_FRAMEWORK,
      OAuthUrl: BOT_FRAMEWORK,
      ToBotFromChannelOpenIdMetadataUrl: config.openIdUrl ?? KEYS,
      ToBotFromEmulatorOpenIdMetadataUrl: '',
      CallerId: 'urn:botframework:azure',
      ValidateAuthority: true,
    },
    credentialsOf(config, login),
    undefined,
    undefined,
    { httpClient },
  );
}

function credentialsOf(config: TeamsConfig, login: string): Credentials {
  const { appId, appPassword, tenantId } = config;
  // MSAL, which the SDK logs in with, refuses an address without TLS: a stand-in on this machine is asked directly.
  if (login.startsWith('http:')) return plainCredentials(appId, appPassword, login);
  return new ConfigurationServiceClientCredentialFactory({
    MicrosoftAppId: appId,
    MicrosoftAppPassword: appPassword,
    ...(tenantId
      ? { MicrosoftAppType: 'SingleTenant', MicrosoftAppTenantId: tenantId }
      : { MicrosoftAppType: 'MultiTenant' }),
  });
}

/** OAuth's client credentials over plain HTTP, for loopback addresses. */
function plainCredentials(appId: string, appPassword: string, login: string): Credentials {
  let token: { text: string; until: number } | null = null;
  const tokenNow = async () => {
    if (token && token.until > Date.now()) return token.text;
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: appId,
      client_secret: appPassword,
    });
    body.set('scope', `${BOT_FRAMEWORK}/.default`);
    const signal = AbortSignal.timeout(TIMEOUT_MILLISECONDS);
    const response = await fetch(`${login}/oauth2/v2.0/token`, { method: 'POST', body, signal });
    if (!response.ok) throw new Error(`the login answered ${response.status}`);
    const got = (await response.json()) as { access_token: string; expires_in: number };
    token = { text: got.access_token, until: Date.now() + got.expires_in * 500 };
    return token.text;
  };
  return {
    isValidAppId: async (id: string) => id === appId,
    isAuthenticationDisabled: async () => false,
    createCredentials: async () => ({
      signRequest: async (request: Parameters<HttpClient['sendRequest']>[0]) => {
        request.headers.set('authorization', `Bearer ${await tokenNow()}`);
        return request;
      },
    }),
  } as unknown as Credentials;
}

/**
 * The SDK checks signature, expiry, issuer, audience and service address. It is asked only about what a Bot Connector
 * of Teams would send: for other issuers it remembers what an unchecked token says, and without a service address it
 * leaves that check out.
 * @throws DomainError unavailable when the keys of Teams could not be read: the activity may come again
 */
export async function isFromTeams(
  authentication: ConfigurationBotFrameworkAuthentication,
  raw: unknown,
  authorization: string,
): Promise<boolean> {
  const activity = (raw ?? {}) as Partial<Activity>;
  if (activity.channelId !== 'msteams' || typeof activity.serviceUrl !== 'string' || !activity.serviceUrl) return false;
  if (issuerOf(authorization) !== BOT_FRAMEWORK) return false;
  try {
    await authentication.authenticateRequest(activity as Activity, authorization);
    return true;
  } catch (error) {
    if (isOutage(error)) throw new DomainError('unavailable', 'The keys of Teams cannot be read just now.');
    return false;
  }
}

function issuerOf(authorization: string): unknown {
  const [scheme, token = '', ...more] = authorization.split(' ');
  if (scheme !== 'Bearer' || more.length) return null;
  try {
    return (JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as { iss?: unknown }).iss;
  } catch {
    return null;
  }
}

/** The login's own faults, as against the caller's. */
function isOutage(error: unknown): boolean {
  const { name, statusCode } = (error ?? {}) as { name?: string; statusCode?: number };
  return name === 'FetchError' || (statusCode ?? 0) >= 500;
}
