import { share } from './decisions.ts';
import { isUnfinished, runsTasks } from './rules.ts';
import { shared, task } from './task.ts';

/** From now on the client sees it, from its title to why it was blocked. */
export const shareTask = task.command({
  name: 'task.share',
  button: { label: 'Share with the client', word: 'SHARE', place: 'more' },
  rank: 8,
  who: runsTasks,
  when: (it) => it.internal && isUnfinished(it),
  decide: (it) => share(it),
  event: shared,
  say: ({ number }) => `The client sees T${number} now.`,
});
