import { reminderDue } from './reminders.ts';
import { reminded, requirement } from './requirement.ts';
import { isClock, isOpen } from './rules.ts';
import { called, refusal } from './wording.ts';
import { writeRequirement } from './write.ts';

/** Reminds the client of what is needed. Providing it ends that: whoever comes second finds what the first one wrote. */
export const remindClient = requirement.command({
  name: 'requirement.remind',
  // It changes nothing that somebody could have seen differently: presses on older cards stay good.
  version: 'optional',
  button: [],
  who: isClock,
  when: isOpen,
  handle: async (context, _input, it) => {
    const reminder = reminderDue(it, context.now);
    if (!reminder) throw refusal(it, 'needs no reminder now');
    const after = { ...it, remindedAt: context.now };
    await writeRequirement(context, it, after);
    return {
      events: [reminded.of(it, after, { days: reminder.days })],
      after,
      say: `${it.clientName} is reminded of ${called(it)}.`,
    };
  },
});
