import { isOverdueNew } from './reminders.ts';
import { overdue, requirement } from './requirement.ts';
import { isClock, isOpen } from './rules.ts';
import { called, refusal } from './wording.ts';
import { writeRequirement } from './write.ts';

/** Notes once that its day is over: cards are drawn anew with it, and the team is told. */
export const noteOverdue = requirement.command({
  name: 'requirement.note-overdue',
  version: 'optional',
  button: [],
  who: isClock,
  when: isOpen,
  handle: async (context, _input, it) => {
    if (!isOverdueNew(it, context.now)) throw refusal(it, 'is not overdue, or that was noted before');
    const after = { ...it, overdueAt: context.now };
    await writeRequirement(context, it, after);
    return { events: [overdue.of(it, after)], after, say: `${called(it)} is overdue.` };
  },
});
