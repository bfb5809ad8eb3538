import { z } from 'zod';
import { reads } from '../kernel/actor.ts';
import { command } from '../kernel/command.ts';
import type { Context } from '../kernel/context.ts';
import { todayOf } from '../kernel/dates.ts';
import { DomainError } from '../kernel/errors.ts';
import { choice, chosen, day, line, optional, otherwise, text } from '../kernel/field.ts';
import { formFor } from '../kernel/form.ts';
import { doneCard } from '../kernel/thing-definition.ts';
import { isFirm, openProjects } from '../people/index.ts';
import { readGround } from './queries.ts';
import { insertTask } from './rows.ts';
import { requireComing, runsTasks } from './rules.ts';
import type { Task } from './schema.ts';
import { added, task } from './task.ts';

export const title = line({ least: 3, label: 'What is to be done?', placeholder: 'Write the texts of the start page' });
export const description = text({ label: 'What more is to be known' });
export const due = day({ label: 'Due' });

const fields = {
  project: chosen({ label: 'Project', none: 'There is no open project for which you may do this.' }),
  title,
  description: optional(description),
  due: optional(due),
  who: otherwise('nobody', choice(['nobody', 'me'], { label: 'Who?', labels: { nobody: 'Nobody yet', me: 'I' } })),
  seen_by: otherwise(
    'team',
    choice(['team', 'client'], { label: 'Seen by', labels: { team: 'The team alone', client: 'The client too' } }),
  ),
};

/** Adds something to do to a project; from the card of a phase or cycle, as a part of that. */
export const addTask = command({
  name: 'task.add',
  word: { say: 'task', label: 'Add a task', about: 'for the firm: note what is to be done', takes: 'title' },
  module: 'projects',
  input: z.strictObject({ ...fields, phase: z.uuid().optional(), cycle: z.uuid().optional() }),
  form: formFor({
    title: 'Add a task',
    fields,
    who: (actor) => isFirm(actor) && reads(actor, 'projects'),
    ask: async (context, { project = null }) => ({ choices: { project: await projectChoices(context, project) } }),
  }),
  load: (context, { project, phase, cycle }) => readGround(context, { project, phase, cycle }),
  policy: (actor, ground) => runsTasks(actor, ground),
  handle: async (context, input, { clientId, projectId, projectName, closed, part }) => {
    const { actor, now } = context;
    if (input.phase && input.cycle)
      throw new DomainError('invalid', 'It is part of a phase or of a cycle, not of both.');
    if (closed) throw new DomainError('conflict', `${projectName} is closed: nothing new begins there.`);
    requireComing(input.due, todayOf(now, actor.timezone));
    const mine = input.who === 'me' && actor.kind === 'person';
    const after: Task = await insertTask(context, {
      ...{ clientId, projectId, closed, part },
      internal: input.seen_by === 'team',
      title: input.title,
      description: input.description ?? null,
      dueOn: input.due ?? null,
      assignee: mine ? { id: actor.personId, name: actor.name, side: 'staff' } : null,
    });
    const say = `T${after.number} is to be done${after.assignee ? ', by you' : ''}.`;
    return { events: [added.of(null, after)], output: task.done(after, say) };
  },
  reply: (output) => doneCard(task, output),
});

async function projectChoices(context: Context, wanted: string | null) {
  const projects = await openProjects(context, { wanted });
  return projects
    .filter(({ id }) => runsTasks(context.actor, { projectId: id }))
    .map(({ id, name, client }) => ({ value: id, label: `${client} · ${name}` }));
}
