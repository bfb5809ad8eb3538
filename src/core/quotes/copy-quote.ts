import { expiryFrom, storeDraft } from './new-draft.ts';
import { drafted, quote } from './quote.ts';
import { isDraft, isSent, mayDraft } from './rules.ts';
import type { Quote } from './schema.ts';
import { called } from './wording.ts';

/**
 * Begins another offer with what this one holds. One that still stands ends when the copy is sent, not before; of two drafts that
 * replace the same one, the later to be sent ends the earlier.
 */
export const copyQuote = quote.command({
  name: 'quote.copy',
  // It changes nothing about the quote that it copies.
  version: 'optional',
  button: { label: 'Copy to a new draft', word: 'COPY' },
  rank: 4,
  who: mayDraft,
  handle: async (context, _input, it) => {
    const expiresOn = expiryFrom(context.now, it.timezone);
    const made = await storeDraft(context, it, { ...it.content, expiresOn }, endsWith(it));
    const replaces = isSent(it) ? ` ${called(it)} ends when it is sent.` : '';
    return {
      events: [drafted.of(null, made)],
      after: made,
      say: `${called(made)} is a draft with all that ${called(it)} holds.${replaces}`,
    };
  },
});

/** The quote that ends when a copy is sent. */
function endsWith(it: Quote): string | null {
  if (isDraft(it)) return it.replaces;
  return isSent(it) ? it.id : null;
}
