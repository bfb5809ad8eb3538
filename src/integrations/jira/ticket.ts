import { z } from 'zod';
import type { Context } from '../../core/kernel/context.ts';
import type { Said } from '../../core/kernel/thing-definition.ts';
import type { Scope } from '../claims.ts';
import type { Ref } from '../refs.ts';
import { readRef, unsent } from '../refs.ts';
import type { JiraSide } from './side.ts';

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

const Ticket = z.object({
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

/** A ticket's row, and where the ticket stands. */
export interface Link extends Ref {
  clientId: string;
  status: TicketStatus;
}

export async function readTicket({ tickets }: JiraSide, context: Context, id: string): Promise<Ticket | null> {
  const shown = await tickets.read(context, id);
  return shown && Ticket.parse(shown);
}

/** The ticket's row, by Jira's id or by the ticket itself. */
export async function readLink(
  side: JiraSide,
  context: Context,
  scope: Scope,
  by: { externalId: string } | { id: string },
): Promise<Link | null> {
  const ref = await readRef(context.sql, scope, TICKET, by);
  const ticket = ref && (await readTicket(side, context, ref.id));
  return ref && ticket && { ...ref, clientId: ticket.clientId, status: ticket.state.status };
}

/** Replies that Jira does not have. Internal notes stay here. */
export function unsentReplies({ tickets }: JiraSide, context: Context, scope: Scope, id: string): Promise<Said[]> {
  return unsent(context, scope, tickets, id, MESSAGE);
}
