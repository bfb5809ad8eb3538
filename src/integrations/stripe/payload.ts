import { z } from 'zod';

/** What is read of Stripe's objects. They hold much more, and gain fields without a new version. */
const id = z.string().min(1).max(200);
/** Only its name stands there, unless somebody asked for the whole. */
const named = z.union([id, z.object({ id }).transform((one) => one.id)]);
const marks = z.record(z.string(), z.string()).nullish();

export const Session = z.object({
  object: z.literal('checkout.session'),
  id,
  client_reference_id: z.string().nullish(),
  metadata: marks,
  amount_total: z.int().nullable(),
  currency: z.string().nullable(),
  payment_intent: named.nullish(),
  payment_status: z.enum(['paid', 'unpaid', 'no_payment_required']),
});
export type Session = z.infer<typeof Session>;

export const Intent = z.object({
  object: z.literal('payment_intent'),
  id,
  status: z.string(),
  amount_received: z.int(),
  currency: z.string(),
  metadata: marks,
});

export const Refund = z.object({
  object: z.literal('refund'),
  id,
  amount: z.int(),
  currency: z.string(),
  created: z.int(),
  status: z.string().nullable(),
  payment_intent: named.nullish(),
});
export type Refund = z.infer<typeof Refund>;

export const Charge = z.object({ object: z.literal('charge'), id, payment_intent: named.nullish() });

export const Dispute = z.object({
  object: z.literal('dispute'),
  id,
  amount: z.int(),
  currency: z.string(),
  reason: z.string(),
  status: z.string(),
  payment_intent: named.nullish(),
});

const StripeEvent = z.object({
  id: z.string().regex(/^evt_\w+$/),
  object: z.literal('event'),
  type: z.string().min(1).max(100),
  created: z.int(),
  livemode: z.boolean(),
  /** Whose it is, where an app of Stripe Connect hears of other accounts. */
  account: z.string().nullish(),
  data: z.object({ object: z.record(z.string(), z.unknown()) }),
});
export type StripeEvent = z.infer<typeof StripeEvent>;

/** What a webhook brought, or a look at the list of events; null for anything else. */
export function readStripeEvent(raw: Buffer): StripeEvent | null {
  try {
    return StripeEvent.safeParse(JSON.parse(raw.toString('utf8'))).data ?? null;
  } catch {
    return null;
  }
}

/** What is asked for where webhooks went missing: each of them is worked. */
export const KNOWN = [
  'checkout.session.completed',
  'checkout.session.async_payment_succeeded',
  'checkout.session.async_payment_failed',
  'checkout.session.expired',
  'charge.refunded',
  'refund.created',
  'refund.updated',
  'refund.failed',
  'charge.dispute.created',
  'charge.dispute.closed',
] as const;
