import { lineNumbered, MOST_LINES } from '../kernel/priced-line.ts';
import type { Content, Line } from './content.ts';
import { sumsOf } from './content.ts';
import { isDraft } from './rules.ts';
import type { Invoice } from './schema.ts';
import { refusal } from './wording.ts';

/* Writing an invoice, as pure decisions. Only a draft is written: what was issued is changed by a credit note and a new draft. */

type Ground = Pick<
  Invoice,
  | 'id'
  | 'seq'
  | 'kind'
  | 'clientId'
  | 'clientName'
  | 'firmName'
  | 'firmTimezone'
  | 'projectId'
  | 'projectName'
  | 'timezone'
  | 'quoteId'
  | 'part'
  | 'createdAt'
>;

export function draft(facts: Ground, content: Content): Invoice {
  return {
    ...facts,
    ...{ version: 1, corrects: null, content, gross: grossOf(content), paid: 0, credited: 0, dueOn: null },
    ...{ deductedIn: null, remindedAt: null, overdueAt: null, entries: [], online: false, state: { status: 'draft' } },
  };
}

/** A draft with other content. */
export function write(it: Invoice, change: Partial<Content>): Invoice {
  if (!isDraft(it)) throw refusal(it, 'What was issued stays as it is. Credit it, and draft a new invoice.');
  const content = { ...it.content, ...change };
  return { ...it, content, gross: grossOf(content) };
}

export function addLine(it: Invoice, line: Line): Invoice {
  return addLines(it, [line]);
}

export function addLines(it: Invoice, added: readonly Line[]): Invoice {
  const { lines } = it.content;
  if (lines.length + added.length > MOST_LINES) throw refusal(it, `An invoice has at most ${MOST_LINES} lines.`);
  return write(it, { lines: [...lines, ...added] });
}

export function changeLine(it: Invoice, line: Line): Invoice {
  const { tax, hours } = lineNumbered(it.content.lines, line.number);
  if (tax !== null) throw refusal(it, 'This line is an amount that was agreed on. Remove it, and add another one.');
  if (hours)
    throw refusal(it, 'This line bills hours that were logged. Remove it, and add them again at another price.');
  return write(it, { lines: it.content.lines.map((one) => (one.number === line.number ? line : one)) });
}

/** All lines of a month go together: what is billed of it is all of it, or nothing. */
export function removeLine(it: Invoice, number: number): Invoice {
  const { hours } = lineNumbered(it.content.lines, number);
  const isGone = (one: Line) => one.number === number || (hours !== undefined && one.hours?.period === hours.period);
  return write(it, { lines: it.content.lines.filter((one) => !isGone(one)) });
}

export function grossOf(content: Content): number {
  return Number(sumsOf(content).gross);
}
