/**
 * Seconds until the next try, after each that failed: the schedule that Standard Webhooks recommends
 * (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md), a little more than three days in all.
 */
export const PAUSES = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400] as const;

/** So much longer a pause may be, by chance: what failed together is not tried together again. */
const JITTER = 0.1;
/** Seconds: a receiver that asks for a longer pause does not get it. */
const LONGEST = 86_400;

/**
 * When to try next; null after the last try.
 * @param tries how many there were
 * @param wanted seconds for which the receiver asked not to be sent anything
 */
export function nextTry(
  tries: number,
  now: Date,
  wanted: number | null,
  random: () => number = Math.random,
): Date | null {
  const pause = PAUSES[tries - 1];
  if (pause === undefined) return null;
  const seconds = Math.max(pause * (1 + JITTER * random()), Math.min(wanted ?? 0, LONGEST));
  return new Date(now.getTime() + Math.round(seconds * 1_000));
}

/** Until when the receiver wants nothing. */
export function quietUntil(now: Date, wanted: number): Date {
  return new Date(now.getTime() + Math.min(wanted, LONGEST) * 1_000);
}

/** Seconds that a Retry-After asks for, as a number or a date (RFC 9110, 10.2.3); null for anything else. */
export function retryAfterIn(text: string | undefined, now: Date): number | null {
  if (text === undefined) return null;
  const seconds = /^\d+$/.test(text) ? Number(text) : Math.ceil((Date.parse(text) - now.getTime()) / 1_000);
  return seconds > 0 ? seconds : null;
}
