import { nameOf } from '../kernel/actor.ts';
import { line, text } from '../kernel/field.ts';
import { readBudget, timeText } from './duration.ts';
import { minutesOf } from './log-fields.ts';
import { agreedOf, usedOf } from './month.ts';
import { asked, overrun } from './overrun.ts';
import { insertOverrun } from './overrun-queries.ts';
import type { Overrun } from './overrun-schema.ts';
import { counted, period } from './period.ts';
import { writePeriod } from './period-queries.ts';
import { canAsk, runsHours } from './rules.ts';
import { called } from './wording.ts';

/** Asks the client for more hours than were agreed on, before they are worked. */
export const askOverrun = period.command({
  name: 'period.ask-overrun',
  fields: {
    time: line({ label: 'How many more hours?', most: 40, placeholder: '5h' }),
    reason: text({ label: 'Why?', least: 3, hint: 'The client reads this.' }),
  },
  version: 'optional',
  button: { label: 'Ask for more hours', word: 'MORE' },
  rank: 2,
  form: (it) => ({
    title: `More hours for ${called(it)}`,
    lead: agreedText(agreedOf(it) ?? 0, usedOf(it)),
    submit: 'Ask',
  }),
  who: runsHours,
  when: canAsk,
  handle: async (context, { time, reason }, it) => {
    const { actor, now, newId } = context;
    const minutes = minutesOf('time', time, readBudget);
    const made: Overrun = {
      ...{ id: newId(), version: 1, clientId: it.clientId, clientName: it.clientName, firmName: it.firmName },
      ...{
        projectId: it.projectId,
        projectName: it.projectName,
        timezone: it.timezone,
        periodId: it.id,
        month: it.month,
      },
      status: 'asked',
      ...{ minutes, reason, agreed: agreedOf(it) ?? 0, used: usedOf(it), askedBy: nameOf(actor), askedAt: now },
      ...{ remindedAt: null, answer: null, isClosed: false },
    };
    await insertOverrun(context, made);
    const after = { ...it, isAsked: true, version: it.version + 1 };
    await writePeriod(context, it, after);
    const say = `${made.clientName} is asked for ${timeText(minutes)} more. Wait for the answer before you work them.`;
    return {
      events: [asked.of(null, made), counted.of(it, after)],
      ...{ after, say, output: { overrun: made.id }, next: overrun.opening(made.id) },
    };
  },
});

function agreedText(agreed: number, used: number): string {
  return `${timeText(agreed)} were agreed on, and ${timeText(used)} are used.`;
}
