import { z } from 'zod';
import { command } from '../kernel/command.ts';
import type { Context } from '../kernel/context.ts';
import { todayOf } from '../kernel/dates.ts';
import { chosen, line } from '../kernel/field.ts';
import type { CommandForm } from '../kernel/form.ts';
import { formFor } from '../kernel/form.ts';
import { doneCard } from '../kernel/thing-definition.ts';
import { writeCounted } from './booking.ts';
import { readBudget, timeText } from './duration.ts';
import { projectChoices, projectsToChoose, readGround } from './ground.ts';
import { minutesOf } from './log-fields.ts';
import { setBudget as decide } from './month.ts';
import { budgeted, period } from './period.ts';
import { periodOn } from './period-queries.ts';
import { runsHours } from './rules.ts';
import { called } from './wording.ts';

const fields = {
  project: chosen({ label: 'Project', none: 'There is no open project to plan hours for.' }),
  month: z
    .string('is needed')
    .trim()
    .regex(/^[12]\d{3}-(0[1-9]|1[0-2])$/, 'is not a month; write it like 2026-11')
    .meta({ label: 'Month', most: 7, placeholder: '2026-11' }),
  // Needed, so that a press that brings project and month is answered with the form.
  budget: line({
    label: 'How many hours?',
    most: 40,
    placeholder: '40h',
    hint: 'What counts for the client. “none” takes the budget out.',
  }),
};

/** What is agreed on for that month, else what was last: most months are planned alike. */
async function budgetFor({ sql, actor }: Context, project: string, month: string): Promise<string | null> {
  const [row] = await sql<{ budget: number }>`
    select budget from hours_period where tenant_id = ${actor.tenantId} and project_id = ${project} and budget is not null
    order by month = ${`${month}-01`}::date desc, month desc limit 1`;
  return row ? timeText(row.budget) : null;
}

const form: CommandForm = {
  ...formFor({
    title: 'Hours of a month',
    submit: 'Save',
    fields,
    who: runsHours,
    ask: async (context, { project = null, month = monthNow(context) }) => ({
      values: { month, budget: project && (await budgetFor(context, project, month)) },
      choices: { project: projectChoices(await projectsToChoose(context, project)) },
    }),
  }),
  // From the card of a month it is opened for that one.
  opens: z.object({ project: fields.project.optional(), month: fields.month.optional() }),
};

function monthNow({ now, actor }: Context): string {
  return todayOf(now, actor.timezone).slice(0, 7);
}

/** Says how many hours were agreed on for a project's month. */
export const setBudget = command({
  name: 'hours.set-budget',
  module: 'billing',
  input: z.strictObject(fields),
  form,
  load: (context, { project }) => readGround(context, project),
  policy: (actor) => runsHours(actor),
  handle: async (context, { month, budget }, ground) => {
    const minutes = /^none$/i.test(budget) ? null : minutesOf('budget', budget, readBudget);
    const before = await periodOn(context, ground, month);
    const { after, events } = await writeCounted(context, before, decide(before, minutes), budgeted);
    const say = `${called(after)} has ${minutes === null ? 'no budget any more' : `a budget of ${timeText(minutes)}`}.`;
    return { events, output: period.done(after, say) };
  },
  reply: (output) => doneCard(period, output),
});
