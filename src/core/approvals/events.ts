import { z } from 'zod';
import { event } from '../kernel/event.ts';

/** What is asked of a client's approvers from now on. What is agreed on already stays so. */
export const ruleSet = event({
  name: 'approval.rule-set',
  data: z.strictObject({ rule: z.string().describe('The rule as a sentence') }),
  says: ({ rule }) => `decided who approves: ${rule}`,
  audience: [],
});
