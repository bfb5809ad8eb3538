import { period, reminded } from './period.ts';
import { noteReminded } from './period-queries.ts';
import { monthReminderDue } from './reminders.ts';
import { isSent } from './rules.ts';
import { called, refusal } from './wording.ts';

/** Reminds the client of a month that waits for its signature. An answer ends that. */
export const remindSigner = period.command({
  name: 'period.remind',
  // It changes nothing that somebody could have seen differently: presses on older cards stay good.
  version: 'optional',
  button: [],
  who: (actor) => actor.kind === 'system',
  when: isSent,
  handle: async (context, _input, it) => {
    const reminder = monthReminderDue(it, context.now);
    if (!reminder) throw refusal(it, `${called(it)} needs no reminder now.`);
    const after = { ...it, remindedAt: context.now };
    await noteReminded(context, after);
    const say = `${it.clientName} is reminded of ${called(it)}.`;
    return { events: [reminded.of(it, after, { days: reminder.days })], after, say };
  },
});
