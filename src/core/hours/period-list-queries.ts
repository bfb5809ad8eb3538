import type { Context } from '../kernel/context.ts';
import type { Page } from '../kernel/list-page.ts';
import { when } from '../kernel/list-page.ts';
import { isFirm, may } from '../people/index.ts';
import type { ListedPeriod, Status } from './period-schema.ts';

/** A page of months, the last one first. */
export async function pageOfPeriods(
  { actor }: Context,
  page: Page,
  { project, status }: { project?: string | undefined; status?: Status | undefined },
): Promise<ListedPeriod[]> {
  const projects = readableProjects(actor);
  const rows = await page<ListedPeriod>`
    select p.id, p.month, p.status, p.budget,
      case when ${isFirm(actor)} or parley_sees_invoice(p.invoice_id) then p.invoiced end as invoiced,
      (select c.name from client c where c.tenant_id = p.tenant_id and c.id = p.client_id) as "clientName",
      (select j.name from project j where j.tenant_id = p.tenant_id and j.id = p.project_id) as "projectName",
      (select coalesce(sum(o.minutes), 0)::int from hours_overrun o
        where o.tenant_id = p.tenant_id and o.period_id = p.id and o.status = 'approved') as approved,
      (select coalesce(sum(e.minutes), 0)::int from time_entry e
        where e.tenant_id = p.tenant_id and e.period_id = p.id and e.deleted_at is null and e.billable) as used
    from hours_period p
    where p.tenant_id = ${actor.tenantId}
      ${when(project !== undefined)`and p.project_id = ${project}`}
      ${when(status !== undefined)`and p.status = ${status}`}
      ${when(projects !== null)`and p.project_id = any(${projects}::uuid[])`}`;
  return rows.map((row) => ({ ...row, month: row.month.slice(0, 7) }));
}

/** The projects of which a contact may read the billing; null for whoever may in all that they see. */
function readableProjects(actor: Context['actor']): string[] | null {
  if (actor.kind !== 'person' || actor.role !== 'client_member') return null;
  return Object.keys(actor.memberships).filter((id) => may(actor, 'read', 'billing', id));
}
