import { remindOn } from '../kernel/remind-on.ts';
import { approvalReminderDue } from './approval-reminders.ts';
import { approvalReminded, cycle } from './cycle.ts';
import type { Cycle } from './schema.ts';
import { writeCycle } from './write.ts';

/** Reminds the client of a scope that it has not approved. */
export const remindApproval = remindOn<Cycle>({
  ...{ thing: cycle, name: 'cycle.remind-approval', due: approvalReminderDue, write: writeCycle },
  when: ({ status }) => status === 'upcoming' || 'work on it has begun',
  event: approvalReminded,
});
