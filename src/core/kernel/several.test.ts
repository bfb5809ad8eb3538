import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import type { Asking } from './asking.ts';
import { fieldsOf, nothingToChoose } from './asking.ts';
import { parseInput } from './command.ts';
import { clearable, optional, several } from './field.ts';
import { lacksFields } from './form.ts';
import { MOST_TICKED, tickedOf, ticksFor, ticksIn } from './ticks.ts';

const look = { label: 'Parts' };
const parts = several(look);
const offered = ['1', '2', '3'];
const options = offered.map((value) => ({ value, label: `Part ${value}` }));

/** What is beside the field where it is refused. */
function faultOf(work: () => unknown): string {
  try {
    return JSON.stringify(work());
  } catch (error) {
    return (error as { detail: { fields: { parts: string } } }).detail.fields.parts;
  }
}
const read = (given: unknown, schema: z.ZodType = parts) =>
  parseInput(z.strictObject({ parts: schema }), { parts: given });
const drawn = (schema = parts, asking: Asking = { choices: { parts: options } }, proposed = {}) =>
  fieldsOf({ parts: schema }, asking, proposed)[0];

describe('what is ticked', () => {
  test.each<[unknown, string[]]>([
    ['2,3', ['2', '3']],
    [
      ['2', '3'],
      ['2', '3'],
    ],
    ['3; 2  2\n', ['3', '2']],
    [['2', '2'], ['2']],
    ['', []],
    [[], []],
    [['', ' '], []],
    ['none', []],
    ['No', []],
    ['none, 2', ['none', '2']],
    ['all', ['all']],
  ])('%j is read as %j, whichever door it came by', (given, ticks) => {
    expect(read(given)).toEqual({ parts: ticks });
  });

  test.each<[string, unknown, string]>([
    ['nothing', undefined, 'is needed'],
    ['null', null, 'is a list of choices'],
    ['a number', 2, 'is a list of choices'],
    ['a list of numbers', [2], 'is a list of choices'],
    ['an object', { 0: '2' }, 'is a list of choices'],
    ['a list of a thousand', Array.from({ length: 1_000 }, () => '2'), 'may have at most 100 of the choices'],
    [
      'a thousand in one text',
      Array.from({ length: 1_000 }, (_, at) => at).join(),
      'may have at most 100 of the choices',
    ],
    ['a megabyte', 'x'.repeat(1_000_000), 'may have at most 100 of the choices'],
    ['a NUL', '2\0', 'holds a character that cannot be kept'],
  ])('%s is refused beside the field', (_what, given, fault) => {
    expect(faultOf(() => read(given))).toBe(fault);
  });

  test('is as many as are needed, and no more than may be', () => {
    const two = several({ ...look, least: 1, most: 2 });

    expect(read('1,2', two)).toEqual({ parts: ['1', '2'] });
    expect(faultOf(() => read('', two))).toBe('needs at least 1 of the choices');
    expect(faultOf(() => read('none', two))).toBe('needs at least 1 of the choices');
    expect(faultOf(() => read('1,2,3', two))).toBe('may have at most 2 of the choices');
  });

  test('may be left out or cleared like any other field', () => {
    expect(read('', optional(parts))).toEqual({});
    expect(read('2', optional(parts))).toEqual({ parts: ['2'] });
    expect(read('', clearable(parts))).toEqual({ parts: null });
  });

  test('has a JSON Schema that says both ways of writing it', () => {
    expect(z.toJSONSchema(z.strictObject({ parts }), { io: 'input' })).toMatchObject({
      required: ['parts'],
      properties: { parts: { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] } },
    });
  });
});

describe('against what is offered', () => {
  test('it stands in the order of the offer, each once, and “all” is all of it', () => {
    expect(tickedOf('parts', ['3', '1', '3'], offered)).toEqual(['1', '3']);
    expect(tickedOf('parts', ['ALL'], offered)).toEqual(offered);
    expect(tickedOf('parts', [], offered)).toEqual([]);
  });

  test.each([['4'], ['1', '4'], ['all', '1'], ['none', '1'], ['01'], ['__proto__']])(
    '%j was not offered, or is not any more, and is refused',
    (...ticked) => {
      expect(faultOf(() => tickedOf('parts', ticked, offered))).toMatch(
        /^there is no option .+: the options are 1, 2, 3$/,
      );
    },
  );

  test('a fault repeats no more than somebody reads', () => {
    const many = Array.from({ length: 100 }, () => crypto.randomUUID());

    expect(faultOf(() => tickedOf('parts', ['😀'.repeat(1_000)], many))).toMatch(
      /^there is no option (😀)+: choose from what the form offers now$/u,
    );
    expect(faultOf(() => tickedOf('parts', ['1'], []))).toBe('there is no option 1: there are none');
  });

  test('words are read by labels or values; what is called neither way stays, to be refused', () => {
    const ticks = (words: string) => ticksIn(ticksFor(words, [...options, { value: 'x', label: 'Photos, edited' }]));

    expect(ticks('part 2, 3')).toEqual(['2', '3']);
    expect(ticks('Part 3\nPart 1')).toEqual(['3', '1']);
    expect(ticks('photos, edited')).toEqual(['x']);
    expect(ticks('2 and then we will see')).toEqual(['2', 'and', 'then', 'we', 'will', 'see']);
    expect(ticks('none')).toEqual([]);
  });

  test('a label that two have, or that is another’s value, names nothing', () => {
    const same = [
      { value: 'a', label: 'Part' },
      { value: 'b', label: 'part' },
      { value: '2', label: '3' },
      { value: '3', label: '4' },
    ];

    expect(ticksFor('Part', same)).toBe('Part');
    expect(ticksFor('3', same)).toBe('3');
    expect(ticksFor('4', same)).toBe('3');
  });
});

describe('its field', () => {
  test('must be answered, and nothing ticked is an answer', () => {
    expect(drawn()).toEqual({
      ...{ kind: 'several', name: 'parts', label: 'Parts', options, least: 0, most: MOST_TICKED },
      ...{ required: false, needed: true },
    });
    expect(drawn(several({ ...look, least: 2, most: 3 }))).toMatchObject({
      required: true,
      needed: true,
      least: 2,
      most: 3,
    });
    expect(drawn(optional(several({ ...look, least: 2 })) as never)).toMatchObject({ required: false, needed: false });
    expect(lacksFields({ fields: { parts } }, {})).toBe(true);
    expect(lacksFields({ fields: { parts } }, { parts: '' })).toBe(false);
  });

  test('has ticked what was said before, of what is offered, and nothing of itself', () => {
    const asking = (values: Asking['values']): Asking => ({
      choices: { parts: options },
      ...(values ? { values } : {}),
    });
    const one = { choices: { parts: options.slice(0, 1) } };

    expect(drawn(parts, asking({ parts: '3,9,1' }))).toMatchObject({ value: '3,1' });
    expect(drawn(parts, asking({ parts: '' }))).toMatchObject({ value: '' });
    expect(drawn(parts, asking({ parts: '1' }), { parts: '2,9' })).toMatchObject({ value: '2' });
    expect(drawn(parts, asking({ parts: '1' }), { parts: 'nonsense' })).toMatchObject({ value: '1' });
    expect(drawn(several({ ...look, most: 1 }), asking({ parts: '3,1' }))).toMatchObject({ value: '3' });
    expect(drawn(parts, one)).not.toHaveProperty('value');
    expect(drawn(several({ ...look, least: 1 }), one)).toMatchObject({ value: '1' });
  });

  test('is not asked where nothing is offered, unless something must be ticked', () => {
    const none = { choices: { parts: [] } };

    expect(drawn(parts, none)).toBeUndefined();
    expect(nothingToChoose({ parts }, none)).toBeNull();
    expect(nothingToChoose({ parts: several({ ...look, least: 1 }) }, none)).toBe(
      'There is nothing to choose from for “Parts”.',
    );
  });

  test.each(['a,b', 'a b', 'a;b', '', 'all', 'None', 'x'.repeat(101)])(
    'cannot offer “%s”, which could not be told from others in one text',
    (value) => {
      expect(() => drawn(parts, { choices: { parts: [{ value, label: 'Odd' }] } })).toThrow('cannot be ticked');
    },
  );
});
