import { z } from 'zod';

/** Our tickets, as Jira is told of them: what their area says of a ticket, as far as an issue needs it. */

export const TicketStatus = z.enum([
  'new',
  'needs_info',
  'approved',
  'in_progress',
  'resolved',
  'declined',
  'duplicate',
]);
export type TicketStatus = z.infer<typeof TicketStatus>;

export const Ticket = z.object({
  id: z.uuid(),
  number: z.int(),
  kind: z.enum(['change', 'bug']),
  state: z.object({ status: TicketStatus }),
  clientId: z.uuid(),
  title: z.string(),
  description: z.string(),
  expected: z.string().nullable(),
  steps: z.string().nullable(),
  links: z.array(z.string()),
  priority: z.string(),
  dueOn: z.string().nullable(),
  reporterName: z.string(),
  clientName: z.string().nullable(),
  projectName: z.string(),
});
export type Ticket = z.infer<typeof Ticket>;

/** How external_ref calls a ticket, and what was said about one. */
export const TICKET = 'ticket';
export const MESSAGE = 'ticket_message';
