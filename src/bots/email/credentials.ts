import { z } from 'zod';
import type { EmailConfig } from '../../config.ts';

/** What a mailbox is read and written with. */
export const EmailCredentials: z.ZodType<EmailConfig> = z.strictObject({
  from: z.email('must be the mail address Parley writes from'),
  replyTo: z.email('must be the mail address whose +tagged variants reach the inbox, e.g. reply@example.com'),
  smtpUrl: z.string().regex(/^smtps?:\/\//, 'must look like smtp://user:password@host:587'),
  imapUrl: z
    .string()
    .regex(/^imaps?:\/\//, 'must look like imaps://user:password@host:993')
    .exactOptional(),
  inboundSecret: z.string().min(16, 'must be at least 16 characters').exactOptional(),
  authservId: z.string().min(1).exactOptional(),
});
