import type { Context } from '../../core/kernel/context.ts';
import type { Said } from '../../core/kernel/thing-definition.ts';
import type { Scope } from '../claims.ts';
import type { Ref } from '../refs.ts';
import { readRef, unsent } from '../refs.ts';
import type { JiraAccount } from './account.ts';
import type { TicketStatus } from './ticket.ts';
import { MESSAGE, TICKET, Ticket } from './ticket.ts';

/** A ticket's row, and where the ticket stands. */
export interface Link extends Ref {
  clientId: string;
  status: TicketStatus;
}

export async function readTicket({ tickets }: JiraAccount, context: Context, id: string): Promise<Ticket | null> {
  const shown = await tickets.read(context, id);
  return shown && Ticket.parse(shown);
}

/** The ticket's row, by Jira's id or by the ticket itself. */
export async function readLink(
  account: JiraAccount,
  context: Context,
  scope: Scope,
  by: { externalId: string } | { id: string },
): Promise<Link | null> {
  const ref = await readRef(context.sql, scope, TICKET, by);
  const ticket = ref && (await readTicket(account, context, ref.id));
  return ref && ticket && { ...ref, clientId: ticket.clientId, status: ticket.state.status };
}

/** Replies that Jira does not have. Internal notes stay here. */
export function unsentReplies({ tickets }: JiraAccount, context: Context, scope: Scope, id: string): Promise<Said[]> {
  return unsent(context, scope, tickets, id, MESSAGE);
}
