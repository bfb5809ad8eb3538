import { replyOn } from '../conversations/index.ts';
import { readQuote } from './queries.ts';
import { quote, replied } from './quote.ts';
import { isDraft, mayReply } from './rules.ts';
import type { Quote } from './schema.ts';
import { called } from './wording.ts';

/** Says something about a quote that both sides see. It decides nothing: a quote is accepted and declined by its buttons alone. */
export const replyToQuote = replyOn<Quote>({
  ...{ thing: quote, titled: called, read: readQuote },
  ...{ who: mayReply, event: replied, rank: 3 },
  when: (it) => !isDraft(it) || 'the client does not see it before it is sent; leave a note',
});
