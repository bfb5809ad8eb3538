import { timeText } from './duration.ts';
import { send as decide, usedOf } from './month.ts';
import { period, sent } from './period.ts';
import { shareEntries, writePeriod } from './period-queries.ts';
import { byOf } from './period-schema.ts';
import { isSendable, runsHours } from './rules.ts';
import { called } from './wording.ts';

/** Closes a month: the client sees what was worked in it, and can sign. Also anew, after they disputed it. */
export const sendHours = period.command({
  name: 'period.send',
  button: { label: 'Send to be signed', word: 'SEND', style: 'primary', when: ({ entries }) => entries.length > 0 },
  rank: 1,
  who: runsHours,
  when: isSendable,
  handle: async (context, _input, it) => {
    const { actor, now } = context;
    const after = { ...decide(it, byOf(actor), now), version: it.version + 1 };
    await writePeriod(context, it, after);
    await shareEntries(context, after);
    const say = `${called(after)} is sent: ${after.clientName} can sign ${timeText(usedOf(after))}.`;
    return { events: [sent.of(it, after)], after, say };
  },
});
