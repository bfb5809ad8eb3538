import type { JiraAppConfig, JiraConfig } from '../../config.ts';
import type { StoredConnection } from '../../core/kernel/connection.ts';
import type { Kernel } from '../../core/kernel/context.ts';
import type { Egress } from '../../core/kernel/egress.ts';
import { agentOf } from '../../core/kernel/egress.ts';
import { renewedCredentials } from '../../core/kernel/renewal.ts';
import type { GrantCredentials } from './credentials.ts';
import { JiraCredentials } from './credentials.ts';
import type { Grant } from './oauth.ts';
import { refreshed } from './oauth.ts';
import type { Site } from './transport.ts';

/** Milliseconds before its end at which an access token is renewed: a call must not be overtaken by it. */
const EARLY = 60_000;

const TOKEN_CURE =
  'Jira does not accept the API token any more. Make a new one at id.atlassian.com and connect the site again.';
const GRANT_CURE =
  'Atlassian does not let Parley in there any more. Press “Reconnect” and allow it once more, as somebody who may use this Jira.';

/**
 * A site that is reached with an API token, at its own address.
 * @param egress missing for one that the environment names
 */
export function tokenSite(
  { baseUrl, email, apiToken }: Pick<JiraConfig, 'baseUrl' | 'email' | 'apiToken'>,
  egress: Egress | undefined,
): Site {
  const authorization = `Basic ${Buffer.from(`${email}:${apiToken}`).toString('base64')}`;
  return {
    base: baseUrl.replace(/\/+$/, ''),
    authorization: async () => authorization,
    agent: agentOf(egress),
    cure: TOKEN_CURE,
  };
}

/** A site that is reached with an access token, by way of Atlassian's API. Nothing renews it. */
export function grantedSite({ apiUrl }: JiraAppConfig, cloudId: string, { accessToken }: Grant): Site {
  return {
    base: `${apiUrl}/ex/jira/${cloudId}`,
    authorization: async () => `Bearer ${accessToken}`,
    agent: agentOf(undefined),
    cure: GRANT_CURE,
  };
}

/** The same for as long as the connection is allowed: access tokens that are over are renewed, once for all processes. */
export function renewedSite(
  app: JiraAppConfig,
  credentials: GrantCredentials,
  { kernel, connection }: { kernel: Kernel; connection: StoredConnection },
): Site {
  let current = credentials;
  let renewing: Promise<GrantCredentials> | null = null;
  const renew = (isOver: (one: GrantCredentials) => boolean) => {
    renewing ??= renewedCredentials(kernel, connection, {
      parse: asGrant,
      isOver,
      renew: async (old) => ({ ...old, ...(await refreshed(app, old, kernel.clock)) }),
    }).finally(() => {
      renewing = null;
    });
    return renewing;
  };
  return {
    ...grantedSite(app, credentials.cloudId, credentials),
    authorization: async (refused) => {
      const isOver = ({ accessToken, expiresAt }: Grant) =>
        `Bearer ${accessToken}` === refused || expiresAt - EARLY <= kernel.clock.now().getTime();
      // Twice: whoever renews already may have looked for another reason.
      for (let times = 0; times < 2 && isOver(current); times += 1) current = await renew(isOver);
      return `Bearer ${current.accessToken}`;
    },
  };
}

/** @throws Error when the account is reached with an API token by now: it is opened anew then */
function asGrant(stored: unknown): GrantCredentials {
  const credentials = JiraCredentials.parse(stored);
  if (!('cloudId' in credentials)) throw new Error('the site is connected in another way by now');
  return credentials;
}
