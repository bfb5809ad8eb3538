import type { Press } from './card.ts';

/** What people write to Parley, in a chat or behind its slash command, to be shown something. */
export interface Word {
  /** One word, in small letters: `bug`. */
  say: string;
  /** Other ways to say it. */
  also?: readonly string[];
  /** What a button that does the same is called. */
  label: string;
  /** What it is for, in the list of words. */
  about: string;
  /** The input that takes what is written behind the word. */
  takes?: string;
}

/** A word and what it opens. */
export interface Spoken extends Word {
  press: Press;
}

/** The words that areas declared, each way of saying one by its name. */
export type Words = ReadonlyMap<string, Spoken>;

/** @throws Error when two say the same */
export function wordsOf(all: Iterable<{ name: string; word?: Word }>): Words {
  const words = new Map<string, Spoken>();
  for (const { name, word } of all)
    for (const way of word ? [word.say, ...(word.also ?? [])] : []) {
      if (words.has(way)) throw new Error(`the word ${way} is registered twice`);
      words.set(way, { ...(word as Word), press: { target: name, input: {} } });
    }
  return words;
}

/** Each word once, in the areas' order. */
export function listOf(words: Words): Spoken[] {
  return [...words].flatMap(([way, word]) => (way === word.say ? [word] : []));
}

/**
 * What somebody asks for; null for what no word of ours begins.
 * @returns the word, and what was written behind it where it takes that
 */
export function spokenIn(words: Words, text: string): { word: Spoken; rest: string } | null {
  const said = text.trim();
  const plain = said.toLowerCase().replaceAll(/\s+/g, ' ');
  const whole = words.get(plain);
  if (whole) return { word: whole, rest: '' };
  const [first = ''] = plain.split(' ', 1);
  const word = words.get(first);
  return word?.takes ? { word, rest: said.slice(first.length).trim() } : null;
}
