import { DomainError } from '../kernel/errors.ts';
import { fingerprint } from '../kernel/fingerprint.ts';
import type { Content, Line } from './content.ts';
import { MOST_LINES } from './content.ts';
import type { Quote } from './schema.ts';
import { refusal } from './wording.ts';

/* Writing a quote, as pure decisions. Only a draft is written; what the client has seen stays as it was. */

type Ground = Pick<
  Quote,
  'id' | 'clientId' | 'clientName' | 'firmName' | 'projectId' | 'projectName' | 'timezone' | 'replaces' | 'createdAt'
>;

export function draft(facts: Ground, content: Content): Quote {
  return {
    ...facts,
    number: content.number,
    version: 1,
    content,
    hash: fingerprint(content),
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
  lineNumbered(quote, number);
  return write(quote, { lines: quote.content.lines.filter((one) => one.number !== number) });
}

/** The number of the next line: above all that there are. */
export function nextNumber({ lines }: Content): number {
  return Math.max(0, ...lines.map(({ number }) => number)) + 1;
}

/** @throws DomainError invalid, beside the field, for a line that is not there */
export function lineNumbered({ content }: Quote, number: number): Line {
  const line = content.lines.find((one) => one.number === number);
  if (line) return line;
  const fault = `there is no line ${number}`;
  throw new DomainError('invalid', `Please check: line: ${fault}`, { fields: { line: fault } });
}
