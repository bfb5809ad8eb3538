import { describe, expect, test } from '@jest/globals';
import type { Button, Card } from '../../core/kernel/card.ts';
import { sampleCards } from '../../testing/cards.ts';
import { fingerprintOf, firstWord, shownWords, wordsOf } from './words.ts';

const words = { APPROVE: 'cycle.approve?cycle=1', DISPUTE: 'cycle.dispute-form?cycle=1', TAKE: 'ticket.take' };
const read = (text: string) => firstWord(text, words, (press) => press.startsWith('cycle.dispute-form'));

describe('the first word of an answer', () => {
  test.each(['APPROVE', 'approve', 'Approve.', '  \n\n *APPROVE*', '"approve"', 'APPROVE!'])(
    'alone on its line presses: %j',
    (text) => {
      expect(read(text)).toEqual({ kind: 'word', word: 'APPROVE', rest: '' });
    },
  );

  test('takes the text behind it and below it', () => {
    expect(read('DISPUTE the header is broken\nand the footer')).toEqual({
      kind: 'word',
      word: 'DISPUTE',
      rest: 'the header is broken\nand the footer',
    });
    expect(read('dispute:\n\nthe header')).toEqual({ kind: 'word', word: 'DISPUTE', rest: 'the header' });
    expect(read('DISPUTE: too slow')).toEqual({ kind: 'word', word: 'DISPUTE', rest: 'too slow' });
  });

  test.each([
    'Take a look at this',
    'Approve the second one',
    'approved',
    'Approve?',
    'I APPROVE',
    'OK',
    '',
    '> APPROVE',
  ])('of an ordinary sentence presses nothing: %j', (text) => {
    expect(read(text)).toEqual({ kind: 'none' });
  });

  test('with a condition behind it presses nothing, and says so', () => {
    expect(read('APPROVE once the header is mended')).toEqual({ kind: 'unclear', word: 'APPROVE' });
  });
});

describe('the words of a card', () => {
  const button = (label: string, target = 'home.work'): Button => ({
    kind: 'button',
    label,
    press: { target, input: {} },
  });
  const card = (actions: Button[], items: { text: string; button?: Button }[] = []): Card => ({
    title: 'T',
    tone: 'neutral',
    blocks: [{ kind: 'list', items }],
    actions,
    fallback: 'T',
    about: { entity: 'x', id: 'x', version: 0 },
  });

  test('are different for every button, those of lists included', () => {
    const all = wordsOf(
      card(
        [button('Open'), button('Öffnen'), button('…')],
        [
          { text: 'A', button: button('Open') },
          { text: 'B', button: button('Open it') },
        ],
      ),
    );

    expect(all.map(({ word, of }) => [word, of])).toEqual([
      ['OPEN', undefined],
      ['FFNEN', undefined],
      ['BUTTON', undefined],
      ['OPEN2', 'A'],
      ['OPEN3', 'B'],
    ]);
  });

  test('stand for the press that was shown: another version gives another fingerprint', () => {
    const at = (version: string) =>
      shownWords(card([{ ...button('Approve'), press: { target: 'cycle.approve', input: { version } } }]));

    expect(fingerprintOf(at('1'))).toMatch(/^[0-9a-f]{8}$/);
    expect(fingerprintOf(at('1'))).toBe(fingerprintOf(at('1')));
    expect(fingerprintOf(at('1'))).not.toBe(fingerprintOf(at('2')));
    expect(fingerprintOf({ A: '1', BB: '2' })).toBe(fingerprintOf({ BB: '2', A: '1' }));
  });

  test('can be made for every sample card', () => {
    for (const sample of Object.values(sampleCards))
      expect(new Set(wordsOf(sample).map(({ word }) => word)).size).toBe(wordsOf(sample).length);
  });
});
