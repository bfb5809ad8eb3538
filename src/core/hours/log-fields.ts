import { todayOf } from '../kernel/dates.ts';
import { wrong } from '../kernel/faults.ts';
import { choice, day, line } from '../kernel/field.ts';
import type { Read } from '../kernel/money.ts';
import { DAY, readTime, timeText } from './duration.ts';

/** What is said of each entry. */
export const time = line({ label: 'How long?', most: 40, placeholder: '2h', hint: 'Like 2h, 1:30, 90m or 2h 15m.' });
export const note = line({
  label: 'What was done?',
  least: 2,
  placeholder: 'Fixed the header',
  hint: 'The client reads it once the month is sent.',
});
export const worked = day({ label: 'Day' });
export const billable = choice(['yes', 'no'], {
  label: 'Does it count for the client?',
  labels: { yes: 'Yes', no: 'No, the client sees nothing of it' },
});

/** @throws DomainError invalid, beside the field */
export function minutesOf(name: string, typed: string, read: (text: string) => Read<number> = readTime): number {
  const found = read(typed);
  if ('fault' in found) throw wrong({ [name]: found.fault });
  return found.value;
}

/** The database knows no year 0, and budgets are of months from here on. */
export const FIRST_DAY = '1000-01-01';

/** @throws DomainError invalid, beside the field, for a day that has not begun where they are */
export function requireBegun(worked: string, now: Date, timezone: string): void {
  if (worked < FIRST_DAY) throw wrong({ day: 'is too long ago' });
  const today = todayOf(now, timezone);
  if (worked > today) throw wrong({ day: `has not begun: today is ${today}. Log what was worked` });
}

/** @throws DomainError invalid, beside the field, where it makes more of a day than it has */
export function requireRoom(minutes: number, others: number): void {
  if (minutes + others > DAY)
    throw wrong({ time: `makes more of that day than its 24h: ${timeText(others)} of it are logged already` });
}
