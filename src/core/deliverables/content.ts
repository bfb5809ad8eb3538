import { z } from 'zod';
import { fingerprint } from '../kernel/fingerprint.ts';

/** What the client looks at and decides about: a version of a deliverable, as it was shared. */
export const Content = z.strictObject({
  number: z.int().describe('How often it had been shared by then, this time included'),
  name: z.string().describe('What is delivered'),
  description: z.string().nullable().describe('More about it'),
  link: z.string().nullable().describe('Where the work is, an https address'),
  note: z.string().nullable().describe('What the team says of it, or the work itself where it is words'),
});
export type Content = z.infer<typeof Content>;

/** The fingerprint that a decision is bound to. It holds the version's number: the same link shared again is another version. */
export function contentHash(content: Content): string {
  return fingerprint(content);
}

/** So much of the hash fits into a press beside the id: 132 bits, of which nobody finds another content. */
const SEEN = 22;
/** What a press carries; the API may give the whole hash. */
export const SEEN_HASH = new RegExp(`^[\\w-]{${SEEN},43}$`);

/** What a press carries of the version that was on the screen. */
export function seenHash(hash: string): string {
  return hash.slice(0, SEEN);
}

/** True where that is the hash that was on the screen, or its beginning. */
export function isSeen(hash: string, seen: string): boolean {
  return seen.length >= SEEN && hash.startsWith(seen);
}

/** What is different in `after`, in short lines. */
export function diffContent(before: Content, after: Content): string[] {
  return [
    `Version ${after.number} was shared after version ${before.number}`,
    ...changed('Name', before.name, after.name),
    ...changed('Description', before.description, after.description),
    ...changed('Link', before.link, after.link),
    ...changed('Note', before.note, after.note),
  ];
}

function changed(label: string, before: string | null, after: string | null): string[] {
  return before === after ? [] : [`${label}: ${short(before)} → ${short(after)}`];
}

/** As much as fits a line of an answer. */
const SHORT = 120;

function short(text: string | null): string {
  if (text === null) return 'none';
  const letters = [...text.replaceAll(/\s+/gu, ' ')];
  return letters.length > SHORT ? `${letters.slice(0, SHORT).join('')}…` : letters.join('');
}
