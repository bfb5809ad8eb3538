import { invoice, reminded } from './invoice.ts';
import { reminderDue } from './reminders.ts';
import { isClock, isOpen } from './rules.ts';
import { calledOf, refusal } from './wording.ts';
import { writeInvoice } from './write.ts';

/** Reminds the client of what is due. A payment that settles it ends that: whoever comes second finds what the first one wrote. */
export const remindClient = invoice.command({
  name: 'invoice.remind',
  // It changes nothing that somebody could have seen differently: presses on older cards stay good.
  version: 'optional',
  button: [],
  who: isClock,
  when: (it) => isOpen(it) || 'nothing is to be paid of it',
  handle: async (context, _input, it) => {
    const reminder = reminderDue(it, context.now);
    if (!reminder) throw refusal(it, `${calledOf(it)} needs no reminder now.`);
    const after = { ...it, remindedAt: context.now };
    await writeInvoice(context, it, after);
    const { days } = reminder;
    return {
      events: [reminded.of(it, after, { days })],
      after,
      say: `${it.clientName} is reminded of ${calledOf(it)}.`,
    };
  },
});
