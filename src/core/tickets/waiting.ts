import { sideOf } from '../kernel/actor.ts';
import type { Context } from '../kernel/context.ts';
import type { WaitingThing } from '../kernel/waiting.ts';
import type { ListedTicket } from './schema.ts';

/** What waits for the actor's side: to be triaged by the team, to be answered by the client. The oldest first. */
export async function waitingTickets({ sql, actor }: Context, limit: number): Promise<WaitingThing[]> {
  const status = sideOf(actor) === 'staff' ? 'new' : 'needs_info';
  const rows = await sql<Pick<ListedTicket, 'id' | 'number' | 'title' | 'projectName'>>`
    select t.id, t.number, t.title, p.name as "projectName" from ticket t
    join project p on p.tenant_id = t.tenant_id and p.id = t.project_id
    where t.tenant_id = ${actor.tenantId} and t.status = ${status} order by t.created_at limit ${limit}`;
  return rows.map(({ id, number, title, projectName }) => ({
    id,
    text: `#${number} ${title}`,
    detail: `${projectName} · ${status === 'new' ? 'to triage' : 'waits for your answer'}`,
  }));
}
