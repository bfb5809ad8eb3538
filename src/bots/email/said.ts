import { LIMITS } from './limits.ts';

/** What was said, as far as it can be kept. */
export function bodyOf(text: string): string {
  return storable(text).trim();
}

/** The quoted rest, as far as it is shown; the whole is in the original mail. */
export function quotedOf(text: string): string {
  const clean = storable(text);
  return clean.length > LIMITS.foldCharacters
    ? `${clean.slice(0, LIMITS.foldCharacters).toWellFormed()}\n[the rest is in the original mail]`
    : clean;
}

/** A database takes no NUL and no half of a character; and a link that acts is for the person alone who was sent it. */
function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '').replaceAll(LINK_THAT_ACTS, '$1…');
}

const LINK_THAT_ACTS = /(https?:\/\/[^\s/]{1,200}\/l\/)[\w.=~-]{20,2000}/g;
