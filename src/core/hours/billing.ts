import type { Context } from '../kernel/context.ts';
import { DomainError } from '../kernel/errors.ts';
import type { NewEvent } from '../kernel/event.ts';
import type { Choice } from '../kernel/field.ts';
import { timeText } from './duration.ts';
import { invoice as decide, release, usedOf } from './month.ts';
import { invoiced, released } from './period.ts';
import { periodForUpdate, writePeriod } from './period-queries.ts';
import type { Period, Status } from './period-schema.ts';
import { called, LABELS, monthText } from './wording.ts';

/** A project's month as an invoice bills it: all that counts for the client, and who worked it. */
export interface Billable extends Pick<Period, 'clientId' | 'projectId' | 'projectName' | 'month'> {
  /** The month as it is; it is locked. */
  period: Period;
  /** "November 2026 of Acme website" */
  called: string;
  minutes: number;
  /** By person, in the order of their names. */
  people: { name: string; minutes: number }[];
  /** How far the client has agreed to it. */
  standing: 'signed' | 'disputed' | 'unsigned';
}

/**
 * Locks a month that is to be billed, so that of two who bill it at once the second finds what the first one billed.
 * @throws DomainError conflict where nothing is to be billed, or an invoice bills it
 */
export async function billableForUpdate(context: Context, id: string): Promise<Billable | null> {
  const period = await periodForUpdate(context, id);
  if (!period) return null;
  const minutes = usedOf(period);
  const why = period.invoiced ? 'is billed already' : minutes ? null : 'holds nothing that counts for the client';
  if (why) throw new DomainError('conflict', `${called(period)} ${why}.`, { show: shown(period) });
  const { clientId, projectId, projectName, month, state } = period;
  const standing = state.status === 'signed' || state.status === 'disputed' ? state.status : 'unsigned';
  const whose = { clientId, projectId, projectName, month };
  return { ...whose, period, called: called(period), minutes, people: peopleOf(period), standing };
}

function shown({ id }: Period) {
  return { target: 'period.show', input: { period: id } };
}

function peopleOf({ entries }: Period): Billable['people'] {
  const sums = new Map<string, { name: string; minutes: number }>();
  for (const { personId, personName, minutes } of entries)
    sums.set(personId, { name: personName, minutes: (sums.get(personId)?.minutes ?? 0) + minutes });
  return [...sums.values()].sort((one, other) => one.name.localeCompare(other.name));
}

/** An invoice bills all of a month, which is not changed any more then. The invoice is stored already, as a draft. */
export async function billHours(
  context: Context,
  { period, minutes }: Pick<Billable, 'period' | 'minutes'>,
  invoice: string,
): Promise<NewEvent> {
  const after = { ...decide(period, { invoice, minutes }, context.now), version: period.version + 1 };
  await writePeriod(context, period, after);
  return invoiced.of(period, after, { invoice, minutes });
}

/** An invoice bills these months no longer: they can be billed anew. They are locked in one order. */
export async function releaseHours(context: Context, invoice: string, periods: readonly string[]): Promise<NewEvent[]> {
  const events: NewEvent[] = [];
  for (const id of [...periods].sort()) {
    const before = await periodForUpdate(context, id);
    if (!before) throw new Error(`the month ${id} is billed by ${invoice} and not there`);
    const after = { ...release(before, invoice), version: before.version + 1 };
    await writePeriod(context, before, after);
    events.push(released.of(before, after, { invoice }));
  }
  return events;
}

interface Unbilled extends Pick<Period, 'month' | 'projectName' | 'clientName'> {
  id: string;
  status: Status;
  minutes: number;
}

/** As many as a choice can hold. */
const MOST = 100;

/** The months that can be billed, the last one first after the wanted one; of one client or project, where it is said. */
export async function billableChoices(
  { sql, actor }: Context,
  { client = null, project = null, wanted = null }: Partial<Record<'client' | 'project' | 'wanted', string | null>>,
): Promise<Choice[]> {
  const rows = await sql<Unbilled>`
    select p.id, to_char(p.month, 'YYYY-MM') as month, p.status, j.name as "projectName", c.name as "clientName", e.minutes
    from hours_period p
    join project j on j.tenant_id = p.tenant_id and j.id = p.project_id
    join client c on c.tenant_id = p.tenant_id and c.id = p.client_id
    cross join lateral (select sum(e.minutes)::int as minutes from time_entry e
      where e.tenant_id = p.tenant_id and e.period_id = p.id and e.billable and e.deleted_at is null) e
    where p.tenant_id = ${actor.tenantId} and p.invoice_id is null and e.minutes is not null
      and (${client}::uuid is null or p.client_id = ${client}::uuid) and (${project}::uuid is null or p.project_id = ${project}::uuid)
    order by (p.id = ${wanted}::uuid) desc nulls last, p.month desc, p.id limit ${MOST}`;
  return rows.map(({ id, month, status, projectName, clientName, minutes }) => ({
    value: id,
    label: `${monthText(month)} · ${clientName}, ${projectName} · ${timeText(minutes)}, ${LABELS[status].toLowerCase()}`,
  }));
}

/** Whose a month is, for a form that is opened for it. */
export async function projectOfPeriod({ sql, actor }: Context, id: string): Promise<string | null> {
  const [row] = await sql<{ project: string }>`
    select project_id as project from hours_period where tenant_id = ${actor.tenantId} and id = ${id}`;
  return row?.project ?? null;
}
