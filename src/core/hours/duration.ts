import type { Read } from '../kernel/money.ts';

/** Minutes of a day, and of the largest budget: ten thousand hours. */
export const DAY = 24 * 60;
const MOST = 10_000 * 60;

const CLOCK = /^(\d{1,5}):([0-5]\d)\s*h?$/i;
const HOURS = /^(\d{1,5})(?:[.,](\d{1,2}))?\s*(?:h|hrs?|hours?)(?:\s*(\d{1,5})\s*(?:m|mins?|minutes?)|([0-5]\d))?$/i;
const MINUTES = /^(\d{1,5})\s*(?:m|mins?|minutes?)$/i;
/** What several words may be at most: “2 hours 15 minutes”. */
const MOST_WORDS = 4;

const CURE = 'write it like 2h, 1:30, 90m or 2h 15m';

/** What somebody worked on one day, in minutes. */
export function readTime(text: string): Read<number> {
  return read(text, DAY, 'is more than a day has: log at most 24h, each day by itself');
}

/** What is planned or asked for in a month, in minutes. */
export function readBudget(text: string): Read<number> {
  return read(text, MOST, 'is more than 10,000h');
}

function read(text: string, most: number, tooMuch: string): Read<number> {
  const words = text.trim();
  if (/^[-−–]/.test(words)) return { fault: `is below 0; ${CURE}` };
  const minutes = minutesIn(words);
  if (minutes === null) {
    const bare = /^\d+([.,]\d+)?$/.test(words);
    return { fault: bare ? `says no unit: ${words}h or ${words}m?` : `is no length of time; ${CURE}` };
  }
  if (!Number.isInteger(minutes)) return { fault: `comes to no whole minute; ${CURE}` };
  if (minutes === 0) return { fault: `is more than 0; ${CURE}` };
  return minutes > most ? { fault: tooMuch } : { value: minutes };
}

/** Minutes, whole or not; null for what is no length of time. Hours are counted in hundredths, so that nothing is rounded. */
function minutesIn(words: string): number | null {
  const clock = CLOCK.exec(words);
  if (clock) return Number(clock[1]) * 60 + Number(clock[2]);
  const minutes = MINUTES.exec(words);
  if (minutes) return Number(minutes[1]);
  const hours = HOURS.exec(words);
  if (!hours) return null;
  const [, whole = '', part = '', more, attached] = hours;
  const hundredths = Number(whole) * 100 + Number(part.padEnd(2, '0'));
  return (hundredths * 60) / 100 + Number(more ?? attached ?? 0);
}

/** The length of time with which words begin, as it was written, and what stands behind it. */
export function splitTime(text: string): { time: string | null; rest: string } {
  const words = text.trim().split(/\s+/);
  for (let count = Math.min(MOST_WORDS, words.length); count > 0; count -= 1) {
    const time = words
      .slice(0, count)
      .join(' ')
      .replace(/[,:;]$/, '');
    if (minutesIn(time) !== null) return { time, rest: words.slice(count).join(' ') };
  }
  return { time: null, rest: words.join(' ') };
}

/** "2h 15m", "45m", "40h": as it may be typed again. */
export function timeText(minutes: number): string {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (!hours) return `${rest}m`;
  return rest ? `${hours}h ${rest}m` : `${hours}h`;
}
