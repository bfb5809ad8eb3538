import { describe, expect, test } from '@jest/globals';
import type { PartReport } from './report.ts';
import { markdown, withParts } from './report.ts';

const FACTS = [['Processor', '2 × a processor']];
const part = (title: string, measured: string): PartReport => ({
  ...{ id: title, title, how: 'By a clock.', tables: [] },
  results: [{ name: 'speed', target: '≥ 1', measured, pass: true }],
});
const page = markdown(FACTS, [part('Presses', '1.1'), part('Webhooks', '1.2')]);

describe('a part that is measured anew', () => {
  test.each([
    ['first', [part('Presses', '1.3')], [part('Presses', '1.3'), part('Webhooks', '1.2')]],
    ['last', [part('Webhooks', '1.3')], [part('Presses', '1.1'), part('Webhooks', '1.3')]],
  ])('stands in the place of the old one, and all else as it was: the %s', (_place, anew, whole) => {
    expect(withParts(page, FACTS, anew)).toBe(markdown(FACTS, whole));
  });

  test('is not put among those of another machine, nor where there was none', () => {
    expect(() => withParts(page, [['Processor', '8 × another']], [part('Presses', '9')])).toThrow('another machine');
    expect(() => withParts(page, FACTS, [part('Mails', '9')])).toThrow('no part "Mails"');
  });
});
