import { addMessage, said, told } from '../conversations/index.ts';
import { text } from '../kernel/field.ts';
import { readQuote } from './queries.ts';
import { noted, quote } from './quote.ts';
import { mayNote } from './rules.ts';
import { called } from './wording.ts';

/** Writes a note about a quote that only the team sees. */
export const noteOnQuote = quote.command({
  name: 'quote.note',
  fields: { body: text({ label: 'Text', hint: 'Only the team sees this.' }) },
  known: said,
  version: 'optional',
  button: { label: 'Note' },
  form: (it) => ({ title: `Note on ${called(it)}`, submit: 'Save note' }),
  takes: 'note',
  who: mayNote,
  lock: readQuote,
  handle: async (context, { saidIn, ...words }, it) => {
    const message = await addMessage(context, { ...it, quote: it.id }, words, true);
    return {
      events: [noted.of(it, it, told(message, saidIn))],
      after: it,
      say: 'Your note is in the thread. Only the team sees it.',
    };
  },
});
