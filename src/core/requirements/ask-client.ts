import { z } from 'zod';
import { reads } from '../kernel/actor.ts';
import { command } from '../kernel/command.ts';
import type { Context } from '../kernel/context.ts';
import { todayOf } from '../kernel/dates.ts';
import { DomainError } from '../kernel/errors.ts';
import { choice, chosen, optional } from '../kernel/field.ts';
import { NOT_TAKEN } from '../kernel/files.ts';
import { formFor } from '../kernel/form.ts';
import { doneCard } from '../kernel/thing-definition.ts';
import { isTeam } from '../people/index.ts';
import { details, due, options, readOptions, requireComing, title } from './asking.ts';
import { projectsToChoose, readGround } from './queries.ts';
import { asked, requirement } from './requirement.ts';
import { mayAsk } from './rules.ts';
import type { Kind } from './schema.ts';
import { KINDS } from './schema.ts';
import { KIND_LABELS } from './wording.ts';
import { insertRequirement } from './write.ts';

const fields = {
  project: chosen({ label: 'Project', none: 'There is no open project for which you may do this.' }),
  title,
  kind: choice(KINDS, {
    label: 'What is it?',
    labels: KIND_LABELS,
    hint: 'What is secret, and files, are provided on a page of the client’s own, and never in a chat or mail.',
  }),
  details: optional(details),
  options: optional(options),
  due: optional(due),
};

/** Asks the client for something that a project needs. */
export const askClient = command({
  name: 'requirement.ask',
  word: {
    say: 'need',
    label: 'Ask for something',
    about: 'for the firm: ask the client for something',
    takes: 'title',
  },
  module: 'projects',
  input: z.strictObject(fields),
  form: formFor({
    title: 'Ask the client for something',
    submit: 'Ask',
    fields,
    who: (actor) => isTeam(actor) && reads(actor, 'projects'),
    ask: async (context, { project = null }) => ({ choices: { project: await projectChoices(context, project) } }),
  }),
  load: (context, { project }) => readGround(context, project),
  policy: (actor, ground) => mayAsk(actor, ground),
  handle: async (context, input, ground) => {
    if (ground.closed)
      throw new DomainError('conflict', `${ground.projectName} is closed: nothing is needed there now.`);
    requireTaken(context, input.kind);
    requireComing(input.due, todayOf(context.now, ground.timezone));
    const after = await insertRequirement(context, ground, {
      kind: input.kind,
      title: input.title,
      details: input.details ?? null,
      options: readOptions(input.kind, input.options),
      dueOn: input.due ?? null,
    });
    const say = `${ground.clientName} is asked for R${after.number}.`;
    return { events: [asked.of(null, after)], output: requirement.done(after, say) };
  },
  reply: (output) => doneCard(requirement, output),
});

/** Whoever is asked for files can send them. @throws DomainError invalid */
function requireTaken({ files }: Context, kind: Kind): void {
  if (kind === 'files' && !files.takes)
    throw new DomainError('invalid', `Please check: kind: ${NOT_TAKEN}`, { fields: { kind: NOT_TAKEN } });
}

async function projectChoices(context: Context, wanted: string | null) {
  const projects = await projectsToChoose(context, wanted);
  return projects
    .filter(({ id }) => mayAsk(context.actor, { projectId: id }))
    .map(({ id, name, client }) => ({ value: id, label: `${client} · ${name}` }));
}
