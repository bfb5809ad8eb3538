import { unblock } from './decisions.ts';
import { canGoOn, worksOn } from './rules.ts';
import { task, unblocked } from './task.ts';
import { SAYS } from './wording.ts';

/** What was missing is there. */
export const unblockTask = task.command({
  name: 'task.unblock',
  button: { label: 'Can go on', word: 'UNBLOCK', style: 'primary' },
  rank: 1,
  who: worksOn,
  when: (it) => it.state.status === 'blocked' && canGoOn(it),
  decide: (it) => unblock(it),
  event: unblocked,
  say: ({ number, state }) => `T${number} is ${SAYS[state.status]} again.`,
});
