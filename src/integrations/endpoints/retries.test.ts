import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { nextTry, PAUSES, quietUntil, retryAfterIn } from './retries.ts';

const NOW = new Date('2026-11-27T12:00:00Z');
const DAY = 86_400;
const pause = (tries: number, wanted: number | null, random: number) => {
  const next = nextTry(tries, NOW, wanted, () => random);
  return next && (next.getTime() - NOW.getTime()) / 1_000;
};

test('is tried nine times more over a little more than three days, and then no more', () => {
  const all = PAUSES.map((_, index) => pause(index + 1, null, 0));

  expect(all).toEqual([5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400]);
  expect(all.reduce<number>((sum, one) => sum + (one ?? 0), 0) / DAY).toBeCloseTo(3.14, 1);
  expect(pause(PAUSES.length + 1, null, 0)).toBeNull();
});

test('waits up to a tenth longer by chance, and never less', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: PAUSES.length }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (tries, random) => {
        const least = PAUSES[tries - 1] as number;
        const waited = pause(tries, null, random) as number;
        expect(waited).toBeGreaterThanOrEqual(least);
        expect(waited).toBeLessThanOrEqual(least * 1.1 + 0.001);
      },
    ),
  );
});

test('heeds a Retry-After that is longer, up to a day', () => {
  expect(pause(1, 120, 0)).toBe(120);
  expect(pause(2, 120, 0)).toBe(300);
  expect(pause(1, 30 * DAY, 0)).toBe(DAY);
  expect(quietUntil(NOW, 30 * DAY)).toEqual(new Date(NOW.getTime() + DAY * 1_000));
});

test.each([
  ['120', 120],
  ['Fri, 27 Nov 2026 12:02:00 GMT', 120],
  ['Fri, 27 Nov 2026 11:00:00 GMT', null],
  ['0', null],
  ['-5', null],
  ['soon', null],
  [undefined, null],
])('reads the Retry-After %s as %s seconds', (text, seconds) => {
  expect(retryAfterIn(text, NOW)).toBe(seconds);
});
