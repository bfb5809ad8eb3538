import { reopen } from './decisions.ts';
import { isUnfinished, runsTasks } from './rules.ts';
import { reopened, task } from './task.ts';

/** It is not done after all, or wanted after all. */
export const reopenTask = task.command({
  name: 'task.reopen',
  button: { label: 'Reopen' },
  rank: 1,
  who: runsTasks,
  when: (it) => !isUnfinished(it) && (!it.closed || 'its project is closed'),
  decide: (it) => reopen(it),
  event: reopened,
  say: ({ number }) => `T${number} is to be done again.`,
});
