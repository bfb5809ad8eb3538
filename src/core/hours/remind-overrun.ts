import { DomainError } from '../kernel/errors.ts';
import { timeText } from './duration.ts';
import { overrun, reminded } from './overrun.ts';
import { noteOverrunReminded } from './overrun-queries.ts';
import { overrunReminderDue } from './reminders.ts';
import { isWaiting } from './rules.ts';
import { called } from './wording.ts';

/** Reminds the client of hours that it was asked for, and that nobody works before it answers. */
export const remindOfOverrun = overrun.command({
  name: 'overrun.remind',
  // It changes nothing that somebody could have seen differently: presses on older cards stay good.
  version: 'optional',
  button: [],
  who: (actor) => actor.kind === 'system',
  when: isWaiting,
  handle: async (context, _input, it) => {
    const reminder = overrunReminderDue(it, context.now);
    if (!reminder) throw new DomainError('conflict', `What was asked for of ${called(it)} needs no reminder now.`);
    const after = { ...it, remindedAt: context.now };
    await noteOverrunReminded(context, after);
    const say = `${it.clientName} is reminded of ${timeText(it.minutes)} more for ${called(it)}.`;
    return { events: [reminded.of(it, after, { days: reminder.days })], after, say };
  },
});
