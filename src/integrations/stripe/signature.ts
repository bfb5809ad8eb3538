import { Stripe } from 'stripe';
import type { Clock } from '../../core/kernel/clock.ts';

/** Seconds for which a signature is good: the package's own proposal. */
const TOLERANCE = 300;

/** Is it signed by Stripe, for this webhook and lately? By the package's own check over the bytes as they came. */
export function isSigned(raw: Buffer, header: string | undefined, secret: string | null, clock: Clock): boolean {
  if (!header || !secret) return false;
  try {
    Stripe.webhooks.constructEvent(raw, header, secret, TOLERANCE, undefined, clock.now().getTime());
    return true;
  } catch {
    return false;
  }
}
