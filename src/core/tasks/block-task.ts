import { text } from '../kernel/field.ts';
import { block } from './decisions.ts';
import { canGoOn, worksOn } from './rules.ts';
import { blocked, task } from './task.ts';

/** It cannot go on, and the team is told why. */
export const blockTask = task.command({
  name: 'task.block',
  fields: { reason: text({ label: 'What is missing?', hint: 'The team is told, and whoever sees the task.' }) },
  button: { label: 'Blocked' },
  rank: 3,
  form: ({ number }) => ({ title: `T${number} cannot go on`, submit: 'Say so' }),
  who: worksOn,
  when: (it) => it.state.status !== 'blocked' && canGoOn(it),
  decide: (it, { reason }) => block(it, reason),
  event: blocked,
  say: ({ number }) => `T${number} is blocked; the team is told.`,
});
