import { said, told } from '../conversations/index.ts';
import { line, optional, text } from '../kernel/field.ts';
import { addMessage } from './rows.ts';
import { mayNote } from './rules.ts';
import { noted, ticket } from './ticket.ts';

/** Writes an internal note (C3). The ticket's own row stays as it is: not even a new version tells the client of it. */
export const addNote = ticket.command({
  name: 'ticket.note',
  formerly: ['ticket.note-form'],
  fields: { body: text({ label: 'Text', hint: 'Only the team sees this.' }) },
  known: { ...said, byName: optional(line({ label: 'Who wrote it' })) },
  version: 'optional',
  button: { label: 'Note' },
  form: ({ number }) => ({ title: `Note on #${number}`, submit: 'Save note' }),
  takes: 'note',
  who: mayNote,
  handle: async (context, words, it) => {
    const message = await addMessage(context, it, words, true);
    return {
      events: [noted.of(it, it, told(message, words.saidIn))],
      after: it,
      say: `Your note is on #${it.number}. Only the team sees it.`,
      output: { message: message.id },
    };
  },
});
