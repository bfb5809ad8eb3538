// One line per command. The area takes all that stands here.

export { acceptQuote } from './accept-quote.ts';
export { addLine } from './add-line.ts';
export { declineInquiry, quoteInquiry } from './answer-inquiry.ts';
export { changeLine } from './change-line.ts';
export { copyQuote } from './copy-quote.ts';
export { countAcceptances } from './count-acceptances.ts';
export { declineQuote } from './decline-quote.ts';
export { draftQuote } from './draft-quote.ts';
export { expireQuote } from './expire-quote.ts';
export { noteOnQuote } from './note-on-quote.ts';
export { remindClient } from './remind-client.ts';
export { removeLine } from './remove-line.ts';
export { replyToQuote } from './reply-to-quote.ts';
export { requestQuote } from './request-quote.ts';
export { sendQuote } from './send-quote.ts';
export { setLimit } from './set-limit.ts';
export { setTerms } from './set-terms.ts';
export { withdrawQuote } from './withdraw-quote.ts';
