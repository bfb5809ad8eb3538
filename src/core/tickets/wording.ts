import type { Actor } from '../kernel/actor.ts';
import type { Kind, Status } from './schema.ts';

/** A status as a badge. */
export const LABELS: Readonly<Record<Status, string>> = {
  new: 'New',
  needs_info: 'Needs information',
  approved: 'Approved',
  in_progress: 'In progress',
  resolved: 'Resolved',
  declined: 'Declined',
  duplicate: 'Duplicate',
};

export const KIND_LABELS: Readonly<Record<Kind, string>> = { bug: 'Bug', change: 'Change' };

/** An instant in the reader's time zone. Never relative to now: a posted card must not grow old by itself. */
export function timeText(at: Date | string, { timezone }: Actor): string {
  const clock = clockOf(timezone);
  const minute = Math.floor(new Date(at).getTime() / 60_000);
  if (clock.minute !== minute) {
    const parts: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {};
    for (const { type, value } of clock.format.formatToParts(minute * 60_000)) parts[type] = value;
    clock.minute = minute;
    clock.text = `${parts.day} ${parts.month} ${parts.year}, ${parts.hour}:${parts.minute}`;
  }
  return clock.text;
}

/** A time zone's format, and what was asked of it last: most of what is shown at a time is of one minute. */
interface Clock {
  format: Intl.DateTimeFormat;
  minute: number;
  text: string;
}

const clocks = new Map<string, Clock>();

/** Kept: making one takes far longer than reading it. */
function clockOf(timeZone: string): Clock {
  let clock = clocks.get(timeZone);
  if (!clock) {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      year: 'numeric',
      month: 'short',
      day: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    clock = { format, minute: Number.NaN, text: '' };
    clocks.set(timeZone, clock);
  }
  return clock;
}

/** A status inside a sentence: "#12 is …". */
export const SAYS: Readonly<Record<Status, string>> = {
  new: 'new',
  needs_info: 'waiting for information',
  approved: 'approved',
  in_progress: 'in progress',
  resolved: 'resolved',
  declined: 'declined',
  duplicate: 'a duplicate',
};

/** "40 min", "3 h", "2 days": how long something takes that nobody wants to know by the minute. */
export function durationText(minutes: number): string {
  if (minutes < 90) return `${Math.max(1, Math.round(minutes))} min`;
  const hours = minutes / 60;
  return hours < 36 ? `${Math.round(hours)} h` : `${Math.round(hours / 24)} days`;
}
