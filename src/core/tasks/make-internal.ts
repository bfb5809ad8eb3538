import { makeInternal } from './decisions.ts';
import { runsTasks } from './rules.ts';
import { madeInternal, task } from './task.ts';

/**
 * From now on the client does not see it. What stands in their rooms already stays as it was shown, because it was read; it is
 * not kept up any more, and its buttons do nothing. Whoever of the client was to do it is asked to give it back first.
 */
export const makeTaskInternal = task.command({
  name: 'task.make-internal',
  button: { label: 'Hide from the client', word: 'HIDE', place: 'more' },
  rank: 8,
  who: runsTasks,
  when: ({ internal, assignee }) =>
    !internal && (assignee?.side !== 'contact' || `${assignee.name} of the client is to do it. Assign it anew first`),
  decide: (it) => makeInternal(it),
  event: madeInternal,
  say: ({ number }) => `Only the team sees T${number} now. What the client was shown before stays where it stands.`,
});
