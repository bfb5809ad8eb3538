import { said, told } from '../conversations/index.ts';
import { sideOf } from '../kernel/actor.ts';
import type { Context } from '../kernel/context.ts';
import { line, optional, text } from '../kernel/field.ts';
import { isTeam } from '../people/index.ts';
import { addMessage } from './rows.ts';
import { afterReply, mayReply } from './rules.ts';
import type { Ticket } from './schema.ts';
import { columnsOf } from './schema.ts';
import { replied, ticket } from './ticket.ts';

/** Says something that both sides see. A contact's answer to a question brings the ticket back to triage. */
export const replyToTicket = ticket.command({
  name: 'ticket.reply',
  formerly: ['ticket.reply-form'],
  fields: { body: text({ label: 'Text' }) },
  known: { ...said, byName: optional(line({ label: 'Who wrote it' })) },
  version: 'optional',
  button: { label: 'Reply' },
  form: ({ number, clientName }, { actor }) => ({
    title: `Reply on #${number}`,
    submit: 'Send',
    hints: { body: `${isTeam(actor) ? (clientName ?? 'The client') : 'The team'} will see this.` },
  }),
  takes: 'answer',
  who: mayReply,
  handle: async (context, words, it) => {
    const after = afterReply(it, context.actor);
    const [message] = await Promise.all([addMessage(context, it, words, false), writeAnswered(context, after)]);
    const reader = sideOf(context.actor) === 'staff' ? 'The client' : 'The team';
    return {
      events: [replied.of(it, after, told(message, words.saidIn))],
      after,
      say:
        after === it
          ? `Your reply is on #${it.number}. ${reader} sees it.`
          : `Thank you. #${it.number} is back with the team.`,
      output: { message: message.id },
    };
  },
});

/** Writes only the columns that a contact's database role may write. */
async function writeAnswered({ sql, actor, now }: Context, { id, state, version }: Ticket): Promise<void> {
  const { status, statusNote } = columnsOf(state);
  await sql`update ticket set status = ${status}, status_note = ${statusNote}, version = ${version}, updated_at = ${now}
    where tenant_id = ${actor.tenantId} and id = ${id}`;
}
