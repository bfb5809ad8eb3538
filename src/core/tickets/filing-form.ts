import { z } from 'zod';
import { reads } from '../kernel/actor.ts';
import type { Context } from '../kernel/context.ts';
import type { Choice, Fields } from '../kernel/field.ts';
import { choice, chosen, clean, line, optional, text } from '../kernel/field.ts';
import type { CommandForm } from '../kernel/form.ts';
import { formFor } from '../kernel/form.ts';
import { isTeam, MOST_PROJECTS, openProjects } from '../people/index.ts';
import { mayFile } from './rules.ts';
import { PRIORITIES } from './schema.ts';

const LINKS = 10;

const Links = z
  .string('must be text, one link per line')
  .transform((words) => words.split(/\s+/).map(clean).filter(Boolean))
  .pipe(
    z
      .array(z.url({ protocol: /^https?$/, error: 'must be web addresses (https://…), one per line' }))
      .max(LINKS, `may be at most ${LINKS}`),
  )
  .meta({ label: 'Links', hint: 'One web address per line.', multiline: true, most: 3_000 });

const NONE = 'There is no project here for which you may do this. Please ask your contact person.';

/** The fields of every new ticket; what one kind alone has stands between the first and the last. */
export const FIRST = { project: chosen({ label: 'Project', none: NONE }) };
export const LAST = { priority: optional(choice(PRIORITIES, { label: 'Priority' })), links: optional(Links) };
export const title = (placeholder: string) => line({ least: 3, label: 'Title', placeholder });
export const description = (label: string) => text({ least: 5, label });

/** The form of a new ticket, with the projects that its actor may file for. */
export function filingForm(called: { title: string; submit: string }, fields: Fields): CommandForm {
  return formFor({
    ...called,
    fields,
    who: (actor) => reads(actor, 'tickets'),
    ask: async (context, { project = null }) => {
      const choices = await projectsToFileFor(context, project);
      const more = 'These are not all of them. Open the form on a project’s own card for another one.';
      return {
        values: { priority: 'normal' },
        choices: { project: choices.slice(0, MOST_PROJECTS) },
        ...(choices.length > MOST_PROJECTS ? { hints: { project: more } } : {}),
      };
    },
  });
}

async function projectsToFileFor(context: Context, wanted: string | null): Promise<Choice[]> {
  const { actor } = context;
  // One more than is shown, so that it can be said that there are more.
  const visible = await openProjects(context, { wanted, evenClosed: true, by: 'name', most: MOST_PROJECTS + 1 });
  return visible
    .filter(({ id }) => mayFile(actor, { projectId: id }))
    .map(({ id, name, client }) => ({ value: id, label: isTeam(actor) ? `${client} · ${name}` : name }));
}
