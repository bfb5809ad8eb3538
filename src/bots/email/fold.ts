import EmailReplyParser from 'email-reply-parser';
import { beginsHeaderBlock, endsAttribution, isRule, looksLikeSignature } from './fold-lines.ts';
import { LIMITS } from './limits.ts';

/** What somebody wrote, and what they quoted or signed with. Together they are the whole text: folded, never deleted. */
export interface Folded {
  body: string;
  quoted: string;
  /** False when everything seems quoted, so that nobody can tell what was written now: a word in it presses nothing. */
  clear: boolean;
}

/** Finds in a stretch of somebody's own lines the ones that are none, or that they sign with: true for each such line. */
type Finder = (lines: readonly string[], isAboveQuote: boolean) => boolean[];

/**
 * Folds an answer. What marks a quote by its form (our marker, `>`, the lines above it, a block of header fields) is found
 * by its form, in whatever language; the kept parser finds signatures, and attributions of quotes that nothing marks. Its
 * expressions can take very long over hostile text: call it where it can be stopped (see read-worker.ts).
 */
export function foldAnswer(text: string): Folded {
  return foldWith(byParser, text);
}

/** The same without the kept parser, in time that grows with the text alone. */
export function foldByLines(text: string): Folded {
  return foldWith((lines) => lines.map(() => false), text);
}

const MARKED = /^.{0,40}write your answer above this line/i;

function foldWith(find: Finder, raw: string): Folded {
  const lines = raw.slice(0, LIMITS.textCharacters).replaceAll('\r\n', '\n').split('\n');
  const beyond = raw.slice(LIMITS.textCharacters);
  const folded = lines.map(isQuoted);
  foldBelowMarker(lines, folded);
  foldHeaderBlocks(lines, folded);
  foldAttributions(lines, folded);
  foldRules(lines, folded);
  foldFooter(lines, folded);
  if (lines.length < LIMITS.foldLines) foldFound(lines, folded, find);
  const body = joined(lines, folded, false).trim();
  // Nothing is left: they wrote between lines that nothing marks, or sent only a quote.
  if (!body) return { body: lines.join('\n').trim(), quoted: beyond, clear: false };
  const quoted = joined(lines, folded, true).replace(/^\n+/, '').trimEnd();
  return { body, quoted: beyond ? `${quoted}\n${beyond}` : quoted, clear: true };
}

function isQuoted(line: string): boolean {
  return /^[ \t]{0,8}>/.test(line);
}

/** Where our mail stands without `>`, all below our marker is ours, as long as something stands above it. */
function foldBelowMarker(lines: readonly string[], folded: boolean[]): void {
  const marker = lines.findIndex((line) => MARKED.test(line));
  if (marker < 0 || folded[marker]) return;
  if (lines.slice(0, marker).some((line, index) => line.trim() && !folded[index])) folded.fill(true, marker);
}

/** A block of header fields begins an earlier mail. What follows it is that mail, unless that mail is marked by itself. */
function foldHeaderBlocks(lines: readonly string[], folded: boolean[]): void {
  for (let at = 0; at < lines.length; at += 1) {
    if (folded[at]) continue;
    const end = beginsHeaderBlock(lines, at);
    if (end === null) continue;
    let below = end;
    while (below < lines.length && !lines[below]?.trim()) below += 1;
    const isMarked = below < lines.length && isQuoted(lines[below] ?? '');
    folded.fill(true, at, isMarked ? end : lines.length);
    if (!isMarked) return;
    at = end;
  }
}

/** "On Monday, Bob wrote:" in any language is what stands right above a quote, ends in a colon and names a day. */
function foldAttributions(lines: readonly string[], folded: boolean[]): void {
  for (let at = 1; at < lines.length; at += 1) {
    if (!folded[at] || folded[at - 1]) continue;
    let last = at - 1;
    while (last >= 0 && at - last < 8 && !folded[last] && !lines[last]?.trim()) last -= 1;
    if (last < 0 || folded[last]) continue;
    const length = endsAttribution(lines, last, folded);
    if (length > 0) folded.fill(true, last - length + 1, at);
  }
}

/** Lines of dashes right above a quote belong to it. */
function foldRules(lines: readonly string[], folded: boolean[]): void {
  for (let at = lines.length - 1; at > 0; at -= 1) {
    if (!folded[at] || folded[at - 1]) continue;
    let last = at - 1;
    while (last > 0 && !lines[last]?.trim()) last -= 1;
    if (!folded[last] && isRule(lines[last] ?? '')) folded.fill(true, last, at);
  }
}

/** What a mailing list or a company adds below a long line at the very end. */
function foldFooter(lines: readonly string[], folded: boolean[]): void {
  for (let at = lines.length - 1, said = 0; at > 0 && said < 8; at -= 1) {
    if (folded[at]) return;
    const line = lines[at] ?? '';
    if (line.trim()) said += 1;
    if (!/^[ \t]{0,8}[_-]{20,80}[ \t]*$/.test(line.slice(0, 100))) continue;
    const isAll = !lines.slice(0, at).some((one, index) => one.trim() && !folded[index]);
    if (!isAll && looksLikeSignature(lines.slice(at))) folded.fill(true, at);
    return;
  }
}

/** Gives each stretch of own lines to the parser. */
function foldFound(lines: readonly string[], folded: boolean[], find: Finder): void {
  for (let start = 0; start < lines.length; start += 1) {
    if (folded[start]) continue;
    const next = folded.indexOf(true, start);
    const end = next < 0 ? lines.length : next;
    const found = find(lines.slice(start, end), end < lines.length);
    for (const [index, isFound] of found.entries()) if (isFound) folded[start + index] = true;
    start = end;
  }
}

/** What the kept parser hides, as far as it is certain: a quote, or a signature that says nothing else. */
function byParser(lines: readonly string[], isAboveQuote: boolean): boolean[] {
  const hidden = lines.map(() => false);
  const own = lines.join('\n');
  // A quoted line stands for what is cut off: "On Monday, Parley wrote:" is only told by what follows it.
  const text = isAboveQuote ? `${own}\n>` : own;
  if (!own.trim() || text.length > LIMITS.foldCharacters) return hidden;
  // The parser moves blanks and line ends; the letters between them keep their order.
  const lineOf: number[] = [];
  for (const [index, line] of lines.entries()) for (const _ of line.replaceAll(/\s/g, '')) lineOf.push(index);
  let letters = 0;
  for (const fragment of new EmailReplyParser().read(text).getFragments()) {
    const length = [...fragment.getContent().replaceAll(/\s/g, '')].length;
    const first = lineOf[letters];
    const last = lineOf[Math.min(letters + length, lineOf.length) - 1];
    letters += length;
    if (!length || first === undefined || last === undefined || !fragment.isHidden()) continue;
    if (fragment.isSignature() && !looksLikeSignature(lines.slice(first, last + 1))) continue;
    hidden.fill(true, first, last + 1);
  }
  return hidden;
}

function joined(lines: readonly string[], folded: readonly boolean[], which: boolean): string {
  return lines.filter((_, index) => folded[index] === which).join('\n');
}
