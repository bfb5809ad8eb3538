import type { Context } from '../kernel/context.ts';
import type { WaitingThing } from '../kernel/waiting.ts';
import { isFirm, projectsToApprove } from '../people/index.ts';
import { called } from './wording.ts';

interface Row {
  id: string;
  number: number;
  name: string;
  projectName: string;
  cycleName: string;
}

/** What the client is to decide about, for those who decide; for the firm what it is to change. What waits longest stands first. */
export async function waitingDeliverables({ sql, actor }: Context, limit: number): Promise<WaitingThing[]> {
  const isOurs = isFirm(actor);
  const projects = projectsToApprove(actor);
  if (projects?.length === 0) return [];
  const rows = await sql<Row>`
    select d.id, d.number, d.name, p.name as "projectName", c.name as "cycleName" from deliverable d
    join project p on p.tenant_id = d.tenant_id and p.id = d.project_id
    join cycle c on c.tenant_id = d.tenant_id and c.id = d.cycle_id
    where d.tenant_id = ${actor.tenantId} and d.status = ${isOurs ? 'changes_wanted' : 'in_review'} and d.waits_since is not null
      and c.status <> 'completed'
      and (${projects}::uuid[] is null or d.project_id = any(${projects}::uuid[]))
    order by d.waits_since, d.number limit ${limit}`;
  return rows.map(({ id, name, projectName, cycleName, ...it }) => ({
    id,
    text: `${called(it)} ${name}`,
    detail: `${projectName} · ${cycleName} · ${isOurs ? 'changes asked for' : 'to look at'}`,
  }));
}
