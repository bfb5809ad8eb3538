import { EventEmitter } from 'node:events';
import { expect, test } from '@jest/globals';
import { countWaiting, isHurried, openDoor } from './door.ts';

test('people come first while one waits, and for a moment after the last answer', () => {
  const door = openDoor();
  const count = countWaiting(door);
  const ask = () => {
    const response = new EventEmitter();
    count({} as never, response as never, () => undefined);
    return response;
  };
  expect(isHurried(door)).toBe(false);

  const [one, other] = [ask(), ask()];
  one.emit('close');
  expect([door.waiting, isHurried(door, door.answeredAt + 10_000)]).toEqual([1, true]);
  other.emit('close');
  expect(door.waiting).toBe(0);
  expect(isHurried(door, door.answeredAt + 99)).toBe(true);
  expect(isHurried(door, door.answeredAt + 100)).toBe(false);
});
