import { area } from '../kernel/registry.ts';
import { isAdmin } from '../people/index.ts';
import * as commands from './commands.ts';
import { showRule } from './views.ts';

export type { ApproversRow } from './approvers.ts';
export { approversOf } from './approvers.ts';
export { approvalBlocks } from './blocks.ts';
export { ruleSet } from './events.ts';
export { Approvers } from './schema.ts';
export { isSimple, mayApproveNow, standingOf, stillText, turnCameTo, turnOf } from './turn.ts';

/** How many of a client's approvers must approve, and in which order. */
export const approvals = area({
  name: 'approvals',
  commands: Object.values(commands),
  views: [showRule],
  menu: [{ label: 'Who approves for a client…', press: { target: 'approval.set-rule', input: {} }, who: isAdmin }],
});
