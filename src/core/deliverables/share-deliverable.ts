import { optional, text } from '../kernel/field.ts';
import { deliverable, shared } from './deliverable.ts';
import { webLink } from './link.ts';
import { share } from './review.ts';
import { mayShare, whileStanding } from './rules.ts';
import { byOf, lastShare } from './schema.ts';
import { called } from './wording.ts';

/** The team shows the client what it made: a link to it, or words. Shared anew it is the next version, which is decided about anew. */
export const shareDeliverable = deliverable.command({
  name: 'deliverable.share',
  fields: {
    link: optional(webLink({ label: 'Link to the work', hint: 'Where the client sees it. Or write it below.' })),
    note: optional(text({ label: 'What the client should know', hint: 'Or the work itself, where it is words.' })),
  },
  button: [
    { label: 'Share for review', word: 'SHARE', style: 'primary', when: ({ shares }) => !shares.length },
    { label: 'Share again', word: 'SHARE', when: ({ shares }) => shares.length > 0 },
  ],
  rank: 1,
  form: (it) => ({
    title: `Share ${called(it)}`,
    lead: `${it.clientName} is asked to approve version ${it.shares.length + 1}, or to say what is to be changed.`,
    submit: 'Share',
    values: { link: lastShare(it)?.content.link ?? null },
  }),
  who: mayShare,
  when: whileStanding('planned', 'in_review', 'changes_wanted', 'approved'),
  decide: (it, { link = null, note = null }, { actor, now }) => share(it, { link, note }, byOf(actor), now),
  event: shared,
  say: (after) => `Version ${after.shares.length} of ${called(after)} is shared. ${after.clientName} is asked to look.`,
});
