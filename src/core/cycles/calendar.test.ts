import { describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { businessDaysLater, dayOf, lastReminderMoment, timeText, windowAfter, windowFrom } from './calendar.ts';

const newYork = { timezone: 'America/New_York', holidays: ['2026-11-26'] };
const kolkata = { timezone: 'Asia/Kolkata', holidays: [] };
const auckland = { timezone: 'Pacific/Auckland', holidays: ['2027-04-26'] };

const utc = (text: string) => new Date(`${text}Z`);
const instants = ({ opensAt, closesAt }: { opensAt: Date; closesAt: Date }) => [
  opensAt.toISOString(),
  closesAt.toISOString(),
];

describe('the review week after a cycle’s end', () => {
  test('opens at nine on the next business day and closes at five on the last of its business days', () => {
    // Friday 27 November → Monday to Friday, 09:00 EST to 17:00 EST.
    expect(instants(windowAfter('2026-11-27', 5, newYork))).toEqual([
      '2026-11-30T14:00:00.000Z',
      '2026-12-04T22:00:00.000Z',
    ]);
  });

  test('leaves out weekends and the client’s holidays', () => {
    // Wednesday 25 November; Thursday is Thanksgiving, so Friday is the first day and Tuesday the third.
    expect(instants(windowAfter('2026-11-25', 3, newYork))).toEqual([
      '2026-11-27T14:00:00.000Z',
      '2026-12-01T22:00:00.000Z',
    ]);
  });

  test('keeps nine and five on the wall clock when clocks go back in New York', () => {
    // Clocks go back on Sunday 1 November 2026: opens 09:00 EDT (UTC−4), closes 17:00 EST (UTC−5).
    expect(instants(windowAfter('2026-10-29', 2, newYork))).toEqual([
      '2026-10-30T13:00:00.000Z',
      '2026-11-02T22:00:00.000Z',
    ]);
  });

  test('keeps them when clocks go forward in New York', () => {
    // Sunday 14 March 2027.
    expect(instants(windowAfter('2027-03-11', 2, newYork))).toEqual([
      '2027-03-12T14:00:00.000Z',
      '2027-03-15T21:00:00.000Z',
    ]);
  });

  test('is counted in half-hour zones that know no summer time', () => {
    expect(instants(windowAfter('2026-11-27', 5, kolkata))).toEqual([
      '2026-11-30T03:30:00.000Z',
      '2026-12-04T11:30:00.000Z',
    ]);
  });

  test('keeps them in Auckland, where clocks go back in April, over a weekend and a holiday', () => {
    // Clocks go back on Sunday 4 April 2027: NZDT (UTC+13) → NZST (UTC+12).
    expect(instants(windowAfter('2027-04-01', 2, auckland))).toEqual([
      '2027-04-01T20:00:00.000Z',
      '2027-04-05T05:00:00.000Z',
    ]);
    // Anzac Day is observed on Monday 26 April 2027.
    expect(instants(windowAfter('2027-04-23', 1, auckland))).toEqual([
      '2027-04-26T21:00:00.000Z',
      '2027-04-27T05:00:00.000Z',
    ]);
  });

  test('always has its business days on the client’s calendar, whatever the end, length and zone', () => {
    const wrong: string[] = [];
    for (const calendar of [newYork, kolkata, auckland]) {
      for (let offset = 0; offset < 400; offset += 1) {
        const endsOn = DateTime.fromISO('2026-09-01').plus({ days: offset }).toFormat('yyyy-MM-dd');
        const days = 1 + (offset % 7);
        const { opensAt, closesAt } = windowAfter(endsOn, days, calendar);
        const first = DateTime.fromJSDate(opensAt, { zone: calendar.timezone });
        const last = DateTime.fromJSDate(closesAt, { zone: calendar.timezone });

        const found = [first.toFormat('HH:mm'), last.toFormat('HH:mm'), businessDays(first, last, calendar.holidays)];
        if (first.toFormat('yyyy-MM-dd') <= endsOn || found.join() !== `09:00,17:00,${days}`)
          wrong.push(`${endsOn} ${days} ${calendar.timezone}: ${found.join()}`);
      }
    }

    expect(wrong).toEqual([]);
  });
});

/** Counted day by day, independently of the code under test; 0 when it starts or ends on a day off. */
function businessDays(first: DateTime, last: DateTime, holidays: readonly string[]): number {
  let count = 0;
  for (let day = first.startOf('day'); day <= last; day = day.plus({ days: 1 })) {
    const off = day.weekday > 5 || holidays.includes(day.toFormat('yyyy-MM-dd'));
    if (off && (day.hasSame(first, 'day') || day.hasSame(last, 'day'))) return 0;
    if (!off) count += 1;
  }
  return count;
}

describe('a review that opens now', () => {
  test('does not count a day that has begun', () => {
    // Monday 30 November, 15:00 in New York: five whole days are Tuesday to Monday.
    expect(instants(windowFrom(utc('2026-11-30T20:00:00'), 5, newYork))).toEqual([
      '2026-11-30T20:00:00.000Z',
      '2026-12-07T22:00:00.000Z',
    ]);
  });

  test('does not count a day whose first minutes are over', () => {
    expect(windowFrom(utc('2026-11-30T14:01:00'), 1, newYork).closesAt).toEqual(utc('2026-12-01T22:00:00'));
  });

  test('counts a business day that has not begun yet, by the client’s clock', () => {
    // 03:00 UTC on Monday is 08:30 in Kolkata, and still Sunday evening in New York.
    const now = utc('2026-11-30T03:00:00');

    expect(windowFrom(now, 1, kolkata).closesAt).toEqual(utc('2026-11-30T11:30:00'));
    expect(windowFrom(now, 1, newYork).closesAt).toEqual(utc('2026-11-30T22:00:00'));
  });
});

describe('reminders', () => {
  const window = windowAfter('2026-11-27', 5, newYork);
  const at = (text: string) => lastReminderMoment(window, utc(text), newYork)?.toISOString() ?? null;

  test('are due one business day before the close, at the close, and then weekly', () => {
    expect(at('2026-12-03T21:59:59')).toBeNull();
    expect(at('2026-12-03T22:00:00')).toBe('2026-12-03T22:00:00.000Z');
    expect(at('2026-12-04T21:59:59')).toBe('2026-12-03T22:00:00.000Z');
    expect(at('2026-12-04T22:00:00')).toBe('2026-12-04T22:00:00.000Z');
    expect(at('2026-12-11T21:59:59')).toBe('2026-12-04T22:00:00.000Z');
    expect(at('2026-12-11T22:00:00')).toBe('2026-12-11T22:00:00.000Z');
    expect(at('2026-12-31T00:00:00')).toBe('2026-12-25T22:00:00.000Z');
  });

  test('do not come before the review opened', () => {
    const short = windowAfter('2026-11-27', 1, newYork);

    expect(lastReminderMoment(short, utc('2026-11-30T15:00:00'), newYork)).toBeNull();
    expect(lastReminderMoment(short, utc('2026-11-30T22:00:00'), newYork)).toEqual(short.closesAt);
  });
});

test('times are written on the reader’s clock with the zone named', () => {
  const instant = utc('2026-12-04T22:00:00');

  expect(timeText(instant, 'America/New_York')).toBe('Fri 4 Dec 2026, 17:00 (America/New_York)');
  expect(timeText(instant, 'Pacific/Auckland')).toBe('Sat 5 Dec 2026, 11:00 (Pacific/Auckland)');
  expect(dayOf(instant, 'Pacific/Auckland')).toBe('2026-12-05');
});

test('business days are counted from the day it is for the client', () => {
  expect(businessDaysLater(utc('2026-11-25T02:00:00'), 2, newYork)).toBe('2026-11-27');
  expect(businessDaysLater(utc('2026-11-25T02:00:00'), 2, kolkata)).toBe('2026-11-27');
});
