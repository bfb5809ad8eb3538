import type { Clock } from '../../core/kernel/clock.ts';
import { RetryLater } from '../../core/kernel/jobs.ts';

/** After a time-out or a 503 that does not say how long: 5 seconds, then twice as long each time, up to 5 minutes. */
const PAUSE_SECONDS = { first: 5, longest: 300 };
/** Of a call that another one with the same key is still at work on. */
const BUSY_SECONDS = 2;

/** What the package throws, as far as it is looked at here. */
interface Thrown {
  type?: string;
  code?: string;
  param?: string;
  statusCode?: number;
  headers?: Record<string, string>;
  message?: string;
}

export type Patient = <T>(call: () => Promise<T>) => Promise<T>;

/**
 * Makes calls, and none while Stripe asked for a pause. A call may have been carried out though no answer came: whatever changes
 * something there bears an idempotency key, and is simply made again.
 * @throws RetryLater after 429, after a server in trouble and where no answer came; what Stripe refuses otherwise, as it is
 */
export function patience(clock: Clock): Patient {
  let pausedUntil = 0;
  let troubles = 0;
  const pause = (seconds: number, why: string): RetryLater => {
    pausedUntil = clock.now().getTime() + seconds * 1000;
    return new RetryLater(seconds, why);
  };
  const growing = () => {
    troubles += 1;
    return Math.min(PAUSE_SECONDS.first * 2 ** (troubles - 1), PAUSE_SECONDS.longest);
  };
  return async (call) => {
    const wait = Math.ceil((pausedUntil - clock.now().getTime()) / 1000);
    if (wait > 0) throw new RetryLater(wait, 'Stripe asked for a pause');
    try {
      const made = await call();
      troubles = 0;
      return made;
    } catch (error) {
      const { statusCode, headers, type, code, message } = error as Thrown;
      if (isBusy(error)) throw new RetryLater(BUSY_SECONDS, 'the same call is still under way');
      if (statusCode === 429 || statusCode === 503)
        throw pause(Number(headers?.['retry-after']) || growing(), `Stripe answered ${statusCode}`);
      if (type === 'StripeConnectionError' || (statusCode ?? 0) >= 500)
        throw pause(growing(), `Stripe gave no good answer: ${message ?? code ?? statusCode}`);
      if (statusCode !== undefined) troubles = 0;
      throw error;
    }
  };
}

/** Somebody else makes the same call at this moment. */
function isBusy(error: unknown): boolean {
  const { code } = error as Thrown;
  return code === 'idempotency_key_in_use' || code === 'lock_timeout';
}

/** What to do when Stripe does not take the key; null for any other error. */
export function refusalOf(error: unknown): string | null {
  const { type, statusCode } = error as Thrown;
  if (type === 'StripeAuthenticationError' || statusCode === 401)
    return 'Stripe does not accept the key any more. Make a new one there, under Developers, API keys, and connect the account again.';
  if (type === 'StripePermissionError' || statusCode === 403)
    return 'The key may not do what Parley needs. Give it the permissions that the manual names, or connect the account again with another key.';
  return null;
}

/** Why Stripe will never take this amount, as the end of a sentence for whoever wants to pay; null for any other error. */
export function neverOf(error: unknown, currency: string): string | null {
  const { type, code, param } = error as Thrown;
  if (type !== 'StripeInvalidRequestError') return null;
  if (code === 'amount_too_small') return 'it is less than can be paid online';
  if (code === 'amount_too_large') return 'it is more than can be paid online at once';
  return param?.includes('currency') ? `${currency} cannot be paid online here` : null;
}

/** It is not as it would have to be for the call: for a link, that it was used or has ended. */
export function isPast(error: unknown): boolean {
  const { type, statusCode } = error as Thrown;
  return type === 'StripeInvalidRequestError' && (statusCode === 400 || statusCode === 404);
}
