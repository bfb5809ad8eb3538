import { z } from 'zod';
import { reads } from '../kernel/actor.ts';
import { command } from '../kernel/command.ts';
import { chosen } from '../kernel/field.ts';
import { formFor } from '../kernel/form.ts';
import { doneCard } from '../kernel/thing-definition.ts';
import { openProjects } from '../people/index.ts';
import { plan } from './agree.ts';
import { contentFields, requireOrder } from './content.ts';
import { cycle, planned } from './cycle.ts';
import { readGround } from './queries.ts';
import { byOf, runsCycles } from './rules.ts';
import { insertCycle } from './write.ts';

const fields = {
  project: chosen({ label: 'Project', none: 'There is no open project to plan a cycle for.' }),
  ...contentFields,
  reviewDays: z
    .preprocess(
      (value) => (value === '' ? undefined : value),
      z.coerce.number().int('is a whole number').min(1, 'is at least 1').max(60, 'is at most 60').default(5),
    )
    .meta({ label: 'Days for the review', hint: 'Business days of the client.', most: 2 }),
};

const form = formFor({
  title: 'Plan a cycle',
  submit: 'Plan cycle',
  fields,
  who: (actor) => runsCycles(actor) && reads(actor, 'projects'),
  ask: async (context, { project = null }) => {
    const projects = await openProjects(context, { only: project });
    return {
      choices: { project: projects.map(({ id, name, client }) => ({ value: id, label: `${name} (${client})` })) },
    };
  },
});

/** Plans a cycle: what will be delivered, from when to when. Both sides then approve it. */
export const planCycle = command({
  name: 'cycle.plan',
  formerly: ['cycle.plan-form'],
  module: 'projects',
  input: z.strictObject(fields),
  form,
  load: (context, { project }) => readGround(context, project),
  policy: (actor) => runsCycles(actor),
  handle: async (context, { project: _project, reviewDays, ...content }, ground) => {
    const { actor, now, newId } = context;
    requireOrder(content);
    const after = plan({ ...ground, id: newId(), reviewDays }, content, byOf(actor), now);
    await insertCycle(context, after);
    const say = `${content.name} is planned. ${after.firmName} and ${after.clientName} can approve it now.`;
    return {
      events: [planned.of(null, after)],
      output: { ...cycle.factsOf(after), id: after.id, called: content.name, say },
    };
  },
  reply: (output) => doneCard(cycle, output),
});
