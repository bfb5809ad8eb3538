import { randomUUID } from 'node:crypto';
import type { Examples } from '../../testing/examples.ts';

export const examples: Examples = {
  make: async ({ firm, client, mark, owner, run }) => {
    const ticket = await run('approver', 'ticket.file-bug', {
      project: client.project,
      title: `Pay button of ${mark}`,
      description: 'It does nothing.',
    });
    // One notice that was held until a moment ago, and one that waits for a digest that is due.
    const put = async (decision: 'held' | 'digest') => {
      const id = randomUUID();
      await owner(
        `insert into notice (tenant_id, id, person_id, event_id, event_seq, event_name, entity, entity_id, client_id, project_id, topic, tier, view,
           decision, reason, due_at)
         values ($1, $2, $3, $4, 1, 'ticket.filed', 'ticket', $5, $6, $7, 'tickets', 'standard', $8, $9, 'quiet-hours', now() - interval '1 minute')`,
        [
          firm.tenantId,
          id,
          client.approver,
          randomUUID(),
          ticket.id,
          client.id,
          client.project,
          JSON.stringify({ target: 'ticket.show', input: { ticket: ticket.id } }),
          decision,
        ],
      );
      return id;
    };
    const notice = await put('held');
    await put('digest');
    await owner(`update notice_setting set digest = true, topics = '{}' where person_id = $1`, [client.approver]);
    return { notice, person: client.approver, ticket: String(ticket.id) };
  },
  more: {
    'notice.set-topic': { input: { topic: 'tickets', pace: 'daily' } },
    'notice.set-quiet-hours': { input: { from: '20', to: '7' } },
    'notice.unsubscribe': { input: { what: 'digest' } },
    'notice.resubscribe': { input: { what: 'digest' } },
    'notice.note-outcome': { input: { room: randomUUID(), fault: 'unreachable' } },
  },
};
