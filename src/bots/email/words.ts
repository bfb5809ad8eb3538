import { createHash } from 'node:crypto';
import type { Button, Card } from '../../core/kernel/card.ts';
import { buttonsOf, encodePress, replyWord } from '../../core/kernel/card.ts';

/** A button of a card and the word that presses it in an answer. */
export interface Word {
  word: string;
  button: Button;
  /** What the button belongs to, where a list has several of the same name. */
  of?: string;
}

/** Word → the encoded press it stood for in one mail: an answer presses what its mail showed, not what is there now. */
export type ShownWords = Readonly<Record<string, string>>;

/** Every button of a card with a word of its own. */
export function wordsOf(card: Card): Word[] {
  const items = card.blocks.flatMap((block) => (block.kind === 'list' ? block.items : []));
  const buttons: Omit<Word, 'word'>[] = [
    ...buttonsOf(card).map((button) => ({ button })),
    ...items.flatMap(({ button, text }) => (button ? [{ button, of: text }] : [])),
  ];
  const taken = new Set<string>();
  return buttons.map((one) => {
    const word = freeWord(replyWord(one.button).toUpperCase() || 'BUTTON', taken);
    taken.add(word);
    return { word, ...one };
  });
}

/** OPEN, OPEN2, OPEN3 … */
function freeWord(word: string, taken: ReadonlySet<string>): string {
  let free = word;
  for (let number = 2; taken.has(free); number += 1) free = `${word}${number}`;
  return free;
}

export function shownWords(card: Card): ShownWords {
  return Object.fromEntries(wordsOf(card).map(({ word, button }) => [word, encodePress(button.press)]));
}

/** Eight hex digits that tell what a mail's words stood for, in whatever order; they travel in its reply address. */
export function fingerprintOf(words: ShownWords): string {
  // A database keeps an object's keys in an order of its own.
  const pairs = Object.entries(words).sort(([one], [other]) => (one < other ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(pairs)).digest('hex').slice(0, 8);
}

/** How an answer begins. `unclear`: a word of ours, and more than that. */
export type FirstWord =
  | { kind: 'word'; word: string; rest: string }
  | { kind: 'unclear'; word: string }
  | { kind: 'none' };

/**
 * Reads the first word of an answer. A word acts only when it stands alone, in any case, with nothing above or below it:
 * "APPROVE" and below it "only if the header is mended" approves nothing. The word of a button that takes text may be
 * followed by that text; on the same line it must then stand in capitals as we wrote it ("Take a look at this" is not TAKE).
 * @param takesText whether what follows the word goes into a form that its writer has seen
 */
export function firstWord(text: string, words: ShownWords, takesText: (encodedPress: string) => boolean): FirstWord {
  const lines = text.slice(0, MOST_TEXT).split('\n');
  const start = lines.findIndex((line) => line.trim() !== '');
  const line = (lines[start] ?? '').trim();
  const [raw = ''] = line.split(/\s/, 1);
  const written = raw
    .slice(0, MOST_WORD)
    .replace(/^["'“*_]{1,3}/, '')
    .replace(/["'”*_:,.;!–-]{1,6}$/, '');
  const word = written.toUpperCase();
  const press = Object.hasOwn(words, word) ? words[word] : undefined;
  if (press === undefined || raw.length > MOST_WORD) return { kind: 'none' };
  const onLine = line.slice(raw.length).trim();
  const below = lines
    .slice(start + 1)
    .join('\n')
    .trim();
  if (onLine !== '' && written !== word) return { kind: 'none' };
  const rest = `${onLine}\n${below}`.trim();
  return rest === '' || takesText(press) ? { kind: 'word', word, rest } : { kind: 'unclear', word };
}

/** Longer texts and words than these press nothing anyway. */
const MOST_TEXT = 200_000;
const MOST_WORD = 60;
