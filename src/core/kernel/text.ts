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
