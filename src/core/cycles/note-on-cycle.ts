import { addMessage, said, told } from '../conversations/index.ts';
import { text } from '../kernel/field.ts';
import { cycle, noted } from './cycle.ts';
import { readCycle } from './queries.ts';
import { mayNote } from './rules.ts';
import { scopeOf } from './schema.ts';

/** Writes a note about a cycle that only the team sees. */
export const noteOnCycle = cycle.command({
  name: 'cycle.note',
  formerly: ['cycle.note-form'],
  fields: { body: text({ label: 'Text', hint: 'Only the team sees this.' }) },
  known: said,
  version: 'optional',
  button: { label: 'Note' },
  form: (it) => ({ title: `Note on ${scopeOf(it).content.name}`, submit: 'Save note' }),
  takes: 'note',
  who: mayNote,
  lock: readCycle,
  handle: async (context, { saidIn, ...words }, it) => {
    const message = await addMessage(context, { ...it, cycle: it.id }, words, true);
    return {
      events: [noted.of(it, it, told(message, saidIn))],
      after: it,
      say: 'Your note is in the thread. Only the team sees it.',
    };
  },
});
