import { approvalReminderDue } from './approval-reminders.ts';
import { approvalReminded, cycle } from './cycle.ts';
import { refusal } from './refusal.ts';
import { scopeOf } from './schema.ts';
import { writeCycle } from './write.ts';

/** Reminds the client of a scope that it has not approved. An approval ends that. */
export const remindApproval = cycle.command({
  name: 'cycle.remind-approval',
  // It changes nothing about the cycle, not even its version: presses on older cards stay good.
  version: 'optional',
  button: [],
  who: (actor) => actor.kind === 'system',
  when: ({ status }) => status === 'upcoming' || 'work on it has begun',
  handle: async (context, _input, it) => {
    const reminder = approvalReminderDue(it, context.now);
    if (!reminder) throw refusal(it, 'The scope needs no reminder now.');
    const after = { ...it, remindedAt: context.now };
    await writeCycle(context, it, after);
    const say = `${it.clientName} is reminded of ${scopeOf(it).content.name}.`;
    return { events: [approvalReminded.of(it, after, { days: reminder.days })], after, say };
  },
});
