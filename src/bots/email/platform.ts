import type { EmailConfig } from '../../config.ts';
import { DomainError } from '../../core/kernel/errors.ts';
import type { Platform } from '../../core/kernel/platform.ts';

/** The one mailbox that this hub reads. */
export function emailPlatform({ replyTo }: EmailConfig): Platform {
  return {
    checkAccount: async (account) => {
      if (account !== replyTo)
        throw new DomainError(
          'conflict',
          `This hub reads the mails to ${replyTo} (MAIL_REPLY_TO). Connect that address.`,
        );
      return { name: null };
    },
  };
}
