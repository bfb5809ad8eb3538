import type { Context } from '../kernel/context.ts';
import type { Status } from './period-schema.ts';

/** A project's month of which no invoice bills anything yet. */
export interface Unbilled {
  period: string;
  /** Like 2026-11. */
  month: string;
  status: Status;
  /** What counts for the client: `period.invoice` takes exactly that. */
  minutes: number;
}

/** What is billable and not invoiced in a project, the oldest month first; of one month, where it is said. */
export function unbilledHours(
  { sql, actor }: Context,
  { project, month }: { project: string; month?: string | undefined },
): Promise<Unbilled[]> {
  const first = month === undefined ? null : `${month}-01`;
  return sql<Unbilled>`
    select p.id as period, to_char(p.month, 'YYYY-MM') as month, p.status, sum(e.minutes)::int as minutes
    from hours_period p join time_entry e on e.tenant_id = p.tenant_id and e.period_id = p.id and e.billable and e.deleted_at is null
    where p.tenant_id = ${actor.tenantId} and p.project_id = ${project} and p.invoice_id is null
      and (${first}::date is null or p.month = ${first}::date)
    group by p.tenant_id, p.id order by p.month, p.id`;
}
