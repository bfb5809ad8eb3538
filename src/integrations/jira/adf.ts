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

/** A document, or the plain text that webhooks carry instead, as text. Of a node nobody knows, the text inside is kept. */
export function textOf(body: unknown): string {
  if (typeof body === 'string') return body.replaceAll(/\r\n?/g, '\n').trim();
  return isNode(body) ? blockText(body).trim() : '';
}

function isNode(value: unknown): value is AdfNode {
  return typeof value === 'object' && value !== null && typeof (value as AdfNode).type === 'string';
}

const INLINE = new Set(['text', 'hardBreak', 'mention', 'emoji', 'inlineCard', 'date', 'status', 'mediaInline']);

function blockText(node: AdfNode): string {
  const children = (node.content ?? []).filter(isNode);
  switch (node.type) {
    case 'bulletList':
    case 'taskList':
    case 'decisionList':
      return children.map((item) => `- ${indented(blockText(item))}`).join('\n');
    case 'orderedList':
      return children.map((item, index) => `${index + 1}. ${indented(blockText(item))}`).join('\n');
    case 'blockquote':
      return joined(children).replaceAll(/^/gm, '> ');
    case 'tableRow':
      return children.map(blockText).join(' | ');
    case 'table':
      return children.map(blockText).join('\n');
    case 'rule':
      return '---';
    case 'media':
      return `[attachment${node.attrs?.alt ? `: ${String(node.attrs.alt)}` : ''}]`;
    case 'blockCard':
    case 'embedCard':
      return String(node.attrs?.url ?? '');
    default:
      if (INLINE.has(node.type)) return inlineText(node);
      return children.some((child) => INLINE.has(child.type)) ? children.map(blockText).join('') : joined(children);
  }
}

function inlineText(node: AdfNode): string {
  const attrs = node.attrs ?? {};
  switch (node.type) {
    case 'text':
      return linkedText(node);
    case 'hardBreak':
      return '\n';
    case 'date':
      return new Date(Number(attrs.timestamp)).toISOString().slice(0, 10);
    case 'mediaInline':
      return '[attachment]';
    default:
      return String(attrs.text ?? attrs.shortName ?? attrs.url ?? '');
  }
}

/** A link whose text hides its address shows both. */
function linkedText(node: AdfNode): string {
  const text = node.text ?? '';
  const href = node.marks?.find((mark) => mark.type === 'link')?.attrs?.href;
  return typeof href === 'string' && !text.includes(href) ? `${text} (${href})` : text;
}

function joined(nodes: AdfNode[]): string {
  const parts = nodes.map((node) => ({ node, text: blockText(node) })).filter(({ text }) => text !== '');
  return parts.map(({ text }) => text).join('\n\n');
}

function indented(text: string): string {
  return text.replaceAll(/\n(?=[^\n])/g, '\n  ');
}
