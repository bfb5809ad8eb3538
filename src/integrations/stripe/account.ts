import { z } from 'zod';
import type { Context } from '../../core/kernel/context.ts';
import type { App } from '../../core/kernel/registry.ts';
import type { AnyThing } from '../../core/kernel/thing-definition.ts';
import type { StripeClient } from './client.ts';
import type { StripeCredentials } from './credentials.ts';

/** Our payments, as far as Stripe is told of them. */
const Payment = z.object({
  id: z.uuid(),
  status: z.string(),
  clientId: z.uuid(),
  clientName: z.string(),
  firmName: z.string(),
  invoiceId: z.uuid(),
  number: z.string(),
  amount: z.int(),
  currency: z.string(),
  received: z.int().nullable(),
  askedAt: z.date(),
  refunds: z.array(z.object({ name: z.string(), state: z.string() })),
  dispute: z.object({ name: z.string(), state: z.string() }).nullable(),
});
export type Payment = z.infer<typeof Payment>;

/** How external_ref calls the link of a payment, and what came by it. */
export const LINK = 'payment';
export const INTENT = 'payment_intent';

/** An account of Stripe as its connector works with it. */
export interface StripeAccount {
  app: App;
  client: StripeClient;
  credentials: StripeCredentials;
  /** What our payments are, as their area declares them. */
  payments: AnyThing;
  /** Whether it takes real money. */
  isLive: boolean;
}

export function stripeAccount(app: App, client: StripeClient, credentials: StripeCredentials): StripeAccount {
  const payments = app.registry.things.get('payment');
  if (!payments) throw new Error('Stripe takes payments, and there is no area of payments here');
  return { app, client, credentials, payments, isLive: credentials.key.includes('_live_') };
}

export async function readPayment({ payments }: StripeAccount, context: Context, id: string): Promise<Payment | null> {
  const found = await payments.read(context, id);
  return found && Payment.parse(found);
}
