import { z } from 'zod';
import { mayBecome, mayProgress } from './rules.ts';
import { progressed, ticket } from './ticket.ts';
import { SAYS } from './wording.ts';

/** Says that work has begun or is done. A tool in which the work is done gives no version: it says what is. */
export const progressTicket = ticket.command({
  name: 'ticket.progress',
  given: { status: z.enum(['in_progress', 'resolved'], 'must be in_progress or resolved') },
  version: 'optional',
  button: [
    // Work starts after triage; a card that still waits for it has enough buttons.
    { label: 'Start', style: 'primary', gives: to('in_progress'), when: ({ state }) => state.status === 'approved' },
    {
      label: 'Resolve',
      gives: to('resolved'),
      when: ({ state }) => state.status === 'approved' || state.status === 'in_progress',
    },
    { label: 'Reopen', gives: to('in_progress'), when: ({ state }) => state.status === 'resolved' },
  ],
  rank: 1,
  who: mayProgress,
  when: (it, _actor, input) => !input || mayBecome(it, input.status),
  decide: (it, { status }) => ({ ...it, state: { status } }),
  event: progressed,
  say: ({ number, state }) => `#${number} is ${SAYS[state.status]}.`,
});

/** A button carries the version that was on the screen all the same. */
function to(status: 'in_progress' | 'resolved') {
  return ({ version }: { version: number }) => ({ version: String(version), status });
}
