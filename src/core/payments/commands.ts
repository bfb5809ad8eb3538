// One line per command. The area takes all that stands here.

export { closePayment } from './close-payment.ts';
export { expireLink } from './expire-link.ts';
export { failPayment } from './fail-payment.ts';
export { noteDispute } from './note-dispute.ts';
export { noteLink } from './note-link.ts';
export { noteProcessing } from './note-processing.ts';
export { noteRefund } from './note-refund.ts';
export { payInvoice } from './pay-invoice.ts';
export { receivePayment } from './receive-payment.ts';
export { recordNow } from './record-now.ts';
export { withdrawLink } from './withdraw-link.ts';
export { withdrawLinks } from './withdraw-links.ts';
