import { text } from '../kernel/field.ts';
import { dispute as decide } from './month.ts';
import { disputed, period } from './period.ts';
import { byOf } from './period-schema.ts';
import { isSent, mayAnswer } from './rules.ts';
import { called } from './wording.ts';

/** The client's approver does not agree, and says why: it goes back to the team. */
export const disputeHours = period.command({
  name: 'period.dispute',
  fields: { reason: text({ label: 'What is wrong?', least: 3 }) },
  // What they say holds whatever was logged meanwhile.
  version: 'optional',
  button: { label: 'Dispute', style: 'danger' },
  rank: 2,
  form: (it) => ({ lead: `${it.firmName} sees the reason, and sends it anew.` }),
  who: mayAnswer,
  when: isSent,
  decide: (it, { reason }, { actor, now }) => decide(it, reason, byOf(actor), now),
  event: (before, after, { reason }) => disputed.of(before, after, { reason }),
  say: (after) => `${called(after)} is disputed. ${after.firmName} is told.`,
});
