// One line per command. The area takes all that stands here.

export { agreeCycle } from './agree-cycle.ts';
export { approveCycle } from './approve-cycle.ts';
export { completeCycle } from './complete-cycle.ts';
export { countApprovals } from './count-approvals.ts';
export { countProgress } from './count-progress.ts';
export { disputeCycle } from './dispute-cycle.ts';
export { editScope } from './edit-scope.ts';
export { followScope } from './follow-scope.ts';
export { noteOnCycle } from './note-on-cycle.ts';
export { openReview } from './open-review.ts';
export { planCycle } from './plan-cycle.ts';
export { remindApproval } from './remind-approval.ts';
export { remindReview } from './remind-review.ts';
export { replyToCycle } from './reply-to-cycle.ts';
export { resolveDispute } from './resolve-dispute.ts';
export { startCycle } from './start-cycle.ts';
