/** False for text that PostgreSQL cannot hold: with a NUL, or with half of a surrogate pair. */
function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

/** The same text with the replacement character (U+FFFD) in place of what cannot be stored: for what must be kept as it came. */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\u{fffd}');
}

/** The path of the first text in a value that cannot be stored, keys included; null when all can. */
export function unstorableIn(value: unknown): string[] | null {
  if (typeof value === 'string') return isStorable(value) ? null : [];
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, part] of Object.entries(value)) {
    if (!isStorable(key)) return [];
    const path = unstorableIn(part);
    if (path) return [key, ...path];
  }
  return null;
}

/** Marks that turn the reading order of what stands beside them, so that a title could pass for another one (Unicode TR 36). */
const READING_ORDER = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * Text as a title holds it: one line, without control characters and without marks that change the reading order. A NUL stays,
 * for whoever refuses what cannot be kept.
 */
export function oneLine(text: string): string {
  return text
    .replaceAll(READING_ORDER, '')
    .replaceAll(/(?:(?!\0)[\p{Cc}\s])+/gu, ' ')
    .trim();
}

/** Most characters of a file's name. */
const FILE_NAME = 120;

/**
 * A name that a stranger gave to a file, as one that can be saved under: no path, nothing invisible, nothing that turns the
 * reading order, nothing that a file system takes for more than a letter. Its ending stays.
 */
export function fileName(text: string): string {
  const own = text.slice(-1_000).toWellFormed().replaceAll('\ufffd', '').split(/[/\\]/).at(-1) ?? '';
  const clean = own
    .replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '')
    .replaceAll(/[<>:"|?*%]/g, '_')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/^[.\s]+|[.\s]+$/g, '');
  const letters = [...clean];
  if (letters.length <= FILE_NAME) return clean || 'file';
  const ending = /\.[\p{L}\p{N}]{1,10}$/u.exec(clean)?.[0] ?? '';
  return letters.slice(0, FILE_NAME - ending.length).join('') + ending;
}

/** How large a file is, as people say it. */
export function sizeText(bytes: number): string {
  if (bytes < 1_000) return `${bytes} bytes`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1_000)} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** Text as HTML shows it: nothing in it can become an element, an attribute or a character of another name. */
export function asHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
