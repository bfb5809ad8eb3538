import { domainToASCII } from 'node:url';
import { z } from 'zod';
import type { EmailConfig } from '../../config.ts';
import type { AccountForm } from '../../core/kernel/account-form.ts';
import { line, optional } from '../../core/kernel/field.ts';

/** As zod reads addresses, but for the ends of domains: those of other scripts begin with xn--. */
const ADDRESS = /^(?!\.)(?!.*\.\.)[a-z0-9_'+.-]*[a-z0-9_+-]@([a-z0-9][a-z0-9-]*\.)+([a-z]{2,}|xn--[a-z0-9-]+)$/i;

/** What a mailbox is read and written with. */
export const EmailCredentials: z.ZodType<EmailConfig> = z.strictObject({
  from: z.email({ pattern: ADDRESS, error: 'must be the mail address Parley writes from' }),
  replyTo: z.email({
    pattern: ADDRESS,
    error: 'must be the mail address whose +tagged variants reach the inbox, e.g. reply@example.com',
  }),
  smtpUrl: z.string().regex(/^smtps?:\/\//, 'must look like smtp://user:password@host:587'),
  imapUrl: z
    .string()
    .regex(/^imaps?:\/\//, 'must look like imaps://user:password@host:993')
    .exactOptional(),
  inboundSecret: z.string().min(16, 'must be at least 16 characters').exactOptional(),
  authservId: z.string().min(1).exactOptional(),
});

/** One spelling for one mailbox: no capital letters, and the domain as the name system has it. */
const address = z
  .string('is needed')
  .max(200)
  .transform((typed) => {
    const at = typed.lastIndexOf('@');
    return at < 0 ? typed : `${typed.slice(0, at)}@${domainToASCII(typed.slice(at + 1).trim())}`.trim().toLowerCase();
  })
  .pipe(z.email({ pattern: ADDRESS, error: 'is not a mail address; write it like parley@example.com' }));
/** `host`, `host:port`, or with what it speaks: `smtp://host:port`. */
const server = (speaks: string) =>
  z
    .string()
    .max(200)
    .regex(new RegExp(`^(${speaks}s?://)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?$`, 'i'), {
      error: 'is the name of a server and its port, without anything else',
    });

/** What a person types of a mailbox: a server, a user and a password, of which the addresses above are made. */
export const mailboxForm: AccountForm = {
  lead: 'Parley writes mails from this mailbox and reads what is answered. It signs in with what you type here, and keeps it only when that works.',
  fields: {
    address: address.meta({ label: 'Mail address', placeholder: 'parley@example.com' }),
    smtp: server('smtp').meta({
      label: 'Outgoing server (SMTP)',
      hint: 'With port 465 the connection is encrypted from the start, with any other port by STARTTLS.',
      placeholder: 'smtp.example.com:465',
    }),
    imap: server('imap').meta({ label: 'Incoming server (IMAP)', placeholder: 'imap.example.com:993' }),
    user: optional(line({ label: 'User name', hint: 'If it is not the mail address.' })),
    password: z.string().min(1).max(500).meta({
      label: 'Password',
      hint: 'Where the provider asks for a second factor, make an app password there.',
      secret: true,
      most: 500,
    }),
    replyTo: optional(
      address.meta({
        label: 'Reply address',
        hint: 'If answers are to come to another address than the first. What is sent to it with a + and some letters before the @ must arrive in this mailbox.',
      }),
    ),
    authservId: optional(
      line({
        label: 'Name of the receiving server',
        hint: 'It stands first in the header Authentication-Results of mails that you get, as in mx.google.com. Without it no answer by mail can be believed: each waits for somebody of the firm.',
      }),
    ),
  },
};
