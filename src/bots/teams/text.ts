import type { RichText, Run, Spacing } from './adaptive-card.ts';

/** Cuts to at most `length` characters, the last one then an ellipsis; never through a surrogate pair. */
export function cut(text: string, length: number): string {
  const letters = [...text];
  return letters.length <= length ? text : `${letters.slice(0, length - 1).join('')}…`;
}

/**
 * Paragraphs without Markdown. A client shows a line break inside a run as a space, so each line is a block of its own.
 */
export function richText(text: string, style: Partial<Run> = {}, spacing?: Spacing): RichText[] {
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim())
    .map((line, index) => richLine([run(line, style)], index ? 'None' : spacing));
}

/** One line of several runs. */
export function richLine(inlines: Run[], spacing?: Spacing): RichText {
  return { type: 'RichTextBlock', inlines, ...(spacing ? { spacing } : {}) };
}

/** A piece of a line, shown as it is written. */
export function run(text: string, style: Partial<Run> = {}): Run {
  return { type: 'TextRun', text: plain(text), ...style };
}

/**
 * Text for the places that have no TextRun (facts, the fallback text): each character that begins something in
 * Markdown gets a backslash, and line breaks become spaces, so that nothing can start a heading or a list.
 */
export function escapeMarkdown(text: string): string {
  return plain(text)
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replaceAll(/[\\`*_[\]~<>&]/g, '\\$&')
    .replace(/^(#|\+|-|\d+(?=[.)]))/, (start) => (/\d/.test(start) ? `${start}\\` : `\\${start}`));
}

/** Clients replace {{DATE(…)}} and {{TIME(…)}} in every text; a zero-width space between the braces stops them. */
export function plain(text: string): string {
  return text.replaceAll('{{', '{\u200B{');
}
