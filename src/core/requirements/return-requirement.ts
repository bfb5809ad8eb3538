import { text } from '../kernel/field.ts';
import { giveBack } from './decisions.ts';
import { requirement, returned } from './requirement.ts';
import { isProvided, mayAsk } from './rules.ts';
import { byOf } from './schema.ts';
import { called } from './wording.ts';

/** It will not do, and the client is told why. They can provide it again. */
export const returnRequirement = requirement.command({
  name: 'requirement.return',
  fields: { reason: text({ label: 'What is wrong with it?', least: 3, hint: 'The client sees this.' }) },
  button: { label: 'Return', style: 'danger' },
  rank: 2,
  form: (it) => ({ title: `Return ${called(it)}`, submit: 'Return' }),
  who: mayAsk,
  when: isProvided,
  decide: (it, { reason }, { actor, now }) => giveBack(it, reason, byOf(actor), now),
  event: (before, after, { reason }) => returned.of(before, after, { reason }),
  say: (after) => `${called(after)} is returned; ${after.clientName} sees the reason and can provide it again.`,
});
