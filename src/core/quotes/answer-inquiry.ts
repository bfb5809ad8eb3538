import { text } from '../kernel/field.ts';
import { there } from '../kernel/thing-definition.ts';
import { inquiry, quoted, refused } from './inquiry.ts';
import { writeInquiry } from './inquiry-queries.ts';
import type { Inquiry } from './inquiry-schema.ts';
import { lastValues, newDraft, startFields } from './new-draft.ts';
import { readGround } from './queries.ts';
import { drafted, quote } from './quote.ts';
import { mayDraft } from './rules.ts';

const isOpen = ({ status }: Inquiry): boolean => status === 'open';

/** Begins the quote that a client asked for. */
export const quoteInquiry = inquiry.command({
  name: 'inquiry.quote',
  fields: startFields,
  button: { label: 'Draft a quote', word: 'QUOTE', style: 'primary' },
  rank: 1,
  form: async (it, context) => ({
    title: `Quote for ${it.clientName}`,
    lead: it.body ?? it.title,
    values: { ...(await lastValues(context)), title: it.title.slice(0, 120).toWellFormed() },
  }),
  who: mayDraft,
  when: isOpen,
  handle: async (context, typed, it) => {
    const ground = there(await readGround(context, it.clientId, it.projectId));
    const made = await newDraft(context, ground, typed);
    const after: Inquiry = { ...it, status: 'drafted', quote: made.id, version: it.version + 1 };
    await writeInquiry(context, it, after);
    return {
      events: [drafted.of(null, made), quoted.of(it, after, { quote: made.id })],
      after,
      say: `Q-${made.number} is a draft. ${it.clientName} sees it once you send it.`,
      next: quote.opening(made.id, `Open Q-${made.number}`),
    };
  },
});

/** The firm offers nothing, and says why. */
export const declineInquiry = inquiry.command({
  name: 'inquiry.decline',
  fields: { reason: text({ label: 'Why not?', least: 3, hint: 'The client sees this.' }) },
  button: { label: 'Decline', style: 'danger' },
  who: mayDraft,
  when: isOpen,
  decide: (it, { reason }) => ({ ...it, status: 'declined', reason }),
  event: (before, after, { reason }) => refused.of(before, after, { reason }),
  say: ({ clientName }) => `${clientName} sees the reason.`,
});
