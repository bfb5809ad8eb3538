import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { duePeriods, lookAtOf, nextOn, periodOf } from './periods.ts';
import type { Every, Subscription } from './schema.ts';

type Running = Parameters<typeof duePeriods>[0];

const of = (startsOn: string, more: Partial<Running> = {}): Running => ({
  ...{ startsOn, every: 'monthly', billed: 0, timezone: 'America/New_York', state: { status: 'running' } },
  ...more,
});
const ended: Subscription['state'] = { status: 'ended', byName: 'Ada', at: new Date(0), reason: 'Moved away' };

/** So many days after a day, by the calendar of Date alone. */
function dayAfter(day: string, days = 1): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** The n-th beginning, on paper: the same day of a later month, or the last one that it has. */
function beginningOf(startsOn: string, months: number): string {
  const [year = 0, month = 1, day = 1] = startsOn.split('-').map(Number);
  const at = month - 1 + months;
  const last = new Date(Date.UTC(year, at + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, at, Math.min(day, last))).toISOString().slice(0, 10);
}

const MONTHS: Readonly<Record<Every, number>> = { monthly: 1, quarterly: 3, yearly: 12 };
const anyDay = fc.integer({ min: 0, max: 20_000 }).map((days) => dayAfter('2000-01-01', days));

describe('periods', () => {
  test('begin on the day of the first one, or the last day that a month has, and come back to it', () => {
    const begins = [0, 1, 2, 3, 13].map((number) => periodOf(of('2026-01-31'), number).from);

    expect(begins).toEqual(['2026-01-31', '2026-02-28', '2026-03-31', '2026-04-30', '2027-02-28']);
    expect(periodOf(of('2024-02-29', { every: 'yearly' }), 1)).toEqual({ from: '2025-02-28', to: '2026-02-27' });
    expect(periodOf(of('2024-02-29', { every: 'yearly' }), 4).from).toBe('2028-02-29');
    expect(periodOf(of('2026-11-30', { every: 'quarterly' }), 1)).toEqual({ from: '2027-02-28', to: '2027-05-29' });
  });

  test('follow one another without a gap, and begin where somebody who counts on paper says', () => {
    fc.assert(
      fc.property(
        anyDay,
        fc.constantFrom<Every>('monthly', 'quarterly', 'yearly'),
        fc.nat({ max: 150 }),
        (day, every, n) => {
          const [one, next] = [periodOf(of(day, { every }), n), periodOf(of(day, { every }), n + 1)];

          expect(one.from).toBe(beginningOf(day, MONTHS[every] * n));
          expect(next.from).toBe(dayAfter(one.to));
          expect(one.from <= one.to).toBe(true);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('are billed each once, however late and in how many parts anybody looks', () => {
    fc.assert(
      fc.property(
        anyDay,
        fc.constantFrom<Every>('monthly', 'quarterly', 'yearly'),
        fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 15 }),
        fc.integer({ min: 1, max: 12 }),
        (day, every, waits, most) => {
          let it = of(day, { every });
          let today = day;
          const billed: string[] = [];
          for (const wait of waits) {
            today = dayAfter(today, wait);
            const due = duePeriods(it, today, most);
            billed.push(...due.map(({ from }) => from));
            it = { ...it, billed: it.billed + due.length };
          }
          // What was left because it was too much is found by those who look after that.
          for (let due = duePeriods(it, today, most); due.length; due = duePeriods(it, today, most)) {
            billed.push(...due.map(({ from }) => from));
            it = { ...it, billed: it.billed + due.length };
          }

          const expected: string[] = [];
          for (let n = 0; beginningOf(day, MONTHS[every] * n) <= today; n += 1)
            expected.push(beginningOf(day, MONTHS[every] * n));
          expect(billed).toEqual(expected);
          expect((nextOn(it) ?? '') > today).toBe(true);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test('begin at midnight where the client is, also on the days on which clocks are set', () => {
    expect(lookAtOf(of('2026-11-01'))).toEqual(new Date('2026-11-01T04:00:00Z'));
    expect(lookAtOf(of('2026-11-01', { billed: 1 }))).toEqual(new Date('2026-12-01T05:00:00Z'));
    expect(lookAtOf(of('2026-03-29', { timezone: 'Europe/Berlin' }))).toEqual(new Date('2026-03-28T23:00:00Z'));
    // A day that has no midnight begins an hour later.
    expect(lookAtOf(of('2026-09-06', { timezone: 'America/Santiago' }))).toEqual(new Date('2026-09-06T04:00:00Z'));
  });

  test('that have not begun are not billed, and none is of what has ended', () => {
    expect(duePeriods(of('2026-11-02'), '2026-11-01', 12)).toEqual([]);
    expect(duePeriods(of('2026-01-01', { state: ended }), '2026-12-01', 12)).toEqual([]);
    expect([nextOn(of('2026-01-01', { state: ended })), lookAtOf(of('2026-01-01', { state: ended }))]).toEqual([
      null,
      null,
    ]);
    expect(duePeriods(of('2026-01-31'), '2026-03-30', 12).map(({ from }) => from)).toEqual([
      '2026-01-31',
      '2026-02-28',
    ]);
  });
});
