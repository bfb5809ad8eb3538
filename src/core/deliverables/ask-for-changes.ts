import { text } from '../kernel/field.ts';
import { changesAsked, deliverable } from './deliverable.ts';
import { askForChanges as decide } from './review.ts';
import { mayDecide, whileStanding } from './rules.ts';
import { byOf } from './schema.ts';
import { called } from './wording.ts';

/** The client's approver sends it back, and says what is to be changed. */
export const askForChanges = deliverable.command({
  name: 'deliverable.ask-for-changes',
  fields: { reason: text({ label: 'What is to be changed?', least: 3 }) },
  button: { label: 'Ask for changes', word: 'CHANGES' },
  rank: 2,
  form: (it) => ({
    title: `Changes of ${called(it)}`,
    lead: `${it.firmName} is told, and shares it anew.`,
    submit: 'Ask for changes',
  }),
  who: mayDecide,
  when: whileStanding('in_review'),
  decide: (it, { reason }, { actor, now }) => decide(it, { reason }, byOf(actor), now),
  event: (before, after, { reason }) => changesAsked.of(before, after, { reason }),
  say: (after) => `${after.firmName} is told what is to be changed of ${called(after)}.`,
});
