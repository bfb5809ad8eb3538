import { remindOn } from '../kernel/remind-on.ts';
import { overrun, reminded } from './overrun.ts';
import { noteOverrunReminded } from './overrun-queries.ts';
import type { Overrun } from './overrun-schema.ts';
import { overrunReminderDue } from './reminders.ts';
import { isWaiting } from './rules.ts';

/** Reminds the client of hours that it was asked for, and that nobody works before it answers. */
export const remindOfOverrun = remindOn<Overrun>({
  ...{ thing: overrun, name: 'overrun.remind', when: isWaiting, due: overrunReminderDue, event: reminded },
  write: (context, _before, after) => noteOverrunReminded(context, after),
});
