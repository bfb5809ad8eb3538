import { z } from 'zod';
import { command } from '../kernel/command.ts';
import { DomainError } from '../kernel/errors.ts';
import { chosen, line, optional, text } from '../kernel/field.ts';
import { formFor } from '../kernel/form.ts';
import { doneCard } from '../kernel/thing-definition.ts';
import { isFirm } from '../people/index.ts';
import { asked, inquiry } from './inquiry.ts';
import { insertInquiry } from './inquiry-queries.ts';
import { choicesFor } from './queries.ts';
import { mayAsk } from './rules.ts';

const NONE = 'There is no project here for which you may ask for a quote. Please ask your contact person.';

const fields = {
  project: chosen({ label: 'Project', none: NONE }),
  title: line({ label: 'What would you like a quote for?', least: 3, placeholder: 'A second language for the shop' }),
  body: optional(text({ label: 'More about it' })),
};

/** A contact would like a quote for something (F6). */
export const requestQuote = command({
  name: 'quote.request',
  word: { say: 'quote', label: 'Ask for a quote', about: 'for clients: ask what something would cost', takes: 'title' },
  module: 'messages',
  input: z.strictObject(fields),
  form: formFor({
    title: 'Ask for a quote',
    submit: 'Ask',
    fields,
    who: (actor) => !isFirm(actor),
    ask: async (context, { project = null }) => {
      const { project: projects } = await choicesFor(context, { project });
      return { choices: { project: projects.filter(({ value }) => mayAsk(context.actor, value)) } };
    },
  }),
  load: async (_context, { project }) => ({ project }),
  policy: (actor, { project }) => mayAsk(actor, project),
  handle: async (context, { project, title, body = null }) => {
    const made = await insertInquiry(context, { project, title, body });
    if (!made) throw new DomainError('not_found', 'This is not there, or not for you.');
    const say = `${made.firmName} is told that you would like a quote for “${title}”.`;
    return { events: [asked.of(null, made)], output: inquiry.done(made, say) };
  },
  reply: (output) => doneCard(inquiry, output),
});
