import { z } from 'zod';
import { command } from '../kernel/command.ts';
import { formFor } from '../kernel/form.ts';
import { doneCard } from '../kernel/thing-definition.ts';
import { lastValues, newDraft, placeFields, startFields } from './new-draft.ts';
import { choicesFor, clientOf, readGround } from './queries.ts';
import { drafted, quote } from './quote.ts';
import { mayDraft } from './rules.ts';

const fields = { ...placeFields, ...startFields };

/** Drafts a quote with its first line. The client sees nothing of it until it is sent. */
export const draftQuote = command({
  name: 'quote.draft',
  module: 'billing',
  input: z.strictObject(fields),
  form: formFor({
    title: 'Draft a quote',
    submit: 'Draft quote',
    fields,
    who: mayDraft,
    ask: async (context, { client, project = null }) => {
      const wanted = client ?? (project ? await clientOf(context, project) : null);
      return {
        values: { ...(await lastValues(context)), client: wanted, project },
        choices: await choicesFor(context, { client: wanted, project }),
      };
    },
  }),
  load: (context, { client, project = null }) => readGround(context, client, project),
  policy: (actor) => mayDraft(actor),
  handle: async (context, { client: _client, project: _project, ...typed }, ground) => {
    const made = await newDraft(context, ground, typed);
    const say = `Q-${made.number} is a draft. ${made.clientName} sees it once you send it.`;
    return { events: [drafted.of(null, made)], output: quote.done(made, say) };
  },
  reply: (output) => doneCard(quote, output),
});
