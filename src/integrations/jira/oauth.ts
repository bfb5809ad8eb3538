import * as oauth from 'oauth4webapi';
import { fetch } from 'undici';
import type { JiraAppConfig } from '../../config.ts';
import type { Clock } from '../../core/kernel/clock.ts';
import { agentOf } from '../../core/kernel/egress.ts';
import { DomainError } from '../../core/kernel/errors.ts';
import { RetryLater } from '../../core/kernel/jobs.ts';
import { JiraRefusal } from './transport.ts';

/**
 * Atlassian's OAuth 2.0 (3LO): developer.atlassian.com/cloud/jira/platform/oauth-2-3lo-apps. Access tokens last an hour. Each
 * refresh token is taken once (once more within ten minutes, where an answer was lost); one that nobody uses dies after 90 days.
 */
export interface Grant {
  accessToken: string;
  refreshToken: string;
  /** When the access token ends, in milliseconds since 1970. */
  expiresAt: number;
}

/** What Parley does on a site: writes and reads issues and comments, sees who wrote, and is told of changes. */
export const SCOPES = ['read:jira-work', 'write:jira-work', 'read:jira-user', 'manage:jira-webhook', 'offline_access'];

/** A job's lease is 15 seconds, and a call to the site follows. */
const TIMEOUT_MS = 5_000;
/** Atlassian is asked again after so many seconds when it gave no good answer. */
const PAUSE_SECONDS = 15;
/** An answer that does not say how long its token lasts. */
const USUAL_SECONDS = 3_600;

/** How Atlassian says that a refresh token is of no use: used before, too old, or the person took Parley's permission back. */
const LOST = new Set(['invalid_grant', 'unauthorized_client']);
/** How it says that it does not know this hub's app. */
const APP_REFUSED = new Set(['invalid_client', 'access_denied']);

const LOST_CURE =
  'Atlassian does not let Parley in any more: the permission was taken back, or has ended. Press “Reconnect” and allow it once more.';
const APP_CURE =
  'Atlassian does not know the app of this hub any more. Whoever runs it must check JIRA_CLIENT_ID and JIRA_CLIENT_SECRET; then press “Try again”.';

// By these the operator's own settings are reached: nothing that a firm says leads there.
const agent = agentOf(undefined);

/** Where an administrator is asked, on Atlassian's own page. */
export function authorizeUrl({ authUrl, clientId }: JiraAppConfig, redirectUri: string, state: string): string {
  const url = new URL(`${authUrl}/authorize`);
  url.search = new URLSearchParams({
    audience: 'api.atlassian.com',
    client_id: clientId,
    scope: SCOPES.join(' '),
    redirect_uri: redirectUri,
    state,
    response_type: 'code',
    prompt: 'consent',
  }).toString();
  return url.href;
}

/**
 * What Atlassian sent a browser back with becomes a grant.
 * @throws DomainError with the cure when nothing comes of it
 */
export async function exchanged(
  app: JiraAppConfig,
  callback: URL,
  sent: { state: string; redirectUri: string },
  clock: Clock,
): Promise<Grant> {
  const [server, client] = [serverOf(app), { client_id: app.clientId }];
  try {
    const parameters = oauth.validateAuthResponse(server, client, callback, sent.state);
    const response = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      oauth.ClientSecretPost(app.clientSecret),
      parameters,
      sent.redirectUri,
      oauth.nopkce,
      optionsOf(app),
    );
    return grantOf(await oauth.processAuthorizationCodeResponse(server, client, response), clock);
  } catch (error) {
    throw notGranted(error);
  }
}

/**
 * A new grant for one whose access token is over. The old one is dead from then on.
 * @throws JiraRefusal when Atlassian takes it no more; RetryLater when it gave no good answer
 */
export async function refreshed(app: JiraAppConfig, { refreshToken }: Grant, clock: Clock): Promise<Grant> {
  const [server, client] = [serverOf(app), { client_id: app.clientId }];
  try {
    const auth = oauth.ClientSecretPost(app.clientSecret);
    const response = await oauth.refreshTokenGrantRequest(server, client, auth, refreshToken, optionsOf(app));
    return grantOf(await oauth.processRefreshTokenResponse(server, client, response), clock, refreshToken);
  } catch (error) {
    throw notRefreshed(error);
  }
}

function serverOf({ authUrl }: JiraAppConfig): oauth.AuthorizationServer {
  return { issuer: authUrl, token_endpoint: `${authUrl}/oauth/token` };
}

function optionsOf({ authUrl }: JiraAppConfig): oauth.TokenEndpointRequestOptions {
  return {
    // A stand-in has no certificate; Atlassian's own address begins with https.
    [oauth.allowInsecureRequests]: authUrl.startsWith('http:'),
    [oauth.customFetch]: (async (url: string, { signal, ...init }: { signal?: AbortSignal }) =>
      fetch(url, { ...init, ...(signal ? { signal } : {}), dispatcher: agent })) as never,
    signal: () => AbortSignal.timeout(TIMEOUT_MS),
  };
}

function grantOf(
  { access_token: accessToken, refresh_token: next, expires_in: seconds = USUAL_SECONDS }: oauth.TokenEndpointResponse,
  clock: Clock,
  before?: string,
): Grant {
  const refreshToken = next ?? before;
  if (!refreshToken)
    throw new DomainError(
      'conflict',
      'Atlassian gave no permission that lasts, so nothing was connected. Whoever runs this hub must look at the app’s permissions.',
    );
  return { accessToken, refreshToken, expiresAt: clock.now().getTime() + seconds * 1000 };
}

/** Neither what was sent nor what came back stands in an error: both hold keys. */
function notGranted(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  if (error instanceof oauth.AuthorizationResponseError && error.error === 'access_denied')
    return new DomainError('forbidden', 'You did not allow it in Atlassian, so nothing was connected.');
  return new DomainError(
    'conflict',
    'Atlassian did not confirm it, so nothing was connected. Begin again with “connections”.',
  );
}

function notRefreshed(error: unknown): Error {
  const code = error instanceof oauth.ResponseBodyError ? error.error : '';
  if (LOST.has(code)) return new JiraRefusal(401, 'POST /oauth/token', code, LOST_CURE);
  if (APP_REFUSED.has(code)) return new JiraRefusal(401, 'POST /oauth/token', code, APP_CURE);
  return new RetryLater(PAUSE_SECONDS, `Atlassian gave no good answer to POST /oauth/token${code ? `: ${code}` : ''}`);
}
