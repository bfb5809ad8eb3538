import { remindOn } from '../kernel/remind-on.ts';
import { reminderDue } from './reminders.ts';
import { reminded, requirement } from './requirement.ts';
import { isOpen } from './rules.ts';
import type { Requirement } from './schema.ts';
import { writeRequirement } from './write.ts';

/** Reminds the client of what is needed. */
export const remindClient = remindOn<Requirement>({
  ...{ thing: requirement, name: 'requirement.remind', when: isOpen },
  ...{ due: reminderDue, write: writeRequirement, event: reminded },
});
