/**
 * By what a list is ordered, the last an id that makes it definite. A cursor holds these values of one of its items. Texts do
 * not fit a button: a list that is ordered by names has the id alone, and looks up the name.
 */
export type Key = { readonly [name: string]: Kind };
type Kind = 'number' | 'instant' | 'day' | 'id';

/** An item's place in the order. Days are texts like 2026-11-27. */
export type Place<K extends Key> = { readonly [Name in keyof K]: Value<K[Name]> };
type Value<K> = K extends 'number' ? number : K extends 'instant' ? Date : string;

/** Few letters, because it travels in a button (see `encodePress`). */
export function writeCursor<K extends Key>(key: K, place: Place<K>): string {
  return Object.entries(key)
    .map(([name, kind]) => written(kind, place[name] as Date | number | string))
    .join('.');
}

function written(kind: Kind, value: number | Date | string): string {
  switch (kind) {
    case 'number':
    case 'instant':
      return Number(value).toString(36);
    case 'day':
      return Number(String(value).replaceAll('-', '')).toString(36);
    case 'id':
      return Buffer.from(String(value).replaceAll('-', ''), 'hex').toString('base64url');
  }
}

// Numbers of an order are ranks; instants have eight letters until the year 2059.
const LONGEST: Readonly<Record<Kind, number>> = { number: 6, instant: 8, day: 5, id: 22 };

/** As long as one may be. */
export function longestCursor(key: Key): string {
  return Object.values(key)
    .map((kind) => 'z'.repeat(LONGEST[kind]))
    .join('.');
}

/**
 * What `writeCursor` wrote; null for anything else. It proves nothing and hides nothing: whoever makes one up is shown a page of
 * what they may see anyway.
 */
export function readCursor<K extends Key>(key: K, text: string): Place<K> | null {
  const parts = text.split('.');
  const kinds = Object.entries(key);
  const values = kinds.map(([name, kind], index) => [name, partOf(kind, parts[index] ?? '')] as const);
  const isWhole = parts.length === kinds.length && values.every(([, value]) => value !== null);
  return isWhole ? (Object.fromEntries(values) as Place<K>) : null;
}

function partOf(kind: Kind, text: string): number | Date | string | null {
  if (text.length > LONGEST[kind]) return null;
  const number = /^-?[0-9a-z]+$/.test(text) ? Number.parseInt(text, 36) : null;
  switch (kind) {
    case 'number':
      return number;
    case 'instant':
      return number === null ? null : new Date(number);
    case 'day':
      return number === null ? null : dayOf(String(number));
    case 'id':
      return idOf(text);
  }
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
