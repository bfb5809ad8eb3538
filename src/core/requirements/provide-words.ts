import { text } from '../kernel/field.ts';
import { provide } from './decisions.ts';
import { provided, requirement } from './requirement.ts';
import { canProvide, mayProvide } from './rules.ts';
import { byOf } from './schema.ts';
import { called } from './wording.ts';

/** The client writes what was asked for. */
export const provideWords = requirement.command({
  name: 'requirement.provide-words',
  fields: {
    words: text({ label: 'Your answer', hint: 'Write nothing secret here: for that the firm asks in another way.' }),
  },
  button: { label: 'Answer', style: 'primary' },
  rank: 1,
  form: (it) => ({ title: it.title, lead: it.details ?? '', submit: 'Send' }),
  who: mayProvide,
  when: canProvide('words'),
  decide: (it, { words }, { actor, now }) => provide(it, words, byOf(actor), now),
  event: (before, after) => provided.of(before, after, { round: after.round }),
  say: (after) => `${called(after)} is provided; ${after.firmName} looks at it.`,
});
