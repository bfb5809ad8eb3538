import { isSystem } from '../kernel/actor.ts';
import { writeCounted } from './booking.ts';
import { period } from './period.ts';
import { called } from './wording.ts';

/** A request for more hours was answered or withdrawn: the month's card shows it, and the team is warned anew if need be. */
export const countHours = period.command({
  name: 'period.count',
  version: 'optional',
  button: [],
  // Nobody presses it: it follows from an answer that the client gives without seeing the month.
  who: isSystem,
  handle: async (context, _input, it) => {
    const { after, events } = await writeCounted(context, it, it);
    return { events, after, say: `${called(after)} is counted anew.` };
  },
});
