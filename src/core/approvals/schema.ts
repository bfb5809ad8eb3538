import { z } from 'zod';

export const Named = z.strictObject({
  id: z.uuid().describe('The person’s id'),
  name: z.string().describe('What they are called'),
});
export type Named = z.infer<typeof Named>;

/** What is asked of a client's approvers where something is agreed on, and who they are now. */
export const Approvers = z.strictObject({
  needed: z.int().nullable().describe('How many of them must approve; null for all of them'),
  order: z.array(Named).readonly().describe('Who approves one after the other, before anybody else'),
  people: z.array(Named).readonly().describe('Who may approve now'),
});
export type Approvers = z.infer<typeof Approvers>;

/** How many must approve, as it is chosen in a form. */
export const COUNTS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', 'all'] as const;

export function countOf(needed: number | null): (typeof COUNTS)[number] {
  return COUNTS.find((one) => one === String(needed)) ?? 'all';
}
