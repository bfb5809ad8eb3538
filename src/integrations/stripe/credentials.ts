import { z } from 'zod';
import type { AccountForm } from '../../core/kernel/account-form.ts';
import type { Event } from '../../core/kernel/event.ts';
import { line, optional } from '../../core/kernel/field.ts';

const key = z
  .string()
  .regex(/^(sk|rk)_(test|live)_\w{8,}$/, 'is a secret or restricted key of Stripe: it begins with rk_ or sk_');
const secret = z.string().regex(/^whsec_[\w+/=-]{8,}$/, 'is the signing secret of a webhook: it begins with whsec_');

/** What an account of Stripe is reached with. */
export const StripeCredentials = z.strictObject({
  /** Stripe's own name of the account. */
  account: z.string().regex(/^acct_\w+$/),
  key,
  /** Null while Stripe tells of nothing by itself. */
  webhookSecret: secret.nullable(),
});
export type StripeCredentials = z.infer<typeof StripeCredentials>;

export const accountForm: AccountForm = {
  lead: 'Parley makes payment links in Stripe with this key, and keeps it only when it works. What to select in Stripe stands in the manual under “Connect Stripe”.',
  fields: {
    key: key.meta({
      label: 'Restricted or secret key',
      hint: 'Make a restricted key in Stripe, under Developers, API keys.',
      secret: true,
    }),
    webhookSecret: optional(
      secret.meta({
        label: 'Signing secret of the webhook',
        hint: 'Stripe shows it where you add the webhook. Leave it empty at first: Parley then says where the webhook leads.',
        secret: true,
      }),
    ),
    name: optional(line({ label: 'What do you call the account?', hint: 'Where Stripe does not say it.', most: 100 })),
  },
};

/** What changes something there: a link is to be made, or is not to be used any more. */
const HEARD = new Set(['payment.asked', 'payment.withdrawn']);

export function stripeWants(event: Event): boolean {
  return HEARD.has(event.name);
}
