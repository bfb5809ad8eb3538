import { Parser } from 'htmlparser2';
import { isQuoteBox, isRestQuoted, isSignatureBox } from './html-quotes.ts';
import type { Attributes } from './html-style.ts';
import { coloursOf, hiddenNames, isHidden, WHITE } from './html-style.ts';

/** The text of an HTML mail as a person sees it, quotes marked with `>` as in a mail of plain text. */
export interface HtmlText {
  text: string;
  /** What nobody can see; kept, never taken for said. */
  hidden: string;
  /** False when words stand among quoted ones, so that nobody can tell whose they are. */
  clear: boolean;
}

interface Element {
  name: string;
  hidden: boolean;
  /** How deep the quote is in which it stands. */
  depth: number;
  /** A container of quotes in which a writer may have put answers; true once a quote in it has ended. */
  box: { answered: boolean } | null;
  pre: boolean;
  struck: boolean;
  background: readonly number[] | null;
}

const ROOT: Element = {
  name: '',
  hidden: false,
  depth: 0,
  box: null,
  pre: false,
  struck: false,
  background: WHITE,
};

/** Deeper than any program nests; the parser takes time that grows faster than the depth. */
const MOST_DEPTH = 2_000;

/** Elements that stand on lines of their own, and those with an empty line around them. */
const BLOCKS = new Set(
  'address article aside body center dd div dl dt fieldset figure footer form header hr html li main nav ol pre section table tbody tr ul'.split(
    ' ',
  ),
);
const PARAGRAPHS = new Set('blockquote h1 h2 h3 h4 h5 h6 p'.split(' '));
const UNSEEN = new Set('head script style template title noscript object iframe svg textarea select'.split(' '));

/**
 * Reads HTML in one pass, in time that grows with its size. Documents within documents, as clients nest them, are read in
 * the order in which they stand; nothing of them is lost.
 */
export function readHtml(html: string): HtmlText {
  const unseen = hiddenNames(html);
  const stack: Element[] = [ROOT];
  const page = new Page();
  const hidden: string[] = [];
  let rest = false;
  let clear = true;
  const parser = new Parser({
    onopentag(name, attributes) {
      const parent = stack.at(-1) ?? ROOT;
      if (stack.length > MOST_DEPTH) throw new TooDeep();
      if (isRestQuoted(attributes)) rest = true;
      const element = elementOf(name, attributes, parent, unseen);
      stack.push(element);
      if (element.hidden) return;
      if (name === 'br') page.lineBreak();
      else if (PARAGRAPHS.has(name)) page.block(true);
      else if (BLOCKS.has(name)) page.block(false);
      else if (name === 'td' || name === 'th') page.add(' ', false);
      if (isSignatureBox(attributes) && element.depth === 0 && !rest) page.signature();
    },
    ontext(text) {
      const { hidden: isUnseen, pre, depth, box, struck } = stack.at(-1) ?? ROOT;
      if (isUnseen) {
        if (!UNSEEN.has(stack.at(-1)?.name ?? '') && text.trim()) hidden.push(text.trim());
        return;
      }
      if (box?.answered && text.trim()) clear = false;
      page.quote(Math.max(depth, rest ? 1 : 0) - (box?.answered && !rest ? 1 : 0));
      page.add(struck && text.trim() ? `~${text.trim()}~` : text, pre);
    },
    onclosetag(name) {
      if (stack.at(-1)?.name !== name || stack.length < 2) return;
      const element = stack.pop() ?? ROOT;
      if (element.hidden) return;
      const { box } = stack.at(-1) ?? ROOT;
      if (name === 'blockquote' && box) box.answered = true;
      if (PARAGRAPHS.has(name)) page.block(true);
      else if (BLOCKS.has(name)) page.block(false);
    },
  });
  try {
    parser.end(html);
  } catch (error) {
    if (!(error instanceof TooDeep)) throw error;
    // What stands between the tags is better than nothing, and presses nothing.
    return { text: html.replaceAll(/<[^<>]*>/g, ' '), hidden: '', clear: false };
  }
  return { text: page.text(), hidden: hidden.join('\n'), clear };
}

class TooDeep extends Error {}

function elementOf(name: string, attributes: Attributes, parent: Element, unseen: ReadonlySet<string>): Element {
  const { colour, background } = coloursOf(attributes, parent.background);
  const isQuote = (name === 'blockquote' && !isIndent(attributes)) || isQuoteBox(attributes);
  const isBox = isQuoteBox(attributes) && name !== 'blockquote';
  return {
    name,
    hidden: parent.hidden || UNSEEN.has(name) || isHidden(attributes, unseen) || vanishes(colour, background),
    depth: parent.depth + (isQuote ? 1 : 0),
    box: isBox ? { answered: false } : isQuote ? null : parent.box,
    pre: parent.pre || name === 'pre',
    struck: parent.struck || name === 'del' || name === 's' || name === 'strike',
    background,
  };
}

/** What Gmail writes when somebody indents their own words. */
function isIndent({ style = '' }: Attributes): boolean {
  return /margin:\s{0,3}0(px)? 0(px)? 0(px)? 40px/i.test(style) && /border:\s{0,3}(none|medium)/i.test(style);
}

function vanishes(colour: readonly number[] | null, background: readonly number[] | null): boolean {
  if (!colour || !background) return false;
  return colour.every((part, index) => Math.abs(part - (background[index] ?? 0)) < 24);
}

/** Lines as they are put together; a line knows how deep it is quoted. */
class Page {
  private readonly lines: string[] = [];
  private parts: string[] = [];
  private depth = 0;
  private lastIsBlank = true;
  private endsWithBlank = true;

  quote(depth: number): void {
    if (depth === this.depth) return;
    this.endLine();
    this.depth = depth;
  }

  add(text: string, pre: boolean): void {
    if (pre) {
      const [first = '', ...more] = text.split('\n');
      this.put(first);
      for (const line of more) {
        this.lineBreak();
        this.put(line);
      }
      return;
    }
    const squeezed = text.split(/[ \t\r\n\f\u00a0]+/).join(' ');
    this.put(this.endsWithBlank && squeezed.startsWith(' ') ? squeezed.slice(1) : squeezed);
  }

  private put(text: string): void {
    if (!text) return;
    this.parts.push(text);
    this.endsWithBlank = text.endsWith(' ');
  }

  lineBreak(): void {
    this.push(this.parts.join(''));
  }

  block(paragraph: boolean): void {
    this.endLine();
    if (paragraph && !this.lastIsBlank) this.push('');
  }

  signature(): void {
    this.endLine();
    const last = this.lines.findLast((line) => line.trim());
    if (last?.trim() !== '--') this.push('-- ');
  }

  private endLine(): void {
    if (this.parts.some((part) => part.trim())) this.push(this.parts.join(''));
    this.parts = [];
    this.endsWithBlank = true;
  }

  private push(line: string): void {
    const text = line === '-- ' ? line : line.trimEnd();
    this.lines.push(this.depth > 0 ? `${'>'.repeat(Math.min(this.depth, 20))} ${text}` : text);
    this.parts = [];
    this.endsWithBlank = true;
    this.lastIsBlank = !text.trim();
  }

  text(): string {
    this.endLine();
    return this.lines.join('\n').trim();
  }
}
