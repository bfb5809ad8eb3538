import type { Context } from '../kernel/context.ts';
import { dayText, todayOf } from '../kernel/dates.ts';
import type { WaitingThing } from '../kernel/waiting.ts';
import { isFirm } from '../people/index.ts';
import { meIn } from './list-queries.ts';
import type { ListedTask } from './schema.ts';

type Row = Pick<ListedTask, 'id' | 'number' | 'title' | 'dueOn' | 'assigneeId' | 'projectName'>;

/** What whoever asks is to do, and for the team also what is late and nobody's: what is due first stands first. */
export async function waitingTasks(context: Context, limit: number): Promise<WaitingThing[]> {
  const { sql, actor, now } = context;
  const today = todayOf(now, actor.timezone);
  const rows = await sql<Row>`
    select w.id, w.number, w.title, w.due_on as "dueOn", w.assignee_id as "assigneeId", p.name as "projectName" from (
      (select t.* from task t where t.tenant_id = ${actor.tenantId} and t.assignee_id = ${meIn(context)} and t.status not in ('done', 'dropped')
        order by t.by_due, t.number limit ${limit})
      union all
      (select t.* from task t where ${isFirm(actor)} and t.tenant_id = ${actor.tenantId} and t.assignee_id is null
        and t.status in ('open', 'in_progress', 'blocked') and t.due_on < ${today}::date order by t.due_on, t.number limit ${limit})) w
    join project p on p.tenant_id = w.tenant_id and p.id = w.project_id
    order by w.by_due, w.number limit ${limit}`;
  return rows.map(({ id, number, title, dueOn, assigneeId, projectName }) => ({
    id,
    text: `T${number} ${title}`,
    detail: [projectName, dueText(dueOn, today), ...(assigneeId ? [] : ['nobody has it'])].join(' · '),
  }));
}

function dueText(dueOn: string | null, today: string): string {
  if (!dueOn) return 'yours to do';
  return dueOn < today ? `overdue since ${dayText(dueOn)}` : `due ${dayText(dueOn)}`;
}
