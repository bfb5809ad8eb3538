import { invoice, overdue } from './invoice.ts';
import { isOverdueNew } from './reminders.ts';
import { isClock, isOpen } from './rules.ts';
import { calledOf, refusal } from './wording.ts';
import { writeInvoice } from './write.ts';

/** Notes once that the last day to pay is over. It was overdue before somebody noted it as well: that follows from the day. */
export const noteOverdue = invoice.command({
  name: 'invoice.note-overdue',
  version: 'optional',
  button: [],
  who: isClock,
  when: (it) => isOpen(it) || 'nothing is to be paid of it',
  handle: async (context, _input, it) => {
    if (!isOverdueNew(it, context.now)) throw refusal(it, `${calledOf(it)} is not overdue, or that was noted before.`);
    const after = { ...it, overdueAt: context.now };
    await writeInvoice(context, it, after);
    return { events: [overdue.of(it, after)], after, say: `${calledOf(it)} is overdue.` };
  },
});
