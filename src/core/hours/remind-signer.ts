import { remindOn } from '../kernel/remind-on.ts';
import { period, reminded } from './period.ts';
import { noteReminded } from './period-queries.ts';
import type { Period } from './period-schema.ts';
import { monthReminderDue } from './reminders.ts';
import { isSent } from './rules.ts';

/** Reminds the client of a month that waits for its signature. */
export const remindSigner = remindOn<Period>({
  ...{ thing: period, name: 'period.remind', when: isSent, due: monthReminderDue, event: reminded },
  write: (context, _before, after) => noteReminded(context, after),
});
