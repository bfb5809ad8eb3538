import { dayText } from '../kernel/dates.ts';
import { choice, clearable, day, line, otherwise, text } from '../kernel/field.ts';
import { ROUNDINGS } from '../kernel/vat.ts';
import { write } from './draft.ts';
import { invoice } from './invoice.ts';
import { isDraft, mayBill } from './rules.ts';
import { calledOf } from './wording.ts';
import { writeAgain } from './write-again.ts';

const dayOr = (one: string | null): string => (one === null ? '14 days after it is issued' : dayText(one));

/** What holds for the whole of a draft. */
export const setTerms = invoice.command({
  name: 'invoice.set-terms',
  fields: {
    title: line({ label: 'Title', most: 120 }),
    dueOn: clearable(day({ label: 'Last day to pay', hint: 'Empty for 14 days after it is issued.' })),
    rounding: otherwise(
      'document',
      choice(ROUNDINGS, {
        label: 'Where is tax rounded?',
        labels: { document: 'Once for each rate', line: 'On each line' },
      }),
    ),
    notes: clearable(text({ label: 'Notes', hint: 'The client sees them.' })),
  },
  button: { label: 'Terms', word: 'TERMS' },
  rank: 3,
  form: ({ content: { title, rounding, notes }, dueOn, ...it }) => ({
    title: `Terms of ${calledOf(it)}`,
    submit: 'Save terms',
    values: { title, dueOn, rounding, notes },
  }),
  who: mayBill,
  when: isDraft,
  handle: async (context, { title, rounding, notes, ...given }, it) => {
    // What is absent stays; what is emptied is cleared.
    const dueOn = given.dueOn === undefined ? it.dueOn : given.dueOn;
    const after = { ...write(it, { title, rounding, ...(notes === undefined ? {} : { notes }) }), dueOn };
    const later = dueOn === it.dueOn ? [] : [`Last day to pay: ${dayOr(it.dueOn)} → ${dayOr(dueOn)}`];
    return writeAgain(context, it, after, later);
  },
});
