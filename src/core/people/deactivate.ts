import { optional, text } from '../kernel/field.ts';
import { deactivated, person } from './person.ts';
import { isSelf, managesPerson } from './rules.ts';

/** Ends a person's access everywhere, at once: no identity of theirs acts any more. What they did stays on record. */
export const deactivate = person.command({
  name: 'people.deactivate',
  fields: { reason: optional(text({ label: 'Why?', hint: 'For the record of the firm.' })) },
  version: 'optional',
  button: { label: 'End access', word: 'END', style: 'danger' },
  rank: 3,
  form: ({ name }) => ({
    title: `End the access of ${name}`,
    lead: 'No account of theirs acts any more, at once and everywhere. What they did stays on record.',
  }),
  assurance: 'chat',
  who: managesPerson,
  when: (it, actor) => (isSelf(actor, it) ? 'nobody shuts themselves out. Ask another administrator' : it.active),
  decide: (it) => ({ ...it, active: false }),
  event: (before, after, { reason }) => deactivated.of(before, after, reason ? { reason } : {}),
  say: ({ name }) => `${name} has no access any more.`,
});
