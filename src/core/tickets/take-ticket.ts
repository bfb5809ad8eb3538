import { isOpen, mayTriage, personOf } from './rules.ts';
import { taken, ticket } from './ticket.ts';

/** "I'll take this": the owner is who presses (C3), also when somebody else had it before. */
export const takeTicket = ticket.command({
  name: 'ticket.take',
  version: 'optional',
  button: { label: "I'll take this", word: 'TAKE' },
  rank: 5,
  who: mayTriage,
  when: (it, actor) => {
    if (!isOpen(it)) return 'there is nothing left to take on';
    return actor.kind !== 'person' || actor.personId !== it.ownerId || 'it is yours already';
  },
  decide: (it, _input, { actor }) => {
    const { personId, name } = personOf(actor);
    return { ...it, ownerId: personId, ownerName: name };
  },
  event: (before, after) => taken.of(before, after, { from: before.ownerName }),
  say: ({ number }, { ownerName: from }) =>
    from ? `#${number} is yours now; ${from} had it before.` : `#${number} is yours now.`,
});
