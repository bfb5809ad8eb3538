import { z } from 'zod';
import { lineNumbered } from '../kernel/priced-line.ts';
import { cycleNamed, cyclesToName } from './add-line.ts';
import { changeLine as decide } from './draft.ts';
import { lineFields, lineOf, typedOf } from './line-fields.ts';
import { quote, written } from './quote.ts';
import { isDraft, mayDraft } from './rules.ts';
import { called } from './wording.ts';
import { writeAgain } from './write-again.ts';

/** Changes a line of a draft. Its button stands beside the line. */
export const changeLine = quote.command({
  name: 'quote.change-line',
  fields: lineFields,
  given: { line: z.coerce.number('is needed').int('is not a line').positive('is not a line') },
  form: async (it, context, { line }) => ({
    title: `Line ${line} of ${called(it)}`,
    submit: 'Save line',
    values: typedOf(lineNumbered(it.content.lines, Number(line)), it.content.currency),
    choices: { cycle: await cyclesToName(context, it) },
  }),
  who: mayDraft,
  when: isDraft,
  handle: async (context, { line: number, cycle, ...typed }, it) => {
    lineNumbered(it.content.lines, number);
    const line = lineOf(typed, number, it.content.currency, await cycleNamed(context, it, cycle));
    return writeAgain(context, it, decide(it, line), written);
  },
});
