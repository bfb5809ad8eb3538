import { cut } from './limits.ts';

/** The characters that begin or end a format, a mention, a link, a spoiler or a custom emoji anywhere in a line. */
const ANYWHERE = /[\\*_~`|<>@[\]]/g;
/** What makes a heading, a list, a quote or small print of a line, at its start. */
const AT_START = /^(\s*)(#{1,3}|-#?|\+|\d{1,9}[.)])(?=\s)/gm;
/** An emoji by its name, and an address, which would become a link. */
const NAMED = /:(?=[\w+-]+:)|:(?=\/\/)/g;

/**
 * Text that Discord shows as it stands. A backslash before a sign takes its meaning away; no mention can ring either, as
 * every message is sent with `allowed_mentions` empty.
 */
export function escaped(text: string): string {
  return text
    .replaceAll(ANYWHERE, '\\$&')
    .replaceAll(AT_START, (_, space: string, mark: string) =>
      /\d/.test(mark) ? `${space}${mark.slice(0, -1)}\\${mark.slice(-1)}` : `${space}\\${mark}`,
    )
    .replaceAll(NAMED, '\\:');
}

/** One line of it. */
export function line(text: string): string {
  return escaped(text.replaceAll(/\s+/g, ' ').trim()) || '–';
}

export function bold(text: string): string {
  return `**${line(text)}**`;
}

/** Words of a button or an option: they are never read as Markdown. */
export function label(text: string, max: number): string {
  return cut(text.replaceAll(/\s+/g, ' ').trim() || '–', max);
}

/** Escaped text in at most `max` characters: the written text is cut, never a backslash from its sign. */
export function fitting(text: string, max: number): string {
  const whole = escaped(text);
  if (whole.length <= max) return whole;
  let [least, most] = [0, Math.min(text.length, max)];
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    if (escaped(cut(text, middle)).length <= max) least = middle;
    else most = middle - 1;
  }
  return least > 0 ? escaped(cut(text, least)) : '…';
}
