import { DateTime } from 'luxon';
import type { Context } from '../kernel/context.ts';
import { todayOf } from '../kernel/dates.ts';
import type { Page } from '../kernel/list-page.ts';
import { when } from '../kernel/list-page.ts';
import { withParts } from '../kernel/sql-parts.ts';
import { isFirm } from '../people/index.ts';
import type { Entry, ListedEntry } from './entry-schema.ts';
import { mayRead } from './rules.ts';

export const SPANS = ['week', 'month', 'last-month'] as const;
type Span = (typeof SPANS)[number];

/** The days of a span around the reader's today, both ends in it. */
function daysOf(span: Span, now: Date, timezone: string): { from: string; to: string } {
  const today = DateTime.fromISO(todayOf(now, timezone), { zone: 'utc' });
  const at = span === 'last-month' ? today.minus({ months: 1 }) : today;
  const unit = span === 'week' ? 'week' : 'month';
  return { from: at.startOf(unit).toFormat('yyyy-MM-dd'), to: at.endOf(unit).toFormat('yyyy-MM-dd') };
}

/** Whose entries of a project somebody reads: all, or their own where they may not read billing. */
function onlyOwn(context: Context, projectId: string): string | null {
  const { actor } = context;
  return mayRead(actor, { projectId }) ? null : meIn(context);
}

/** Whoever asks; nobody's id for a room. */
export function meIn({ actor }: Pick<Context, 'actor'>): string {
  return actor.kind === 'person' ? actor.personId : '00000000-0000-0000-0000-000000000000';
}

/** Entries as lists show them. */
const LISTED = when(true)`
    select e.id, e.day, e.minutes, e.note, e.billable, e.person_id as "personId", e.person_name as "personName", e.project_id as "projectId",
      (select p.name from project p where p.tenant_id = e.tenant_id and p.id = e.project_id) as "projectName", e.part, e.beyond as "isBeyond"
    from time_entry e`;

/** A page of a month's entries, the last day first; for the client, what counts. */
export async function pageOfPeriod(
  context: Context,
  page: Page,
  { period, project }: { period: string; project: string },
): Promise<ListedEntry[]> {
  const { actor } = context;
  const own = onlyOwn(context, project);
  return page<ListedEntry>`
    ${LISTED}
    where e.tenant_id = ${actor.tenantId} and e.period_id = ${period} and e.deleted_at is null
      ${when(own !== null)`and e.person_id = ${own}`} ${when(!isFirm(actor))`and e.billable`}`;
}

/** A page of what somebody worked, the last day first: all that the actor may see of it. */
export async function pageOfPerson(
  { actor, now }: Context,
  page: Page,
  { person, span }: { person: string; span?: Span | undefined },
): Promise<ListedEntry[]> {
  const days = span && daysOf(span, now, actor.timezone);
  return page<ListedEntry>`
    ${LISTED}
    where e.tenant_id = ${actor.tenantId} and e.person_id = ${person} and e.deleted_at is null
      ${when(days !== undefined)`and e.day >= ${days?.from}::date and e.day <= ${days?.to}::date`}`;
}

/** What somebody worked from one day to another, as far as the actor sees it: in the order of the days. */
export async function entriesBetween(
  { sql: plain, actor }: Context,
  person: string,
  { from, to }: { from: string; to: string },
): Promise<ListedEntry[]> {
  const sql = withParts(plain);
  return sql<ListedEntry>`
    ${LISTED}
    where e.tenant_id = ${actor.tenantId} and e.person_id = ${person} and e.day >= ${from}::date and e.day <= ${to}::date
      and e.deleted_at is null order by e.day, e.id`;
}

/** What stands above a list of somebody's entries. */
interface PersonName {
  name: string;
  minutes: number;
}

/** What they are called, and how much they worked in a span; null where the actor does not see them. */
export async function readWorked(
  { sql, actor, now }: Context,
  person: string,
  span: Span = 'month',
): Promise<PersonName | null> {
  const { from, to } = daysOf(span, now, actor.timezone);
  const [row] = await sql<PersonName>`
    select n.name, (select coalesce(sum(e.minutes), 0)::int from time_entry e where e.tenant_id = n.tenant_id and e.person_id = n.id
      and e.deleted_at is null and e.day >= ${from}::date and e.day <= ${to}::date) as minutes
    from person n where n.tenant_id = ${actor.tenantId} and n.id = ${person} and n.side = 'staff'`;
  return row ?? null;
}

/** What a month is called and whose it is, if the actor may see it. */
export async function readPeriodName(
  { sql, actor }: Context,
  period: string,
): Promise<Pick<Entry, 'projectId' | 'projectName' | 'month'> | null> {
  const [row] = await sql<Pick<Entry, 'projectId' | 'projectName' | 'month'>>`
    select p.project_id as "projectId", j.name as "projectName", to_char(p.month, 'YYYY-MM') as month
    from hours_period p join project j on j.tenant_id = p.tenant_id and j.id = p.project_id
    where p.tenant_id = ${actor.tenantId} and p.id = ${period}`;
  return row ?? null;
}
