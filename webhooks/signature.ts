import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Checks } from '../src/integrations/connector.ts';

/** Seconds around now in which a signed time is believed (trust: 300). It narrows replay; the durable inbox ends it. */
const WINDOW_SECONDS = 300;

/** The checks that connectors are handed to verify a webhook with. */
export const checks: Checks = { hmac, fresh };

/**
 * True when `signature` is the HMAC-SHA256 of the text under one of the secrets, compared in constant time.
 * @param signature as the header gives it, with its `sha256=` or without
 * @param secrets the current one, and during a rotation the previous one
 */
function hmac(
  text: Buffer | string,
  signature: string | undefined,
  secrets: readonly string[],
  encoding: 'hex' | 'base64' = 'hex',
): boolean {
  const given = Buffer.from(signature?.replace(/^sha256=/, '') ?? '', encoding);
  // Every secret is tried, so that the time does not tell which of them signed.
  return secrets
    .filter(Boolean)
    .map((secret) => createHmac('sha256', secret).update(text).digest())
    .map((expected) => given.length === expected.length && timingSafeEqual(given, expected))
    .includes(true);
}

/** True when a signed time, in seconds since 1970, is within the window around now. */
function fresh(seconds: number, now: Date): boolean {
  return Math.abs(now.getTime() / 1000 - seconds) <= WINDOW_SECONDS;
}
