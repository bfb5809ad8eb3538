// One line per command. The area takes all that stands here.

export { approveDeliverable } from './approve-deliverable.ts';
export { askForChanges } from './ask-for-changes.ts';
export { noteOnDeliverable } from './note-on-deliverable.ts';
export { planDeliverable } from './plan-deliverable.ts';
export { remindClient } from './remind-client.ts';
export { reopenDeliverable } from './reopen-deliverable.ts';
export { replyToDeliverable } from './reply-to-deliverable.ts';
export { shareDeliverable } from './share-deliverable.ts';
export { withdrawDeliverable } from './withdraw-deliverable.ts';
