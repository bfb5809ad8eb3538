import { nextLine, pricedFields, pricedLine } from '../kernel/priced-line.ts';
import { plainLine } from './content.ts';
import { addLine as decide } from './draft.ts';
import { invoice } from './invoice.ts';
import { lastValues } from './new-draft.ts';
import { isDraft, mayBill } from './rules.ts';
import { calledOf } from './wording.ts';
import { writeAgain } from './write-again.ts';

/** Adds something to what is billed. */
export const addLine = invoice.command({
  name: 'invoice.add-line',
  fields: pricedFields,
  button: { label: 'Add a line', word: 'LINE' },
  rank: 2,
  form: async (it, context) => ({
    title: `Add a line to ${calledOf(it)}`,
    submit: 'Add line',
    values: { vat: (await lastValues(context)).vat ?? null },
  }),
  who: mayBill,
  when: isDraft,
  handle: (context, typed, it) => {
    const { lines, currency } = it.content;
    return writeAgain(context, it, decide(it, plainLine(pricedLine(typed, nextLine(lines), currency))));
  },
});
