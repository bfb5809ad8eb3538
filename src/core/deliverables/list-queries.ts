import type { Context } from '../kernel/context.ts';
import type { Order, Page } from '../kernel/list-page.ts';
import { when } from '../kernel/list-page.ts';
import type { Counts, ListedDeliverable, Status } from './schema.ts';

export const STATES = ['planned', 'review', 'changes', 'approved', 'withdrawn'] as const;

const STATUS_OF: Readonly<Record<(typeof STATES)[number], Status>> = {
  planned: 'planned',
  review: 'in_review',
  changes: 'changes_wanted',
  approved: 'approved',
  withdrawn: 'withdrawn',
};
/** What was withdrawn is shown where it is asked for. */
const SHOWN: readonly Status[] = ['planned', 'in_review', 'changes_wanted', 'approved'];

/** Of which deliverables a list is: those of a project, or of one of its cycles. */
type Scope = { project: string; cycle?: undefined } | { cycle: string; project?: undefined };

/** As they were planned. */
export const BY_NUMBER: Order = { by: { number: 'number' } };

/** A page of deliverables. */
export async function pageOfDeliverables(
  { actor }: Context,
  { project, cycle }: Scope,
  page: Page,
  state: (typeof STATES)[number] | undefined,
): Promise<ListedDeliverable[]> {
  const statuses = state === undefined ? SHOWN : [STATUS_OF[state]];
  const rows = await page<ListedDeliverable>`
    select d.id, d.number, d.name, d.status, d.shares, d.in_scope as "inScope", d.cycle_id as "cycleId",
      (select c.name from cycle c where c.tenant_id = d.tenant_id and c.id = d.cycle_id) as "cycleName", d.waits_since as "waitsSince"
    from deliverable d
    where d.tenant_id = ${actor.tenantId} and d.status = any(${statuses})
      ${when(project !== undefined)`and d.project_id = ${project}`}
      ${when(cycle !== undefined)`and d.cycle_id = ${cycle}`}`;
  return rows.map((row) => ({ ...row, number: Number(row.number) }));
}

/** How many there are that the actor may see, by where they stand. */
export async function countDeliverables({ sql, actor }: Context, { project, cycle }: Scope): Promise<Counts> {
  const [row] = await sql<Counts>`
    select count(*) filter (where status = 'planned')::int as planned, count(*) filter (where status = 'in_review')::int as "inReview",
      count(*) filter (where status = 'changes_wanted')::int as "changesWanted", count(*) filter (where status = 'approved')::int as approved
    from deliverable where tenant_id = ${actor.tenantId} and (${project ?? null}::uuid is null or project_id = ${project ?? null}::uuid)
      and (${cycle ?? null}::uuid is null or cycle_id = ${cycle ?? null}::uuid)`;
  return row ?? { planned: 0, inReview: 0, changesWanted: 0, approved: 0 };
}
