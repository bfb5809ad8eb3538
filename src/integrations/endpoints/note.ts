import type { Context } from '../../core/kernel/context.ts';
import { nextTry, quietUntil } from './retries.ts';
import type { Answered } from './send.ts';
import type { Taken, TakenDelivery } from './take.ts';

/** A try that ended by itself. */
export interface Tried {
  delivery: TakenDelivery;
  answered: Answered;
}

/** A test is tried once: whoever sent it looks at what was answered. */
const TESTED = 'endpoint.tested';

/** Notes what came of webhooks, and how their endpoint fares. */
export async function note({ sql, actor, now }: Context, { endpoint }: Taken, tried: readonly Tried[]): Promise<void> {
  const outcomes = tried.map((one) => outcomeOf(one, now));
  await sql`
    update endpoint_delivery d set state = n.state, attempts = n.attempts, due_at = n.due_at, status = n.status, answer = n.answer,
      fault = n.fault, tried_at = ${now}, taken_until = null
    from jsonb_to_recordset(${JSON.stringify(outcomes)}::jsonb) as n (id uuid, state text, attempts int, due_at timestamptz, status int,
      answer text, fault text)
    where d.tenant_id = ${actor.tenantId} and d.id = n.id and d.state = 'waiting'`;
  const failure = outcomes.findLast(({ fault }) => fault !== null)?.fault ?? null;
  const isTaken = outcomes.some(({ fault }) => fault === null);
  const wants = Math.max(0, ...tried.map(({ answered }) => answered.wants ?? 0));
  await sql`
    update endpoint set succeeded_at = case when ${isTaken} then ${now}::timestamptz else succeeded_at end,
      failed_at = case when ${failure !== null} then ${now}::timestamptz else failed_at end, failure = coalesce(${failure}::text, failure),
      quiet_until = case when ${wants > 0} then ${quietUntil(now, wants)}::timestamptz end
    where tenant_id = ${actor.tenantId} and id = ${endpoint.id}`;
}

/** Gives back what was taken and not tried to the end: it is tried by another worker, and no try is counted. */
export async function giveBack({ sql, actor }: Context, ids: readonly string[]): Promise<void> {
  await sql`
    update endpoint_delivery set taken_until = null where tenant_id = ${actor.tenantId} and id = any(${ids}::uuid[]) and state = 'waiting'`;
}

function outcomeOf({ delivery: { id, attempts, event }, answered }: Tried, now: Date) {
  const { status, answer, fault, wants } = answered;
  const tries = attempts + 1;
  const state = fault === null ? 'delivered' : event.name === TESTED ? 'failed' : 'waiting';
  // Of one that is given up the next try is due at once when it is put to use again.
  const due = nextTry(tries, now, wants) ?? now;
  return { id, state, attempts: tries, due_at: due.toISOString(), status, answer, fault };
}

/** Why an endpoint is given up after these tries; null where it is not. */
export function reasonToGiveUp(tried: readonly Tried[]): string | null {
  const gone = tried.find(({ answered }) => answered.status === 410);
  if (gone) return gone.answered.fault;
  const last = tried.find(
    ({ delivery: { attempts, event }, answered }) =>
      answered.fault !== null && event.name !== TESTED && nextTry(attempts + 1, new Date(0), null) === null,
  );
  return last
    ? `It did not take a webhook in ${last.delivery.attempts + 1} tries over three days. ${last.answered.fault}`
    : null;
}
