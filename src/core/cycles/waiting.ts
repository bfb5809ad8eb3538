import type { ApproversRow } from '../approvals/index.ts';
import { mayApproveNow } from '../approvals/index.ts';
import type { Actor } from '../kernel/actor.ts';
import { sideOf } from '../kernel/actor.ts';
import type { Context } from '../kernel/context.ts';
import type { WaitingThing } from '../kernel/waiting.ts';
import { projectsToApprove } from '../people/index.ts';
import { approversIn } from './queries.ts';
import type { CycleLine } from './schema.ts';

/** Cycles that are looked through for whose turn it is: more than one person has open, and few enough to be read for a home. */
const LOOKED_AT = 100;

/**
 * Cycles that wait for the actor: disputes for the firm, reviews for the client, approvals for the firm and for the very approver
 * whose turn it is; the most pressing first.
 */
export async function waitingCycles({ sql, actor }: Context, limit: number): Promise<WaitingThing[]> {
  const staff = sideOf(actor) === 'staff';
  const projects = projectsToApprove(actor);
  const rows = await sql<WaitingRow>`
    with waiting as materialized (
      select c.* from cycle c
      where c.tenant_id = ${actor.tenantId} and (
        (c.status = 'disputed' and ${staff}) or (c.status = 'in_review' and not ${staff})
        or (c.status in ('upcoming', 'in_progress', 'in_review') and case when ${staff} then not exists (
          select from approval a where a.tenant_id = c.tenant_id and a.cycle_id = c.id and a.number = c.content_number and a.side = 'firm')
          else (${projects}::uuid[] is null or c.project_id = any(${projects}::uuid[])) and not exists (
            select from cycle_agreement g where g.tenant_id = c.tenant_id and g.cycle_id = c.id and g.number = c.content_number) end))
      order by (c.status = 'disputed') desc, (c.status = 'in_review') desc, c.starts_on
      limit ${staff ? limit : Math.max(limit, LOOKED_AT)}),
    -- Once for each project, not for each cycle.
    rules as materialized (
      select project_id, parley_approvers(client_id, project_id) as approvers
      from (select distinct client_id, project_id from waiting where not ${staff} and status <> 'in_review') places)
    select c.id, c.name, c.status, c.project_id as "projectId", p.name as "projectName",
      case when c.status <> 'in_review' then r.approvers end as approvers,
      case when not ${staff} then array(select a.person_id from approval a where a.tenant_id = c.tenant_id and a.cycle_id = c.id
        and a.number = c.content_number and a.side = 'client')::text[] else '{}' end as signed
    from waiting c
    join project p on p.tenant_id = c.tenant_id and p.id = c.project_id
    left join rules r on r.project_id = c.project_id
    order by (c.status = 'disputed') desc, (c.status = 'in_review') desc, c.starts_on`;
  return rows
    .filter((row) => staff || isTurnOf(actor, row))
    .slice(0, limit)
    .map(({ id, name, projectName, status }) => ({
      ...{ id, text: name, detail: `${projectName} · ${waitingWord(status)}` },
    }));
}

interface WaitingRow extends Pick<CycleLine, 'id' | 'name' | 'status'> {
  projectId: string;
  projectName: string;
  /** Null for what waits for the whole client. */
  approvers: ApproversRow | null;
  signed: string[];
}

function isTurnOf(actor: Actor, { approvers, projectId, signed }: WaitingRow): boolean {
  return !approvers || mayApproveNow(approversIn(approvers, projectId), signed, actor, 'approve') === true;
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
