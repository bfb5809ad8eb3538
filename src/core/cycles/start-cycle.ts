import { start } from './agree.ts';
import { cycle, started } from './cycle.ts';
import { runsCycles } from './rules.ts';
import { scopeOf, signedByBoth } from './schema.ts';

/** Begins the work both sides approved; the schedule does so on the first day, staff may do so earlier. */
export const startCycle = cycle.command({
  name: 'cycle.start',
  version: 'optional',
  button: { label: 'Start' },
  rank: 1,
  who: runsCycles,
  when: (it) => it.status === 'upcoming' && signedByBoth(scopeOf(it)),
  decide: (it, _input, { actor, now }) => start(it, actor.kind === 'system', now),
  event: started,
  say: (after) => `${scopeOf(after).content.name} is in progress now.`,
});
