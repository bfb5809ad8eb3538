import { z } from 'zod';
import { releaseFreed } from './billed-hours.ts';
import { removeLine as decide } from './draft.ts';
import { invoice } from './invoice.ts';
import { isDraft, mayBill } from './rules.ts';
import { calledOf } from './wording.ts';
import { writeAgain } from './write-again.ts';

const line = z.coerce
  .number('choose a line')
  .int('choose a line')
  .meta({ label: 'Line', choices: [], none: 'It has no lines.' });

/** Takes a line out of a draft. */
export const removeLine = invoice.command({
  name: 'invoice.remove-line',
  fields: { line },
  button: { label: 'Remove a line', word: 'REMOVE', place: 'more', when: ({ content }) => content.lines.length > 0 },
  form: (it) => ({
    title: `Remove a line of ${calledOf(it)}`,
    submit: 'Remove line',
    choices: {
      line: it.content.lines.map(({ number, text }) => ({ value: String(number), label: `${number}. ${text}` })),
    },
  }),
  who: mayBill,
  when: isDraft,
  handle: async (context, { line: number }, it) => {
    const done = await writeAgain(context, it, decide(it, number));
    const released = await releaseFreed(context, it, done.after);
    if (!released.length) return done;
    return { ...done, events: [...done.events, ...released], say: `${done.say} Its hours can be billed anew.` };
  },
});
