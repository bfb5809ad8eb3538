import { DateTime } from 'luxon';
import type { Quiet } from './schema.ts';

/** Wherever people live, hours begin on a quarter of an hour, and clocks are set forward and back on one. */
const QUARTER = 15 * 60_000;

/**
 * When the quiet hours end in which a moment lies; null outside of them. Whoever is told then is told in no quiet hour, also
 * where the clock is set forward over the end, or back over it.
 */
export function quietUntil(now: Date, quiet: Quiet | null, timezone: string): Date | null {
  if (!quiet || !isQuiet(now, quiet, timezone)) return null;
  // Hours come again and again, so this ends within a day and the hour of a clock that is set back.
  let end = Math.floor(now.getTime() / QUARTER) * QUARTER + QUARTER;
  while (isQuiet(new Date(end), quiet, timezone)) end += QUARTER;
  return new Date(end);
}

function isQuiet(at: Date, { from, to }: Quiet, timezone: string): boolean {
  const { hour } = DateTime.fromJSDate(at, { zone: timezone });
  return from < to ? hour >= from && hour < to : hour >= from || hour < to;
}

const MONDAY = 1;

/**
 * The next moment at which a digest comes, behind `now`: once on each day, or each Monday, by the calendar of the person. On a day
 * without that hour it comes when the clock was set forward; on a day that has it twice, the first time.
 */
export function nextDigest(now: Date, { hour, weekly }: { hour: number; weekly: boolean }, timezone: string): Date {
  const today = DateTime.fromJSDate(now, { zone: timezone }).startOf('day');
  // Of two Mondays one is not over, and of a week and a day one is later than now.
  for (let days = 0; ; days += 1) {
    const day = today.plus({ days }).startOf('day');
    const at = day.set({ hour });
    if (at.toMillis() > now.getTime() && (!weekly || day.weekday === MONDAY)) return at.toJSDate();
  }
}
