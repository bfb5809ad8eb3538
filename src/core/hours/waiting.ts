import type { Context } from '../kernel/context.ts';
import type { WaitingThing } from '../kernel/waiting.ts';
import { isFirm } from '../people/index.ts';
import { timeText } from './duration.ts';
import type { Overrun } from './overrun-schema.ts';
import type { Period } from './period-schema.ts';
import { mayAnswer, runsHours } from './rules.ts';
import { called, monthText } from './wording.ts';

type WaitingPeriod = Pick<Period, 'id' | 'projectId' | 'projectName' | 'clientName' | 'month'>;

/** Months that this very person can sign; for whoever runs hours, those that a client disputed. */
export async function waitingPeriods({ sql, actor }: Context, limit: number): Promise<WaitingThing[]> {
  if (isFirm(actor) && !runsHours(actor)) return [];
  const status = isFirm(actor) ? 'disputed' : 'sent';
  const rows = await sql<WaitingPeriod>`
    select p.id, p.project_id as "projectId", j.name as "projectName", c.name as "clientName", to_char(p.month, 'YYYY-MM') as month
    from hours_period p join project j on j.tenant_id = p.tenant_id and j.id = p.project_id
    join client c on c.tenant_id = p.tenant_id and c.id = p.client_id
    where p.tenant_id = ${actor.tenantId} and p.status = ${status} order by p.month, p.id limit ${limit}`;
  const mine = isFirm(actor) ? rows : rows.filter((one) => mayAnswer(actor, one));
  return mine.map((one) => ({
    id: one.id,
    text: `Hours of ${called(one)}`,
    detail: isFirm(actor) ? `${one.clientName} · disputed, needs an answer` : 'waits for your signature',
  }));
}

type WaitingOverrun = Pick<Overrun, 'id' | 'projectId' | 'projectName' | 'month' | 'minutes' | 'reason'>;

/** More hours that this very person can approve before they are worked. */
export async function waitingOverruns({ sql, actor }: Context, limit: number): Promise<WaitingThing[]> {
  if (isFirm(actor)) return [];
  const rows = await sql<WaitingOverrun>`
    select o.id, o.project_id as "projectId", j.name as "projectName", to_char(o.month, 'YYYY-MM') as month, o.minutes, o.reason
    from hours_overrun o join project j on j.tenant_id = o.tenant_id and j.id = o.project_id
    where o.tenant_id = ${actor.tenantId} and o.status = 'asked'
      and not exists (select from hours_period p where p.tenant_id = o.tenant_id and p.id = o.period_id and p.status = 'signed')
    order by o.asked_at, o.id limit ${limit}`;
  return rows
    .filter((one) => mayAnswer(actor, one))
    .map(({ id, minutes, month, projectName, reason }) => ({
      id,
      text: `${timeText(minutes)} more for ${monthText(month)}?`,
      detail: `${projectName} · ${reason}`,
    }));
}
