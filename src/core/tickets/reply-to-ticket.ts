import { told } from '../conversations/index.ts';
import { sideOf } from '../kernel/actor.ts';
import { command } from '../kernel/command.ts';
import type { Context } from '../kernel/context.ts';
import { confirmation } from './cards.ts';
import { fact } from './history.ts';
import { Saying } from './input.ts';
import { mayReply } from './policies.ts';
import { ticketForUpdate } from './queries.ts';
import type { Ticket } from './ticket.ts';
import { decide, EVENTS } from './ticket.ts';
import { addMessage } from './writes.ts';

/** Says something that both sides see. A contact's answer to a question brings the ticket back to triage. */
export const replyToTicket = command({
  name: 'ticket.reply',
  input: Saying,
  fields: ['body'],
  known: ['quoted', 'files', 'byName', 'saidIn'],
  load: (context, { ticket }) => ticketForUpdate(context, ticket),
  policy: (actor, ticket) => mayReply(actor, ticket),
  handle: async (context, words, ticket) => {
    const [after, message] = await Promise.all([
      afterReply(context, ticket),
      addMessage(context, ticket, words, false),
    ]);
    return {
      events: [fact(EVENTS.replied, ticket, after, told(message, words.saidIn))],
      output: {
        id: ticket.id,
        number: ticket.number,
        version: after.version,
        message: message.id,
        answered: after !== ticket,
      },
    };
  },
  reply: ({ id, number, answered }, actor) => {
    if (answered) return confirmation(id, number, `Thank you. #${number} is back with the team.`);
    const reader = sideOf(actor) === 'staff' ? 'The client' : 'The team';
    return confirmation(id, number, `Your reply is on #${number}. ${reader} sees it.`);
  },
});

/** Writes only the columns that a contact's database role may write. */
async function afterReply({ sql, actor, now }: Context, ticket: Ticket): Promise<Ticket> {
  if (sideOf(actor) === 'staff' || ticket.state.status !== 'needs_info') {
    await sql`update ticket set updated_at = ${now} where tenant_id = ${actor.tenantId} and id = ${ticket.id}`;
    return ticket;
  }
  const state = decide(ticket, { act: 'answer' });
  await sql`update ticket set status = ${state.status}, status_note = null, version = version + 1, updated_at = ${now}
    where tenant_id = ${actor.tenantId} and id = ${ticket.id}`;
  return { ...ticket, state, version: ticket.version + 1 };
}
