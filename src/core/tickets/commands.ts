// One line per command. The area takes all that stands here.

export { addNote } from './add-note.ts';
export { approveTicket } from './approve-ticket.ts';
export { askQuestion } from './ask-question.ts';
export { declineTicket } from './decline-ticket.ts';
export { fileBug } from './file-bug.ts';
export { fileChange } from './file-change.ts';
export { markDuplicate } from './mark-duplicate.ts';
export { progressTicket } from './progress-ticket.ts';
export { replyToTicket } from './reply-to-ticket.ts';
export { setDetails } from './set-details.ts';
export { takeTicket } from './take-ticket.ts';
