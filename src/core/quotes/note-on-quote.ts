import { noteOn } from '../conversations/index.ts';
import { readQuote } from './queries.ts';
import { noted, quote } from './quote.ts';
import { mayNote } from './rules.ts';
import type { Quote } from './schema.ts';
import { called } from './wording.ts';

/** Writes a note about a quote that only the team sees. */
export const noteOnQuote = noteOn<Quote>({
  ...{ thing: quote, titled: called, read: readQuote },
  ...{ who: mayNote, event: noted },
});
