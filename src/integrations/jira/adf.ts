/**
 * Atlassian Document Format: how Jira's REST version 3 takes and gives texts.
 * https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/
 */
export interface AdfNode {
  type: string;
  text?: string;
  content?: AdfNode[];
  attrs?: Record<string, unknown>;
  marks?: { type: string; attrs?: Record<string, unknown> }[];
}

export interface AdfDoc extends AdfNode {
  type: 'doc';
  version: 1;
  content: AdfNode[];
}

/** Jira refuses a text field above 32,767 characters; what is cut is said to be cut. */
const LONGEST = 30_000;
const CUT = '\n\n(cut here; the whole text is in Parley)';

/** The first half of a character that was cut in two. */
const HALF = /[\ud800-\udbff]$/;

/** Plain text as a document: blank lines part paragraphs, addresses become links, nothing is read as markup. */
export function adfOf(text: string): AdfDoc {
  // A NUL cannot be shown and is refused; line ends come in three kinds.
  const plain = text.replaceAll('\0', '').replaceAll(/\r\n?/g, '\n').trim();
  const shown = plain.length > LONGEST ? plain.slice(0, LONGEST).replace(HALF, '') + CUT : plain;
  const paragraphs = shown.split(/\n{2,}/).filter(Boolean);
  return { type: 'doc', version: 1, content: paragraphs.map((part) => ({ type: 'paragraph', content: lines(part) })) };
}

function lines(paragraph: string): AdfNode[] {
  return paragraph.split('\n').flatMap((line, index) => [...(index ? [{ type: 'hardBreak' }] : []), ...linked(line)]);
}

function linked(line: string): AdfNode[] {
  return line
    .split(/(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]])/)
    .filter(Boolean)
    .map((text) => ({
      type: 'text',
      text,
      ...(/^https?:\/\/./.test(text) ? { marks: [{ type: 'link', attrs: { href: text } }] } : {}),
    }));
}

/** Nobody quotes or lists deeper; below it the words stand without their form. */
const MOST_DEPTH = 10;
/** Three times what Jira takes: of a longer text each line is not marked anew at each level. */
const LONGEST_FORMED = 100_000;

/** A document, or the plain text that webhooks carry instead, as text. Of a node nobody knows, the text inside is kept. */
export function textOf(body: unknown): string {
  if (typeof body === 'string') return body.replaceAll(/\r\n?/g, '\n').trim();
  return isNode(body) ? blockText(body).trim() : '';
}

/** Only that it has a type is known: what else it holds may be of any kind. */
type Node = { type: string } & { [name in keyof Omit<AdfNode, 'type'>]?: unknown };

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';
}

function childrenOf({ content }: Node): Node[] {
  return Array.isArray(content) ? content.filter(isNode) : [];
}

function fieldOf(value: unknown, name: string): string {
  const field = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
  return typeof field === 'string' || typeof field === 'number' ? String(field) : '';
}

const INLINE = new Set(['text', 'hardBreak', 'mention', 'emoji', 'inlineCard', 'date', 'status', 'mediaInline']);

function blockText(node: Node, depth = 0): string {
  if (depth > MOST_DEPTH) return wordsOf(node);
  const children = childrenOf(node);
  const texts = () => children.map((child) => blockText(child, depth + 1));
  switch (node.type) {
    case 'bulletList':
    case 'taskList':
    case 'decisionList':
      return texts()
        .map((text) => `- ${indented(text)}`)
        .join('\n');
    case 'orderedList':
      return texts()
        .map((text, index) => `${index + 1}. ${indented(text)}`)
        .join('\n');
    case 'blockquote':
      return marked(joined(texts()));
    case 'tableRow':
      return texts().join(' | ');
    case 'table':
      return texts().join('\n');
    case 'rule':
      return '---';
    case 'media': {
      const alt = fieldOf(node.attrs, 'alt');
      return `[attachment${alt ? `: ${alt}` : ''}]`;
    }
    case 'blockCard':
    case 'embedCard':
      return fieldOf(node.attrs, 'url');
    default:
      if (INLINE.has(node.type)) return inlineText(node);
      return children.some((child) => INLINE.has(child.type)) ? texts().join('') : joined(texts());
  }
}

/** The words of a node and of all below it, in their order, however deep they stand. */
function wordsOf(node: Node): string {
  const words: string[] = [];
  for (const left = [node]; left.length; ) {
    const next = left.pop();
    if (!next) break;
    if (INLINE.has(next.type)) words.push(inlineText(next));
    for (const child of childrenOf(next).reverse()) left.push(child);
  }
  return words.join(' ');
}

function inlineText(node: Node): string {
  const { attrs } = node;
  switch (node.type) {
    case 'text':
      return linkedText(node);
    case 'hardBreak':
      return '\n';
    case 'date':
      return dayOf(fieldOf(attrs, 'timestamp'));
    case 'mediaInline':
      return '[attachment]';
    default:
      return fieldOf(attrs, 'text') || fieldOf(attrs, 'shortName') || fieldOf(attrs, 'url');
  }
}

/** Jira writes milliseconds; what is no time is shown as it came. */
function dayOf(timestamp: string): string {
  const date = new Date(timestamp.trim() === '' ? Number.NaN : Number(timestamp));
  return Number.isNaN(date.getTime()) ? timestamp.slice(0, 40) : date.toISOString().slice(0, 10);
}

/** A link whose text hides its address shows both. */
function linkedText(node: Node): string {
  const text = fieldOf(node, 'text');
  const marks = Array.isArray(node.marks) ? node.marks.filter(isNode) : [];
  const href = fieldOf(marks.find(({ type }) => type === 'link')?.attrs, 'href');
  return href && !text.includes(href) ? `${text} (${href})` : text;
}

function marked(text: string): string {
  return text.length > LONGEST_FORMED ? `> ${text}` : text.replaceAll(/^/gm, '> ');
}

function joined(texts: string[]): string {
  return texts.filter((text) => text !== '').join('\n\n');
}

function indented(text: string): string {
  return text.length > LONGEST_FORMED ? text : text.replaceAll(/\n(?=[^\n])/g, '\n  ');
}
