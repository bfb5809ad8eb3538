import { z } from 'zod';
import { command } from '../kernel/command.ts';
import { day, optional } from '../kernel/field.ts';
import { filedCard } from './cards.ts';
import { fileTicket, projectToFileFor } from './filing.ts';
import { description, FIRST, filingForm, LAST, title } from './filing-form.ts';
import { mayFile } from './rules.ts';

const fields = {
  ...FIRST,
  title: title('Show prices with tax'),
  description: description('What should be different, and why?'),
  due: optional(day({ label: 'Needed by', hint: 'Leave empty when there is no date.' })),
  ...LAST,
};

/** Asks for something to be different (C1). */
export const fileChange = command({
  name: 'ticket.file-change',
  formerly: ['ticket.new-change'],
  word: { say: 'change', label: 'Ask for a change', about: 'ask for something to be different', takes: 'title' },
  module: 'tickets',
  input: z.strictObject(fields),
  form: filingForm({ title: 'Ask for a change', submit: 'Ask' }, fields),
  load: (context, { project }) => projectToFileFor(context, project),
  policy: (actor, project) => mayFile(actor, project),
  handle: (context, input, project) => fileTicket(context, { ...input, kind: 'change' }, project),
  reply: filedCard,
});
