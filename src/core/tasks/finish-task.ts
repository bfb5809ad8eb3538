import { finish } from './decisions.ts';
import { worksOn } from './rules.ts';
import { finished, task } from './task.ts';

/** It is done. What is blocked has to go on first: somebody was told that it cannot. */
export const finishTask = task.command({
  name: 'task.finish',
  button: { label: 'Done', style: 'primary' },
  rank: 2,
  who: worksOn,
  when: ({ state }) => state.status === 'open' || state.status === 'in_progress',
  decide: (it, _input, { now }) => finish(it, now),
  event: finished,
  say: ({ number }) => `T${number} is done.`,
});
