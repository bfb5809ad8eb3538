import type { Actor } from '../kernel/actor.ts';
import { DomainError } from '../kernel/errors.ts';
import { assign } from './decisions.ts';
import { canGoOn, mayTake } from './rules.ts';
import type { Assignee } from './schema.ts';
import { taken, task } from './task.ts';

/** "I'll take this", also when somebody else had it before. Of two who press at once, the second is told of the first. */
export const takeTask = task.command({
  name: 'task.take',
  button: { label: "I'll take this", word: 'TAKE', style: 'primary' },
  rank: 4,
  who: mayTake,
  when: (it, actor) => {
    if (actor.kind === 'person' && actor.personId === it.assignee?.id) return 'it is yours already';
    return canGoOn(it);
  },
  decide: (it, _input, { actor }) => assign(it, themselves(actor)),
  event: taken,
  say: (_after, { number, assignee }) =>
    assignee ? `T${number} is yours now; ${assignee.name} had it before.` : `T${number} is yours now.`,
});

function themselves(actor: Actor): Assignee {
  if (actor.kind !== 'person') throw new DomainError('forbidden', 'Only a person may do this.');
  return { id: actor.personId, name: actor.name, side: actor.side };
}
