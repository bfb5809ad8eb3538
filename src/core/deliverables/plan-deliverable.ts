import { z } from 'zod';
import { reads } from '../kernel/actor.ts';
import { command } from '../kernel/command.ts';
import { chosen, line, optional, text } from '../kernel/field.ts';
import { formFor } from '../kernel/form.ts';
import { doneCard } from '../kernel/thing-definition.ts';
import { deliverable, planned } from './deliverable.ts';
import { cyclesToPlanIn, groundForUpdate } from './queries.ts';
import { runsDeliverables } from './rules.ts';
import { called, refusedIn } from './wording.ts';
import { insertDeliverable } from './write.ts';

const fields = {
  cycle: chosen({ label: 'Cycle', none: 'There is no cycle that is not completed.' }),
  name: line({ least: 3, label: 'What is delivered?', placeholder: 'Basket page' }),
  description: optional(text({ label: 'More about it' })),
};

/** Plans something that the client gets beside what both sides signed: it changes no scope. */
export const planDeliverable = command({
  name: 'deliverable.plan',
  module: 'projects',
  input: z.strictObject(fields),
  form: formFor({
    title: 'Plan a deliverable',
    submit: 'Plan it',
    fields,
    who: (actor) => runsDeliverables(actor) && reads(actor, 'projects'),
    ask: async (context, { cycle = null }) => {
      const cycles = await cyclesToPlanIn(context, cycle);
      return {
        choices: { cycle: cycles.map(({ id, name, project }) => ({ value: id, label: `${name} (${project})` })) },
      };
    },
  }),
  load: (context, { cycle }) => groundForUpdate(context, cycle),
  policy: (actor) => runsDeliverables(actor),
  handle: async (context, { name, description = null }, ground) => {
    if (ground.closed) throw refusedIn(ground, `${ground.cycleName} is completed: nothing more is delivered in it.`);
    const after = await insertDeliverable(context, ground, { name, description, inScope: false });
    const say = `${called(after)} ${name} is planned. Share it when there is something to look at.`;
    return { events: [planned.of(null, after)], output: deliverable.done(after, say) };
  },
  reply: (output) => doneCard(deliverable, output),
});
