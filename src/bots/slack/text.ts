import type { MrkdwnElement, PlainTextElement } from '@slack/types';
import { cut } from './limits.ts';

/**
 * Text that Slack shows as it stands: in plain_text nothing is a mention, a link or a format, and `emoji: false` leaves
 * `:smile:` alone. It is not escaped: Slack does that itself there (slackapi/bolt-python#513).
 */
export function plain(text: string, max: number): PlainTextElement {
  return { type: 'plain_text', text: cut(text.trim() || '–', max), emoji: false };
}

// Everything that mrkdwn reads as more than a letter: formats, mentions, links, emoji, quotes and lists at the start of a
// line. A low line between two letters or digits is a letter itself there, as in the time zone America/New_York.
const MARKUP = /[*~`<>&@]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|:\/\/|:[\w+'-]+:|^[^\S\n]*(?:[-•>]|\d+\.)\s/m;

/**
 * A bold label before or above a text. Slack has no way to escape its format marks, so a label or text that holds one
 * is shown plain: what somebody wrote never becomes markup.
 */
export function labelled(label: string, between: string, text: string, max: number): MrkdwnElement | PlainTextElement {
  if (!isPlain(label) || MARKUP.test(text.trim().slice(0, max))) return plain(`${label}${between}${text || '–'}`, max);
  return { type: 'mrkdwn', text: cut(`*${label.trim()}*${between}${text.trim() || '–'}`, max), verbatim: true };
}

/** A line that stands above others. */
export function heading(text: string, max: number): MrkdwnElement | PlainTextElement {
  return isPlain(text.trim().slice(0, max))
    ? { type: 'mrkdwn', text: `*${cut(text.trim(), max - 2)}*`, verbatim: true }
    : plain(text, max);
}

/** True for one line that means the same in bold. */
function isPlain(label: string): boolean {
  return label.trim() !== '' && !label.includes('\n') && !MARKUP.test(label);
}

/** Text for a field that Slack always parses (a message's `text`): `<!channel>`, mentions and links become harmless. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Text as it was written, from where Slack escapes it. */
export function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** Pieces of at most `max` characters, broken between lines or words where that is possible; together they are the text. */
export function pieces(text: string, max: number): string[] {
  const found: string[] = [];
  for (let rest = text; rest; ) {
    const end = rest.length <= max ? rest.length : breakAt(rest, max);
    found.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return found;
}

function breakAt(text: string, max: number): number {
  const line = text.lastIndexOf('\n', max - 1);
  if (line > max / 2) return line + 1;
  const space = text.lastIndexOf(' ', max - 1);
  if (space > max / 2) return space + 1;
  const code = text.charCodeAt(max - 1);
  return code >= 0xd800 && code <= 0xdbff ? max - 1 : max;
}
