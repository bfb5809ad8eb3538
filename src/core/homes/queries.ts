import { reads, sideOf } from '../kernel/actor.ts';
import type { Context } from '../kernel/context.ts';
import type { WaitingItem } from './cards.ts';

/** How many things a home lists: more than fit on a screen help nobody; the rest is behind the lists themselves. */
const MOST = 12;

/** What waits for the actor's side, as far as they may see it: disputes and reviews first, then approvals, then tickets. */
export async function waitingFor(context: Context): Promise<WaitingItem[]> {
  const { actor } = context;
  return [
    ...(reads(actor, 'projects') ? await waitingCycles(context) : []),
    ...(reads(actor, 'tickets') ? await waitingTickets(context) : []),
  ].slice(0, MOST);
}

async function waitingCycles({ sql, actor }: Context): Promise<WaitingItem[]> {
  const staff = sideOf(actor) === 'staff';
  const side = staff ? 'firm' : 'client';
  const rows = await sql<{ id: string; name: string; project: string; status: string }>`
    select c.id, c.name, p.name as project, c.status from cycle c join project p on p.tenant_id = c.tenant_id and p.id = c.project_id
    where c.tenant_id = ${actor.tenantId} and (
      (c.status = 'disputed' and ${staff}) or (c.status = 'in_review' and not ${staff})
      or (c.status in ('upcoming', 'in_progress', 'in_review') and not exists (
        select from approval a where a.tenant_id = c.tenant_id and a.cycle_id = c.id and a.number = c.content_number and a.side = ${side})))
    order by (c.status = 'disputed') desc, (c.status = 'in_review') desc, c.starts_on limit ${MOST}`;
  return rows.map(({ id, name, project, status }) => ({
    text: name,
    detail: `${project} · ${waitingWord(status)}`,
    view: { target: 'cycle.show', input: { cycle: id } },
  }));
}

function waitingWord(status: string): string {
  switch (status) {
    case 'disputed':
      return 'disputed, needs an answer';
    case 'in_review':
      return 'in review';
    default:
      return 'needs your approval';
  }
}

async function waitingTickets({ sql, actor }: Context): Promise<WaitingItem[]> {
  const status = sideOf(actor) === 'staff' ? 'new' : 'needs_info';
  const rows = await sql<{ id: string; number: number; title: string; project: string }>`
    select t.id, t.number, t.title, p.name as project from ticket t join project p on p.tenant_id = t.tenant_id and p.id = t.project_id
    where t.tenant_id = ${actor.tenantId} and t.status = ${status} order by t.created_at limit ${MOST}`;
  return rows.map(({ id, number, title, project }) => ({
    text: `#${number} ${title}`,
    detail: `${project} · ${status === 'new' ? 'to triage' : 'waits for your answer'}`,
    view: { target: 'ticket.show', input: { ticket: id } },
  }));
}
