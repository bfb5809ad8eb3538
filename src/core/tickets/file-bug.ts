import { z } from 'zod';
import { command } from '../kernel/command.ts';
import { optional, text } from '../kernel/field.ts';
import { filedCard } from './cards.ts';
import { fileTicket, projectToFileFor } from './filing.ts';
import { description, FIRST, filingForm, LAST, title } from './filing-form.ts';
import { mayFile } from './rules.ts';

const fields = {
  ...FIRST,
  title: title('The pay button does nothing'),
  description: description('What happens?'),
  steps: optional(text({ label: 'How can we see it?', placeholder: 'Step by step' })),
  expected: optional(text({ label: 'What should happen?' })),
  ...LAST,
};

/** Reports something that is broken (C1). */
export const fileBug = command({
  name: 'ticket.file-bug',
  formerly: ['ticket.new-bug'],
  word: { say: 'bug', label: 'Report a bug', about: 'report something that is broken', takes: 'title' },
  module: 'tickets',
  input: z.strictObject(fields),
  form: filingForm({ title: 'Report a bug', submit: 'Report' }, fields),
  load: (context, { project }) => projectToFileFor(context, project),
  policy: (actor, project) => mayFile(actor, project),
  handle: (context, input, project) => fileTicket(context, { ...input, kind: 'bug' }, project),
  reply: filedCard,
});
