// One line per command. The area takes all that stands here.

export { addHours } from './add-hours.ts';
export { addLine } from './add-line.ts';
export { billHours } from './bill-hours.ts';
export { billQuote } from './bill-quote.ts';
export { changeLine } from './change-line.ts';
export { creditInvoice } from './credit-invoice.ts';
export { draftInvoice } from './draft-invoice.ts';
export { issueInvoice } from './issue-invoice.ts';
export { noteOnInvoice } from './note-on-invoice.ts';
export { noteOverdue } from './note-overdue.ts';
export { recordPayment } from './record-payment.ts';
export { recordRefund } from './record-refund.ts';
export { remindClient } from './remind-client.ts';
export { removeLine } from './remove-line.ts';
export { replyOnInvoice } from './reply-on-invoice.ts';
export { sendAgain } from './send-again.ts';
export { setBuyer } from './set-buyer.ts';
export { setRate } from './set-rate.ts';
export { setSeller } from './set-seller.ts';
export { setTerms } from './set-terms.ts';
export { undoPayment } from './undo-payment.ts';
export { voidInvoice } from './void-invoice.ts';
