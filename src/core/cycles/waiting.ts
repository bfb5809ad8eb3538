import { sideOf } from '../kernel/actor.ts';
import type { Context } from '../kernel/context.ts';
import type { WaitingThing } from '../kernel/waiting.ts';
import type { CycleLine } from './schema.ts';

/** Cycles that wait for the actor's side: disputes for the firm, reviews for the client, approvals for both; the most pressing first. */
export async function waitingCycles({ sql, actor }: Context, limit: number): Promise<WaitingThing[]> {
  const staff = sideOf(actor) === 'staff';
  const side = staff ? 'firm' : 'client';
  const rows = await sql<Pick<CycleLine, 'id' | 'name' | 'status'> & { projectName: string }>`
    select c.id, c.name, c.status, p.name as "projectName" from cycle c
    join project p on p.tenant_id = c.tenant_id and p.id = c.project_id
    where c.tenant_id = ${actor.tenantId} and (
      (c.status = 'disputed' and ${staff}) or (c.status = 'in_review' and not ${staff})
      or (c.status in ('upcoming', 'in_progress', 'in_review') and not exists (
        select from approval a where a.tenant_id = c.tenant_id and a.cycle_id = c.id and a.number = c.content_number and a.side = ${side})))
    order by (c.status = 'disputed') desc, (c.status = 'in_review') desc, c.starts_on limit ${limit}`;
  return rows.map(({ id, name, projectName, status }) => ({
    id,
    text: name,
    detail: `${projectName} · ${waitingWord(status)}`,
  }));
}

function waitingWord(status: CycleLine['status']): string {
  switch (status) {
    case 'disputed':
      return 'disputed, needs an answer';
    case 'in_review':
      return 'in review';
    case 'upcoming':
    case 'in_progress':
    case 'completed':
      return 'needs your approval';
  }
}
