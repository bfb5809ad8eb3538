import { addMessage, said, told } from '../conversations/index.ts';
import { text } from '../kernel/field.ts';
import { deliverable, noted } from './deliverable.ts';
import { readDeliverable } from './queries.ts';
import { mayNote } from './rules.ts';
import { called } from './wording.ts';

/** Writes a note about a deliverable that only the team sees. */
export const noteOnDeliverable = deliverable.command({
  name: 'deliverable.note',
  fields: { body: text({ label: 'Text', hint: 'Only the team sees this.' }) },
  known: said,
  version: 'optional',
  button: { label: 'Note' },
  form: (it) => ({ title: `Note on ${called(it)}`, submit: 'Save note' }),
  takes: 'note',
  who: mayNote,
  lock: readDeliverable,
  handle: async (context, { saidIn, ...words }, it) => {
    const message = await addMessage(context, { ...it, deliverable: it.id }, words, true);
    return {
      events: [noted.of(it, it, told(message, saidIn))],
      after: it,
      say: 'Your note is in the thread. Only the team sees it.',
    };
  },
});
