import { z } from 'zod';
import { lineNumbered, pricedFields, pricedLine, typedPrice } from '../kernel/priced-line.ts';
import { plainLine } from './content.ts';
import { changeLine as decide } from './draft.ts';
import { invoice } from './invoice.ts';
import { isDraft, mayBill } from './rules.ts';
import { calledOf } from './wording.ts';
import { writeAgain } from './write-again.ts';

/** Changes a line of a draft. Its button stands beside the line. */
export const changeLine = invoice.command({
  name: 'invoice.change-line',
  fields: pricedFields,
  given: { line: z.coerce.number('is needed').int('is not a line').positive('is not a line') },
  form: (it, _context, { line }) => ({
    title: `Line ${line} of ${calledOf(it)}`,
    submit: 'Save line',
    values: { ...typedPrice(lineNumbered(it.content.lines, Number(line)), it.content.currency) },
  }),
  who: mayBill,
  when: isDraft,
  handle: (context, { line, ...typed }, it) =>
    writeAgain(context, it, decide(it, plainLine(pricedLine(typed, line, it.content.currency)))),
});
