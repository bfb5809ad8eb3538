import { quote, reminded } from './quote.ts';
import { reminderDue } from './reminders.ts';
import { isSent } from './rules.ts';
import { called, expiredText, refusal } from './wording.ts';
import { noteReminded } from './write.ts';

/** Reminds the client of an offer that waits for its answer. An answer ends that: whoever comes second finds what the first one wrote. */
export const remindClient = quote.command({
  name: 'quote.remind',
  // It changes nothing that somebody could have seen differently: presses on older cards stay good.
  version: 'optional',
  button: [],
  who: (actor) => actor.kind === 'system',
  when: isSent,
  handle: async (context, _input, it) => {
    const { now } = context;
    if (it.state.status === 'sent' && now >= it.state.sent.expiresAt) throw refusal(it, expiredText(it));
    const reminder = reminderDue(it, now);
    if (!reminder) throw refusal(it, `${called(it)} needs no reminder now.`);
    const after = { ...it, remindedAt: now };
    await noteReminded(context, after);
    const say = `${it.clientName} is reminded of ${called(it)}.`;
    return { events: [reminded.of(it, after, { days: -reminder.days })], after, say };
  },
});
