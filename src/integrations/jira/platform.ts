import { DomainError } from '../../core/kernel/errors.ts';
import type { Platform } from '../../core/kernel/platform.ts';
import type { JiraCredentials } from './credentials.ts';

/** The one site that this hub has a token for. */
export function jiraPlatform({ baseUrl }: JiraCredentials): Platform {
  const { host } = new URL(baseUrl);
  return {
    checkAccount: async (account) => {
      if (account !== host)
        throw new DomainError('conflict', `This hub has a token for ${host} (JIRA_BASE_URL). Connect ${host}.`);
      return { name: null };
    },
  };
}
