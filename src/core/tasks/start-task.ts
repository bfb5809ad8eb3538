import { start } from './decisions.ts';
import { canGoOn, worksOn } from './rules.ts';
import { started, task } from './task.ts';

/** Somebody begins with it. */
export const startTask = task.command({
  name: 'task.start',
  button: { label: 'Start', style: 'primary', when: ({ assignee }) => assignee !== null },
  rank: 1,
  who: worksOn,
  when: (it) => it.state.status === 'open' && canGoOn(it),
  decide: (it, _input, { now }) => start(it, now),
  event: started,
  say: ({ number }) => `T${number} is in progress.`,
});
