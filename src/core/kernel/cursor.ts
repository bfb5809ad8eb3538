/**
 * By what a list is ordered: columns of its rows, the last an id that makes the order definite. A cursor holds these values of
 * one row. Texts do not fit a button: of a column that is `looked up` the cursor holds nothing, and the table is asked by the id.
 */
export type Key = { readonly [column: string]: Kind };
export type Kind = 'rank' | 'number' | 'instant' | 'day' | 'id' | 'looked up';

/** Where a row stands in the order, as PostgreSQL writes it; microseconds since 1970 for an instant. What is looked up is left out. */
export type Place = readonly string[];

/** Few letters, because it travels in a button (see `encodePress`). */
export function writeCursor(key: Key, place: Place): string {
  return writtenOf(key)
    .map((kind, index) => written(kind, place[index] ?? ''))
    .join('.');
}

function writtenOf(key: Key): Kind[] {
  return Object.values(key).filter((kind) => kind !== 'looked up');
}

function written(kind: Kind, value: string): string {
  switch (kind) {
    case 'rank':
    case 'number':
      return Number(value).toString(36);
    case 'instant':
      return Number(value).toString(36).padStart(LONGEST.instant, '0');
    case 'day':
      return Number(value.replaceAll('-', '')).toString(36);
    default:
      return Buffer.from(value.replaceAll('-', ''), 'hex').toString('base64url');
  }
}

// A rank is one of a few; an instant is counted in microseconds.
const LONGEST: Readonly<Record<Kind, number>> = { rank: 1, number: 6, instant: 10, day: 5, id: 22, 'looked up': 0 };
/** Cards of the previous release count milliseconds. */
const IN_MILLISECONDS = 8;

/** As long as one may be. */
export function longestCursor(key: Key): string {
  return writtenOf(key)
    .map((kind) => 'z'.repeat(LONGEST[kind]))
    .join('.');
}

/**
 * What `writeCursor` wrote, with instants as texts that PostgreSQL reads; null for anything else. It proves nothing and hides
 * nothing: whoever makes one up is shown a page of what they may see anyway.
 */
export function readCursor(key: Key, text: string): Place | null {
  const parts = text.split('.');
  const kinds = writtenOf(key);
  const values = kinds.map((kind, index) => partOf(kind, parts[index] ?? ''));
  return parts.length === kinds.length && values.every((value) => value !== null) ? (values as string[]) : null;
}

function partOf(kind: Kind, text: string): string | null {
  if (text.length > LONGEST[kind]) return null;
  if (kind === 'id') return idOf(text);
  if (!/^-?[0-9a-z]+$/.test(text)) return null;
  const number = Number.parseInt(text, 36);
  switch (kind) {
    case 'instant':
      return instantOf(text.length > IN_MILLISECONDS ? number : number * 1_000);
    case 'day':
      return dayOf(String(number));
    default:
      return String(number);
  }
}

function instantOf(microseconds: number): string {
  const part = ((microseconds % 1_000) + 1_000) % 1_000;
  const instant = new Date((microseconds - part) / 1_000);
  return instant.toISOString().replace('Z', `${String(part).padStart(3, '0')}Z`);
}

function idOf(text: string): string | null {
  const hex = /^[\w-]{22}$/.test(text) ? Buffer.from(text, 'base64url').toString('hex') : '';
  return hex.length === 32 ? hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') : null;
}

function dayOf(digits: string): string | null {
  const day = digits.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');
  const instant = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(day) && day.length === 10 ? day : null;
}
