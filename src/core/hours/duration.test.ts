import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readBudget, readTime, splitTime, timeText } from './duration.ts';

describe('a length of time', () => {
  test.each<[string, number]>([
    ['2h', 120],
    ['2 h', 120],
    ['2H', 120],
    ['1:30', 90],
    ['0:05', 5],
    ['1:30h', 90],
    ['90m', 90],
    ['90 min', 90],
    ['1.5h', 90],
    ['1,5h', 90],
    ['1.25 hours', 75],
    ['0.1h', 6],
    ['2h 15m', 135],
    ['2h15m', 135],
    ['2h15', 135],
    ['2 hours 15 minutes', 135],
    ['  45m  ', 45],
    ['24h', 1440],
    ['24:00', 1440],
    ['1440m', 1440],
    ['1h 90m', 150],
  ])('written as %j is %d minutes', (text, minutes) => {
    expect(readTime(text)).toEqual({ value: minutes });
  });

  test.each<[string, string]>([
    ['0', 'says no unit: 0h or 0m?'],
    ['0h', 'is more than 0; write it like 2h, 1:30, 90m or 2h 15m'],
    ['0:00', 'is more than 0; write it like 2h, 1:30, 90m or 2h 15m'],
    ['0m', 'is more than 0; write it like 2h, 1:30, 90m or 2h 15m'],
    ['-2h', 'is below 0; write it like 2h, 1:30, 90m or 2h 15m'],
    ['−2h', 'is below 0; write it like 2h, 1:30, 90m or 2h 15m'],
    ['25h', 'is more than a day has: log at most 24h, each day by itself'],
    ['24:01', 'is more than a day has: log at most 24h, each day by itself'],
    ['1441m', 'is more than a day has: log at most 24h, each day by itself'],
    ['99999h', 'is more than a day has: log at most 24h, each day by itself'],
    ['90', 'says no unit: 90h or 90m?'],
    ['1.5', 'says no unit: 1.5h or 1.5m?'],
    ['1.33h', 'comes to no whole minute; write it like 2h, 1:30, 90m or 2h 15m'],
    ['', 'is no length of time; write it like 2h, 1:30, 90m or 2h 15m'],
    ['soon', 'is no length of time; write it like 2h, 1:30, 90m or 2h 15m'],
    ['1:75', 'is no length of time; write it like 2h, 1:30, 90m or 2h 15m'],
    ['1.555h', 'is no length of time; write it like 2h, 1:30, 90m or 2h 15m'],
    ['1e3h', 'is no length of time; write it like 2h, 1:30, 90m or 2h 15m'],
    ['2h 15', 'is no length of time; write it like 2h, 1:30, 90m or 2h 15m'],
    ['٢h', 'is no length of time; write it like 2h, 1:30, 90m or 2h 15m'],
    ['2d', 'is no length of time; write it like 2h, 1:30, 90m or 2h 15m'],
    ['NaNh', 'is no length of time; write it like 2h, 1:30, 90m or 2h 15m'],
  ])('written as %j is refused with what to write', (text, fault) => {
    expect(readTime(text)).toEqual({ fault });
  });

  test('of a budget may be more than a day, and has an end too', () => {
    expect(readBudget('40h')).toEqual({ value: 2_400 });
    expect(readBudget('10000h')).toEqual({ value: 600_000 });
    expect(readBudget('10001h')).toEqual({ fault: 'is more than 10,000h' });
  });

  test('is written so that it can be read again, whatever it is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 600_000 }), (minutes) => {
        expect(readBudget(timeText(minutes))).toEqual({ value: minutes });
      }),
      { numRuns: 1_000 },
    );
  });

  test('is told from the words behind it', () => {
    expect(splitTime('2h fixing the header')).toEqual({ time: '2h', rest: 'fixing the header' });
    expect(splitTime('2h 15m fixing')).toEqual({ time: '2h 15m', rest: 'fixing' });
    expect(splitTime('2 hours 15 minutes fixing')).toEqual({ time: '2 hours 15 minutes', rest: 'fixing' });
    expect(splitTime('1:30: fixing')).toEqual({ time: '1:30', rest: 'fixing' });
    // Fifteen pages are no minutes.
    expect(splitTime('2h 15 pages')).toEqual({ time: '2h', rest: '15 pages' });
    expect(splitTime('fixing 2h')).toEqual({ time: null, rest: 'fixing 2h' });
    expect(splitTime('')).toEqual({ time: null, rest: '' });
  });
});
