import { Stripe } from 'stripe';
import { fetch } from 'undici';
import type { Clock } from '../../core/kernel/clock.ts';
import type { Egress } from '../../core/kernel/egress.ts';
import { agentOf } from '../../core/kernel/egress.ts';
import type { Patient } from './patience.ts';
import { patience } from './patience.ts';

/** Objects and webhooks are read as this version of Stripe's API writes them: the one that the package was made for. */
const API_VERSION = '2026-10-28.endive';
/** A job's lease is 15 seconds: one slow call must not outlive it. */
const TIMEOUT_MS = 8_000;

/** An account of Stripe as it is called. */
export interface StripeClient {
  stripe: Stripe;
  /** Makes a call, and not at all while Stripe asked for a pause. */
  ask: Patient;
  close(): void;
}

interface Reached {
  key: string;
  /** Where its API is instead, by the operator's word. */
  api?: string | undefined;
  /** Where it may connect to. The operator's own address is not asked about. */
  egress?: Egress | undefined;
}

/** The package's own client. What repeats a call here is the queue, under the same idempotency key. */
export function stripeClient({ key, api, egress }: Reached, clock: Clock): StripeClient {
  const agent = agentOf(api ? undefined : egress);
  const send = (url: string, init: object) => fetch(url, { ...init, dispatcher: agent, redirect: 'error' });
  const stripe = new Stripe(key, {
    apiVersion: API_VERSION,
    maxNetworkRetries: 0,
    timeout: TIMEOUT_MS,
    // Nothing of how it is used is told to anybody.
    telemetry: false,
    httpClient: Stripe.createFetchHttpClient(send as unknown as typeof globalThis.fetch),
    ...(api ? placeOf(new URL(api)) : {}),
  });
  return { stripe, ask: patience(clock), close: () => void agent.destroy() };
}

function placeOf({ hostname, port, protocol }: URL): { host: string; port: string; protocol: 'http' | 'https' } {
  const isPlain = protocol === 'http:';
  return { host: hostname, port: port || (isPlain ? '80' : '443'), protocol: isPlain ? 'http' : 'https' };
}
