import type { TeamsConfig } from '../../config.ts';
import { DomainError } from '../../core/kernel/errors.ts';
import type { Platform } from '../../core/kernel/platform.ts';

/**
 * What can be known of an organisation and its rooms. A room says that Parley may write there when the app is added to it;
 * Teams has no question for it before.
 */
export function teamsPlatform({ tenantId }: TeamsConfig): Platform {
  return {
    checkAccount: async (account) => {
      if (tenantId && tenantId.toLowerCase() !== account.toLowerCase())
        throw new DomainError(
          'conflict',
          `The Teams app is for the organisation ${tenantId} (TEAMS_TENANT_ID), not for ${account}. Connect ${tenantId}.`,
        );
      return { name: null };
    },
    checkRoom: async (_account, address) => {
      if (!/^(19:|a:)\S+$/.test(address) || address.includes(';'))
        throw new DomainError(
          'conflict',
          `${address} is not the id of a Teams channel or chat. It begins with 19: and ends with @thread.tacv2, @thread.skype or @thread.v2; copy it from “Get link to channel”.`,
        );
    },
  };
}
