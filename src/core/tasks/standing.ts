import type { Context } from '../kernel/context.ts';
import { todayOf } from '../kernel/dates.ts';
import type { Figure, Stands } from '../kernel/standing.ts';
import { counted, MOST_WEIGHED } from '../kernel/standing.ts';

/** What somebody is to do, and how much of it is late. */
export async function taskFigures(context: Context): Promise<Figure[]> {
  const { actor } = context;
  if (actor.kind !== 'person') return [];
  const [mine] = await tasksOfPeople(context, [actor.personId]);
  if (!mine) return [];
  return [
    { label: 'Your tasks', value: mine.text, isLate: mine.isLate ?? false, view: { target: 'task.mine', input: {} } },
  ];
}

interface Counts {
  id: string;
  open: number;
  late: number;
}

/** How many tasks somebody has, and how many of them are late. */
export async function tasksOfPeople({ sql, actor, now }: Context, ids: readonly string[]): Promise<Stands[]> {
  const rows = await sql<Counts>`
    select p.id, o.open, o.late from unnest(${ids}::uuid[]) p (id)
    cross join lateral (select count(*)::int as open, count(*) filter (where t.due_on < ${todayOf(now, actor.timezone)}::date)::int as late from (
      select due_on from task where tenant_id = ${actor.tenantId} and assignee_id = p.id and status in ('open', 'in_progress', 'blocked')
      limit ${MOST_WEIGHED}) t) o
    where o.open > 0`;
  return rows.map(standsOf);
}

/** The same of projects. */
export async function tasksOfProjects({ sql, actor, now }: Context, ids: readonly string[]): Promise<Stands[]> {
  const rows = await sql<Counts>`
    select p.id, o.open, o.late from unnest(${ids}::uuid[]) p (id)
    cross join lateral (select count(*)::int as open, count(*) filter (where t.due_on < ${todayOf(now, actor.timezone)}::date)::int as late from (
      select due_on from task where tenant_id = ${actor.tenantId} and project_id = p.id and status in ('open', 'in_progress', 'blocked')
      limit ${MOST_WEIGHED}) t) o
    where o.open > 0`;
  return rows.map(standsOf);
}

function standsOf({ id, open, late }: Counts): Stands {
  return { id, text: `${counted(open, 'open task')}${late ? `, ${late} overdue` : ''}`, isLate: late > 0 };
}
