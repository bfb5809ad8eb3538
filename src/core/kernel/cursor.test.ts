import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { longestCursor, readCursor, writeCursor } from './cursor.ts';

const key = { rank: 'number', at: 'instant', on: 'day', id: 'id' } as const;

test('a cursor comes back as it went, and is never longer than it may be', () => {
  const place = fc.record({
    rank: fc.integer({ min: -99, max: 99 }),
    at: fc.date({ min: new Date(0), max: new Date('2059-01-01'), noInvalidDate: true }),
    on: fc.integer({ min: 0, max: 40_000 }).map((day) => new Date(day * 86_400_000).toISOString().slice(0, 10)),
    id: fc.uuid(),
  });
  fc.assert(
    fc.property(place, (given) => {
      const text = writeCursor(key, given);
      expect(readCursor(key, text)).toEqual(given);
      expect(text.length).toBeLessThanOrEqual(longestCursor(key).length);
      expect(encodeURIComponent(text)).toBe(text);
    }),
  );
});

test('what nobody wrote is no place, and no cursor of one list is one of another', () => {
  const id = writeCursor({ id: 'id' }, { id: '0b9c1c1e-6c1f-4f43-9a52-0e3c1f0a7b11' });
  for (const text of ['', '.', '...', `1.1.${id}`, `1.1.zz.${id}`, `x!.1.1.${id}`, `1.1.1.${id}.1`, `1.1.1.${id}=`])
    expect(readCursor(key, text)).toBeNull();
  expect(readCursor({ id: 'id' }, `${id}x`)).toBeNull();
  fc.assert(fc.property(fc.string(), (text) => void readCursor(key, text)));
});
