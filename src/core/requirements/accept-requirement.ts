import { accept } from './decisions.ts';
import { accepted, requirement } from './requirement.ts';
import { isProvided, mayAsk } from './rules.ts';
import { byOf } from './schema.ts';
import { called } from './wording.ts';

/** It is what the firm needed. */
export const acceptRequirement = requirement.command({
  name: 'requirement.accept',
  button: { label: 'Accept', style: 'primary' },
  rank: 1,
  who: mayAsk,
  when: isProvided,
  decide: (it, _input, { actor, now }) => accept(it, byOf(actor), now),
  event: accepted,
  say: (after) => `${called(after)} is accepted; ${after.clientName} sees it.`,
});
