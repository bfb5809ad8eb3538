import type { Context } from '../kernel/context.ts';
import { todayOf } from '../kernel/dates.ts';
import type { Page } from '../kernel/list-page.ts';
import { when } from '../kernel/list-page.ts';
import { MOST_WEIGHED } from '../kernel/standing.ts';
import type { Counts, ListedRequirement, Status } from './schema.ts';

export const STATES = ['open', 'overdue', 'provided', 'accepted', 'withdrawn'] as const;
type Narrowing = (typeof STATES)[number] | undefined;

const STATUSES_OF: Readonly<Record<(typeof STATES)[number], readonly Status[]>> = {
  open: ['asked', 'returned'],
  overdue: ['asked', 'returned'],
  provided: ['provided'],
  accepted: ['accepted'],
  withdrawn: ['withdrawn'],
};
/** What was withdrawn is shown where it is asked for. */
const SHOWN: readonly Status[] = ['asked', 'returned', 'provided', 'accepted'];

type ListedRow = Omit<ListedRequirement, 'isOverdue'> & { by_due: number; timezone: string };

/** Of one project or of all that the actor may see. What is overdue is so by the calendar of each client. */
export async function pageOfRequirements(
  { actor, now }: Context,
  project: string | undefined,
  page: Page,
  state: Narrowing,
): Promise<ListedRequirement[]> {
  const rows = await page<ListedRow>`
    select r.id, r.number, r.kind, r.title, r.due_on as "dueOn", r.project_id as "projectId", r.status, r.by_due,
      (select c.name from client c where c.tenant_id = r.tenant_id and c.id = r.client_id) as "clientName",
      (select c.timezone from client c where c.tenant_id = r.tenant_id and c.id = r.client_id) as timezone,
      (select p.name from project p where p.tenant_id = r.tenant_id and p.id = r.project_id) as "projectName"
    from requirement r
    where r.tenant_id = ${actor.tenantId} and r.status = any(${state ? STATUSES_OF[state] : SHOWN})
      ${when(project !== undefined)`and r.project_id = ${project}`}
      ${when(state === 'overdue')`and r.due_on < (${now}::timestamptz at time zone
        (select c.timezone from client c where c.tenant_id = r.tenant_id and c.id = r.client_id))::date`}`;
  return rows.map(({ by_due: _place, timezone, ...row }) => ({
    ...row,
    number: Number(row.number),
    isOverdue: isOpen(row.status) && row.dueOn !== null && row.dueOn < todayOf(now, timezone),
  }));
}

function isOpen(status: Status): boolean {
  return status === 'asked' || status === 'returned';
}

/** How many wait for somebody, of those that the actor may see; up to `MOST_WEIGHED` of them. */
export async function countRequirements({ sql, actor, now }: Context, project: string): Promise<Counts> {
  const [row] = await sql<Counts>`
    select count(*) filter (where r.status in ('asked', 'returned'))::int as open, count(*) filter (where r.status = 'provided')::int as provided,
      count(*) filter (where r.status in ('asked', 'returned') and r.due_on < (${now}::timestamptz at time zone c.timezone)::date)::int as overdue
    from (select o.status, o.due_on, o.tenant_id, o.client_id from requirement o
      where o.tenant_id = ${actor.tenantId} and o.status in ('asked', 'returned', 'provided')
        and o.project_id = ${project} limit ${MOST_WEIGHED}) r
    join client c on c.tenant_id = r.tenant_id and c.id = r.client_id`;
  return row ?? { open: 0, overdue: 0, provided: 0 };
}
