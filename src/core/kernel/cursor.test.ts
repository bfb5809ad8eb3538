import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { longestCursor, readCursor, writeCursor } from './cursor.ts';

const key = { rank: 'number', level: 'rank', at: 'instant', on: 'day', id: 'id' } as const;

test('a cursor comes back as it went, and is never longer than it may be', () => {
  const place = fc.record({
    level: fc.integer({ min: 0, max: 9 }).map(String),
    rank: fc.integer({ min: -99, max: 99 }).map(String),
    at: fc.integer({ min: 0, max: Date.UTC(2085, 0) * 1000 }).map(String),
    on: fc.integer({ min: 0, max: 40_000 }).map((day) => new Date(day * 86_400_000).toISOString().slice(0, 10)),
    id: fc.uuid(),
  });
  fc.assert(
    fc.property(place, ({ rank, level, at, on, id }) => {
      const text = writeCursor(key, [rank, level, at, on, id]);
      const instant = `${new Date(Math.floor(Number(at) / 1000)).toISOString().slice(0, -1)}${at.slice(-3).padStart(3, '0')}Z`;
      expect(readCursor(key, text)).toEqual([rank, level, instant, on, id]);
      expect(text.length).toBeLessThanOrEqual(longestCursor(key).length);
      expect(encodeURIComponent(text)).toBe(text);
    }),
  );
});

test('a cursor of the previous release, which counts milliseconds, leads to the same place', () => {
  const at = new Date('2026-11-25T10:00:00.123Z');
  expect(readCursor({ at: 'instant' }, at.getTime().toString(36))).toEqual(['2026-11-25T10:00:00.123000Z']);
});

test('what nobody wrote is no place, and no cursor of one list is one of another', () => {
  const id = writeCursor({ name: 'looked up', id: 'id' }, ['0b9c1c1e-6c1f-4f43-9a52-0e3c1f0a7b11']);
  for (const text of ['', '.', '...', `1.1.${id}`, `1.1.zz.${id}`, `x!.1.1.${id}`, `1.1.1.${id}.1`, `1.1.1.${id}=`])
    expect(readCursor(key, text)).toBeNull();
  expect(readCursor({ id: 'id' }, `${id}x`)).toBeNull();
  fc.assert(fc.property(fc.string(), (text) => void readCursor(key, text)));
});
