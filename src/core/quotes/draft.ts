import { fingerprint } from '../kernel/fingerprint.ts';
import { lineNumbered, MOST_LINES } from '../kernel/priced-line.ts';
import type { Content, Line } from './content.ts';
import type { Quote } from './schema.ts';
import { refusal } from './wording.ts';

/* Writing a quote, as pure decisions. Only a draft is written; what the client has seen stays as it was. */

type Ground = Pick<
  Quote,
  | 'id'
  | 'clientId'
  | 'clientName'
  | 'firmName'
  | 'projectId'
  | 'projectName'
  | 'timezone'
  | 'approvers'
  | 'sureAbove'
  | 'replaces'
  | 'createdAt'
>;

export function draft(facts: Ground, content: Content): Quote {
  return {
    ...facts,
    number: content.number,
    version: 1,
    content,
    hash: fingerprint(content),
    signed: [],
    remindedAt: null,
    state: { status: 'draft' },
  };
}

/** A draft with other content. */
export function write(quote: Quote, change: Partial<Content>): Quote {
  if (quote.state.status !== 'draft')
    throw refusal(quote, 'It was sent: what the client has seen stays as it is. Copy it to offer something else.');
  const content = { ...quote.content, ...change };
  return { ...quote, content, hash: fingerprint(content) };
}

export function addLine(quote: Quote, line: Line): Quote {
  const { lines } = quote.content;
  if (lines.length >= MOST_LINES) throw refusal(quote, `A quote has at most ${MOST_LINES} lines.`);
  return write(quote, { lines: [...lines, line] });
}

export function changeLine(quote: Quote, line: Line): Quote {
  return write(quote, { lines: quote.content.lines.map((one) => (one.number === line.number ? line : one)) });
}

export function removeLine(quote: Quote, number: number): Quote {
  lineNumbered(quote.content.lines, number);
  return write(quote, { lines: quote.content.lines.filter((one) => one.number !== number) });
}
