import { billableChoices, billableForUpdate, billHours } from '../hours/index.ts';
import { requireNone } from '../kernel/faults.ts';
import { nextLine } from '../kernel/priced-line.ts';
import { there } from '../kernel/thing-definition.ts';
import { addLines } from './draft.ts';
import { hourFields, rateFor } from './hour-fields.ts';
import { hourLines, requireRoomFor, requireSigned } from './hour-lines.ts';
import { invoice } from './invoice.ts';
import { isDraft, mayBill } from './rules.ts';
import { calledOf } from './wording.ts';
import { writeAgain } from './write-again.ts';

/** Adds a month's hours to what a draft bills. */
export const addHours = invoice.command({
  name: 'invoice.add-hours',
  fields: hourFields,
  button: { label: 'Add hours', word: 'HOURS', place: 'more' },
  form: async (it, context) => ({
    title: `Add hours to ${calledOf(it)}`,
    submit: 'Add hours',
    values: { unsigned: 'no' },
    choices: { period: await billableChoices(context, { client: it.clientId, project: it.projectId }) },
  }),
  who: mayBill,
  when: isDraft,
  handle: async (context, { period, lines: by, unsigned, ...priced }, it) => {
    const hours = there(await billableForUpdate(context, period));
    if (hours.clientId !== it.clientId) requireNone({ period: `is not of ${it.clientName}` });
    // Whoever reads the invoice of a project reads nothing of another one.
    if (it.projectId !== null && hours.projectId !== it.projectId)
      requireNone({ period: `is not of ${it.projectName}` });
    requireSigned(hours, unsigned);
    const rate = await rateFor(context, hours.projectId, { ...priced, currency: it.content.currency });
    const added = hourLines(hours, rate, by, nextLine(it.content.lines));
    requireRoomFor(added, it.content.lines.length);
    const done = await writeAgain(context, it, addLines(it, added));
    const billed = await billHours(context, hours, it.id);
    return { ...done, events: [...done.events, billed], say: `${calledOf(it)} bills ${hours.called} as well.` };
  },
});
