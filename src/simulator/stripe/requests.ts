import { z } from 'zod';

/*
 * What Stripe takes of what is asked for here: every parameter by its own name. What it does not know it refuses, and so does the
 * stand-in. They come as a form, in which everything is a text.
 */

const whole = z.string().regex(/^\d+$/).transform(Number);
const yesNo = z.enum(['true', 'false']).transform((text) => text === 'true');
const marks = z.record(z.string().max(40), z.string().max(500));
const currency = z.string().regex(/^[a-z]{3}$/);
const LineItem = z.strictObject({
  quantity: whole,
  price_data: z.strictObject({
    currency,
    unit_amount: whole,
    product_data: z.strictObject({ name: z.string().min(1).max(250) }),
  }),
});

export const NewSession = z.strictObject({
  mode: z.literal('payment'),
  client_reference_id: z.string().max(200).optional(),
  line_items: z.array(LineItem).min(1),
  adaptive_pricing: z.strictObject({ enabled: yesNo }).optional(),
  metadata: marks.optional(),
  payment_intent_data: z
    .strictObject({ metadata: marks.optional(), description: z.string().max(1000).optional() })
    .optional(),
  success_url: z.url(),
  cancel_url: z.url().optional(),
  expires_at: whole.optional(),
});

export const Listing = z.strictObject({
  limit: whole.optional(),
  starting_after: z.string().optional(),
  types: z.array(z.string()).min(1).optional(),
  created: z.strictObject({ gte: whole }).optional(),
  charge: z.string().optional(),
});
