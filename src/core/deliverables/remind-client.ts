import { deliverable, reminded } from './deliverable.ts';
import { reminderDue } from './reminders.ts';
import { isSystem, whileStanding } from './rules.ts';
import { lastShare } from './schema.ts';
import { called, refusal } from './wording.ts';
import { writeDeliverable } from './write.ts';

const isInReview = whileStanding('in_review');

/** Reminds the client of what it is to look at. A decision ends that: whoever comes second finds what the first one wrote. */
export const remindClient = deliverable.command({
  name: 'deliverable.remind',
  // It changes nothing that somebody could have seen differently: presses on older cards stay good.
  version: 'optional',
  button: [],
  who: isSystem,
  when: isInReview,
  handle: async (context, _input, it) => {
    const share = lastShare(it);
    if (!share || !reminderDue(it, context.now)) throw refusal(it, `${called(it)} needs no reminder now.`);
    const after = { ...it, remindedAt: context.now };
    await writeDeliverable(context, it, after);
    const say = `${it.clientName} is reminded of ${called(it)}.`;
    return { events: [reminded.of(it, after, { since: share.at })], after, say };
  },
});
