import { remindOn } from '../kernel/remind-on.ts';
import { deliverable, reminded } from './deliverable.ts';
import { reminderDue } from './reminders.ts';
import { whileStanding } from './rules.ts';
import type { Deliverable } from './schema.ts';
import { lastShare } from './schema.ts';
import { writeDeliverable } from './write.ts';

/** Reminds the client of what it is to look at. */
export const remindClient = remindOn<Deliverable>({
  ...{ thing: deliverable, name: 'deliverable.remind', when: whileStanding('in_review') },
  ...{ due: reminderDue, write: writeDeliverable, event: reminded },
  tells: (_reminder, it) => ({ since: lastShare(it)?.at }),
});
