// One line per command. The area takes all that stands here.

export { approveOverrun, declineOverrun } from './answer-overrun.ts';
export { askOverrun } from './ask-overrun.ts';
export { changeEntry } from './change-entry.ts';
export { countHours } from './count-hours.ts';
export { deleteEntry } from './delete-entry.ts';
export { disputeHours } from './dispute-hours.ts';
export { logTime } from './log-time.ts';
export { remindOfOverrun } from './remind-overrun.ts';
export { remindSigner } from './remind-signer.ts';
export { remindUnsent } from './remind-unsent.ts';
export { sendHours } from './send-hours.ts';
export { setBudget } from './set-budget.ts';
export { signHours } from './sign-hours.ts';
export { withdrawOverrun } from './withdraw-overrun.ts';
