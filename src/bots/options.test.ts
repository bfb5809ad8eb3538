import { expect, test } from '@jest/globals';
import { fittingOptions } from './options.ts';

const options = Array.from({ length: 300 }, (_, at) => ({ value: `${at}`, label: `Choice ${at}` }));
const shown = (room: number, value?: string) => fittingOptions(options, room, value).map((one) => one.value);

test('a list has the first choices that it has room for, in their order', () => {
  expect(shown(300)).toHaveLength(300);
  expect(shown(3)).toEqual(['0', '1', '2']);
});

test('what is chosen or ticked is among them, however late it stands', () => {
  expect(shown(3, '299')).toEqual(['0', '1', '299']);
  expect(shown(4, '299,7,1')).toEqual(['0', '1', '7', '299']);
  expect(shown(1, '299,7')).toEqual(['7', '299']);
});

test('what was never offered, and more than can be ticked, takes no room', () => {
  expect(shown(3, 'nonsense,1000')).toEqual(['0', '1', '2']);
  expect(shown(3, options.map(({ value }) => value).join())).toHaveLength(100);
});
