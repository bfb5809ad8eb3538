import type { Context } from '../kernel/context.ts';
import { dayText, todayOf } from '../kernel/dates.ts';
import type { WaitingThing } from '../kernel/waiting.ts';
import { isFirm, projectsToApprove } from '../people/index.ts';
import { ASKS, mayAsk, mayProvide } from './rules.ts';
import type { ListedRequirement } from './schema.ts';
import { called } from './wording.ts';

type Row = Pick<
  ListedRequirement,
  'id' | 'number' | 'title' | 'kind' | 'status' | 'dueOn' | 'clientName' | 'projectId' | 'projectName'
> & { timezone: string };

/** Where the column `by_due` of what was provided begins, and of what is open ends: see the migration. */
const PROVIDED = 10_000_000;
const RANGE = 10_000_000;

/** For the client what this very person can provide, for the team what waits to be accepted: what is due first stands first. */
export async function waitingRequirements(context: Context, limit: number): Promise<WaitingThing[]> {
  const { sql, actor, now } = context;
  const firm = isFirm(actor);
  const projects = projectsToApprove(actor);
  if (projects?.length === 0) return [];
  const from = firm ? PROVIDED : PROVIDED - RANGE;
  const rows = await sql<Row>`
    select r.id, r.number, r.title, r.kind, r.status, r.due_on as "dueOn", c.name as "clientName", r.project_id as "projectId",
      p.name as "projectName", c.timezone
    from requirement r
    join client c on c.tenant_id = r.tenant_id and c.id = r.client_id
    join project p on p.tenant_id = r.tenant_id and p.id = r.project_id
    where r.tenant_id = ${actor.tenantId} and r.by_due >= ${from} and r.by_due < ${from + RANGE}
      and (${projects}::uuid[] is null or r.project_id = any(${projects}::uuid[]))
    order by r.by_due, r.number limit ${limit}`;
  const mine = rows.filter((row) => (firm ? mayAsk(actor, row) : mayProvide(actor, row)));
  return mine.map((row) => ({
    id: row.id,
    text: `${called(row)} ${row.title}`,
    detail: firm ? `${row.clientName} · ${row.projectName} · provided, needs an answer` : neededText(row, now),
  }));
}

function neededText({ kind, status, dueOn, projectName, timezone }: Row, now: Date): string {
  const late = dueOn !== null && dueOn < todayOf(now, timezone);
  return [
    projectName,
    `${ASKS[kind]} ${status === 'returned' ? 'needed again' : 'needed'}`,
    ...(dueOn ? [`${late ? 'overdue since' : 'by'} ${dayText(dueOn)}`] : []),
  ].join(' · ');
}
