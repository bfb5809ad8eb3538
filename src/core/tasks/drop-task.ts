import { drop } from './decisions.ts';
import { isUnfinished, runsTasks } from './rules.ts';
import { dropped, task } from './task.ts';

/** It is not to be done any more. It counts for nobody's progress, and stays on record. */
export const dropTask = task.command({
  name: 'task.drop',
  button: { label: 'Drop', style: 'danger', place: 'more' },
  who: runsTasks,
  when: isUnfinished,
  decide: (it) => drop(it),
  event: dropped,
  say: ({ number }) => `T${number} is dropped.`,
});
