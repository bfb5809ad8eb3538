import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodePress, encodePress, MAX_PRESS_BYTES, placed, replyWord, withWords } from './card.ts';

const target = fc
  .tuple(fc.constantFrom('cycle', 'ticket', 'home'), fc.constantFrom('approve', 'show', 'dispute-form'))
  .map((parts) => parts.join('.'));
const input = fc.dictionary(
  fc.constantFrom('a', 'b', 'cycle', 'hash'),
  fc.oneof(fc.uuid(), fc.string({ maxLength: 6 })),
  {
    maxKeys: 2,
  },
);

describe('a press on the wire', () => {
  test('comes back as it went, whatever is in it', () => {
    fc.assert(
      fc.property(target, input, (name, values) => {
        const text = encodePress({ target: name, input: values });
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MAX_PRESS_BYTES);
        expect(decodePress(text)).toEqual({ target: name, input: values });
      }),
    );
  });

  test('with an id and a content hash fits into what the tightest platform carries', () => {
    const press = {
      target: 'cycle.approve',
      input: { cycle: '0b9c1c1e-6c1f-4f43-9a52-0e3c1f0a7b11', hash: 'n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg' },
    };
    expect(encodePress(press).length).toBeLessThanOrEqual(MAX_PRESS_BYTES);
  });

  test('that does not fit is a fault of the card, found when it is drawn', () => {
    expect(() => encodePress({ target: 'cycle.approve', input: { note: 'x'.repeat(200) } })).toThrow(/at most 100/);
  });

  test('made up by somebody else is not one', () => {
    for (const text of [
      '',
      'approve',
      'a.b?x',
      'a.b?=1',
      'a.b?c=%E0%A4%A',
      'a.b?c=~short',
      'a.b?c=1?d=2',
      'A.B',
      `a.b?c=${'x'.repeat(100)}`,
    ]) {
      expect(decodePress(text)).toBeNull();
    }
    fc.assert(fc.property(fc.string(), (text) => void decodePress(text)));
  });
});

test('a button is pressed in a mail by its first word', () => {
  const button = { kind: 'button' as const, press: { target: 'a.b', input: {} } };
  expect(replyWord({ ...button, label: 'Dispute…' })).toBe('DISPUTE');
  expect(replyWord({ ...button, label: 'Looks good, complete', word: 'COMPLETE' })).toBe('COMPLETE');
});

describe('words on a press', () => {
  const form = { target: 'ticket.new-bug', input: { project: '0b9c1c1e-6c1f-4f43-9a52-0e3c1f0a7b11' } };

  test('stand there as they are when they are few', () => {
    expect(withWords(form, 'title', ' it is broken ').input).toEqual({ ...form.input, title: 'it is broken' });
  });

  test('are cut to what fits, between characters, whatever they are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (words) => {
        const press = withWords(form, 'title', words);

        expect(decodePress(encodePress(press))).toEqual(press);
        expect(words).toContain(press.input.title ?? '');
      }),
    );
    expect(withWords(form, 'title', '😀'.repeat(50)).input.title).toBe('😀'.repeat(3));
  });

  test('that say nothing leave the press as it is', () => {
    expect(withWords(form, 'title', '  ')).toBe(form);
  });
});

test('three buttons stand on a card’s face by their order, all others behind “More…”, and links beside them', () => {
  const button = (label: string, place?: 'more') =>
    ({ kind: 'button', label, press: { target: 'a.b', input: {} }, ...(place ? { place } : {}) }) as const;
  const link = { kind: 'link', label: 'Files', url: 'https://parley.example' } as const;
  const [rare, first, second, third, fourth] = [
    button('Rare', 'more'),
    ...['First', 'Second', 'Third', 'Fourth'].map((label) => button(label)),
  ] as [ReturnType<typeof button>, ...ReturnType<typeof button>[]];
  const shown = placed([rare, first, link, second, third, fourth] as never);

  expect(shown).toEqual({ face: [first, link, second, third], more: [rare, fourth] });
  expect(placed([rare, link])).toEqual({ face: [link], more: [rare] });
});
