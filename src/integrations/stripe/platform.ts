import { DomainError } from '../../core/kernel/errors.ts';
import type { Platform } from '../../core/kernel/platform.ts';
import type { StripeCredentials } from './credentials.ts';

/** The one account that a key is for. */
export function stripePlatform({ account }: StripeCredentials): Platform {
  return {
    checkAccount: async (asked) => {
      if (asked !== account) throw new DomainError('conflict', `This key is for ${account}.`);
      return { name: null };
    },
  };
}
