import type { Kernel } from './context.ts';
import { inTransaction, LEAVE_ROLE } from './db.ts';
import { DomainError } from './errors.ts';
import { QUEUES, RetryLater } from './jobs.ts';
import { storable } from './text.ts';

/** Something that came in from outside besides a press: a webhook, a chat event, a mail. */
export interface Delivery {
  source: string;
  account: string;
  /** What makes it the same delivery when it comes again: by meaning where the platform's own id changes on retries. */
  deliveryId: string;
  kind: string;
  headers: Record<string, string>;
  body: Buffer;
}

export interface InboxItem extends Delivery {
  tenantId: string;
  id: string;
  receivedAt: Date;
}

/** How a delivery ended: exactly one of these, in words that staff can read. */
export interface Worked {
  status: 'applied' | 'duplicate' | 'quarantined';
  outcome: string;
}

/** Who works the deliveries of a source. Everything it does must be safe to repeat: derive request ids from `item.deliveryId`. */
export interface InboxSource {
  name: string;
  work(item: InboxItem): Promise<Worked>;
}

export type Stored = 'stored' | 'duplicate';

/**
 * Stores deliveries of one firm with one commit, all or none; acknowledge them only after this returned. One that is
 * already there is kept as a duplicate: received = waiting + applied + duplicate + quarantined, always.
 * @param of the firm, or the account of a tool that it connected
 * @returns what became of each, in their order; null when no firm connected the account
 * @throws DomainError unavailable when they could not be stored: do not acknowledge then
 */
export async function storeDeliveries(
  kernel: Kernel,
  of: { tenantId: string } | { tool: string; account: string },
  deliveries: readonly Delivery[],
): Promise<Stored[] | null> {
  const install = 'tenantId' in of ? null : { tool: of.tool, account: storable(of.account) };
  const open = 'tenantId' in of ? { kind: 'system', tenant: of.tenantId } : { kind: 'system', install };
  const ids = deliveries.map(() => crypto.randomUUID());
  const known = await inTransaction(kernel.database, kernel.clock, open, async (_transaction, { actor }, ending) => {
    if (!actor) return null;
    const tenantId = String(actor.tenantId);
    const values = columnsOf(tenantId, ids, deliveries);
    const stored = ending.send({ ...STORE, values });
    void ending.send(LEAVE_ROLE);
    // With those that turn out to have come before: there is nothing to work under their ids.
    kernel.jobs.enqueue(ending, [{ queue: 'inbox', data: { tenantId, ids } satisfies InboxJob }]);
    return { stored };
  });
  if (!known) return null;
  const fresh = new Set((await known.stored).rows.map(({ id }) => id));
  return ids.map((id) => (fresh.has(id) ? 'stored' : 'duplicate'));
}

// One statement for all of them and both outcomes.
const STORE = {
  name: 'store-deliveries',
  text: `
    with given as (
      select g.*, substring($2::bytea from start for size) as body
      from unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::int[], $10::int[])
        as g (id, source, account, delivery_id, kind, headers, start, size)
    ), first as (
      insert into inbox (tenant_id, id, source, account, delivery_id, kind, headers, body, status)
      select $1::uuid, id, source, account, delivery_id, kind, headers::jsonb, body, 'waiting' from given
      on conflict (tenant_id, source, account, delivery_id) where status <> 'duplicate' do nothing
      returning id
    ), again as (
      insert into inbox (tenant_id, id, source, account, delivery_id, kind, headers, body, status, outcome, worked_at)
      select $1::uuid, id, source, account, delivery_id, kind, headers::jsonb, ''::bytea, 'duplicate', 'the same delivery came before', now()
      from given where id not in (select id from first)
    )
    select id from first`,
};

/** The bodies travel as one, since an array of them would go as text. */
function columnsOf(tenantId: string, ids: string[], deliveries: readonly Delivery[]): unknown[] {
  const of = (value: (delivery: Delivery) => unknown) => deliveries.map(value);
  let end = 1;
  const starts = deliveries.map(({ body }) => {
    end += body.length;
    return end - body.length;
  });
  return [
    tenantId,
    Buffer.concat(deliveries.map(({ body }) => body)),
    ids,
    of((one) => storable(one.source)),
    of((one) => storable(one.account)),
    of((one) => storable(one.deliveryId)),
    of((one) => storable(one.kind)),
    of((one) => storableHeaders(one.headers)),
    starts,
    of((one) => one.body.length),
  ];
}

/** Headers as the inbox holds them. */
export function storableHeaders(headers: Record<string, string>): string {
  const entries = Object.entries(headers).map(([name, value]) => [storable(name), storable(value)]);
  return JSON.stringify(Object.fromEntries(entries));
}

/** Deliveries that were stored together. */
export interface InboxJob {
  tenantId: string;
  ids: string[];
}

/** Works stored deliveries. Among several, one that fails is tried again on its own, so that it holds up nobody. */
export async function workInbox(
  kernel: Kernel,
  sources: ReadonlyMap<string, InboxSource>,
  { tenantId, ids }: InboxJob,
  attempt: number,
): Promise<void> {
  const [only, another] = ids;
  if (only && !another) return workDelivery(kernel, sources, { tenantId, id: only }, attempt);
  for (const id of ids) {
    try {
      await workDelivery(kernel, sources, { tenantId, id }, 0);
    } catch (error) {
      kernel.log.info({ err: error, id }, 'a delivery is tried again');
      const delay = error instanceof RetryLater ? error.seconds : 1;
      await kernel.jobs.ask([{ queue: 'inbox', data: { tenantId, ids: [id] } satisfies InboxJob, delay }]);
    }
  }
}

/** Works one stored delivery; what fails for good is kept in quarantine with its reason, never dropped. */
export async function workDelivery(
  kernel: Kernel,
  sources: ReadonlyMap<string, InboxSource>,
  job: { tenantId: string; id: string },
  attempt: number,
): Promise<void> {
  const open = { kind: 'system', tenant: job.tenantId };
  const item = await inTransaction(kernel.database, kernel.clock, open, async ({ sql }) => {
    const [row] = await sql<Omit<InboxItem, 'body'> & { attempts: number; body: Buffer | null }>`
      update inbox set attempts = attempts + 1 where tenant_id = ${job.tenantId} and id = ${job.id} and status = 'waiting'
      returning tenant_id as "tenantId", id, source, account, delivery_id as "deliveryId", kind, headers,
        case when octet_length(body) <= ${LARGE} then body end as body, received_at as "receivedAt", attempts`;
    return row ?? null;
  });
  if (!item) return;
  const { attempts, ...delivery } = item;
  const body = delivery.body ?? (await largeBody(kernel, job));
  const worked = await tryToWork(sources, { ...delivery, body }, attempt);
  // Only the last who took it up says how it ended: whoever was given up meanwhile is too late.
  await inTransaction(kernel.database, kernel.clock, open, async ({ sql }) => {
    await sql`update inbox set status = ${worked.status}, outcome = ${storable(worked.outcome)}, worked_at = now()
      where tenant_id = ${item.tenantId} and id = ${item.id} and status = 'waiting' and attempts = ${attempts}`;
  });
}

/** Bytes beyond which a body is fetched on its own: a large mail takes seconds, which nobody who presses has. */
const LARGE = 1024 * 1024;
/** Milliseconds for that: less than a job's lease. */
const LARGE_PATIENCE = 10_000;

function largeBody({ database, clock }: Kernel, { tenantId, id }: { tenantId: string; id: string }): Promise<Buffer> {
  return inTransaction(
    database,
    clock,
    { kind: 'system', tenant: tenantId },
    async ({ sql }) => {
      const [row] = await sql<{ body: Buffer }>`select body from inbox where tenant_id = ${tenantId} and id = ${id}`;
      return row?.body ?? Buffer.alloc(0);
    },
    LARGE_PATIENCE,
  );
}

/**
 * Puts a delivery from quarantine back among those that wait, and asks a worker to take it up.
 * @returns false when there is no such delivery in quarantine
 */
export async function askAgain(kernel: Kernel, tenantId: string, id: string): Promise<boolean> {
  const open = { kind: 'system', tenant: tenantId };
  return inTransaction(kernel.database, kernel.clock, open, async ({ sql }, _opened, ending) => {
    const [row] = await sql`
      update inbox set status = 'waiting' where tenant_id = ${tenantId} and id::text = ${id} and status = 'quarantined' returning id`;
    if (!row) return false;
    void ending.send(LEAVE_ROLE);
    kernel.jobs.enqueue(ending, [{ queue: 'inbox', data: { tenantId, ids: [id] } satisfies InboxJob }]);
    return true;
  });
}

async function tryToWork(sources: ReadonlyMap<string, InboxSource>, item: InboxItem, attempt: number): Promise<Worked> {
  const source = sources.get(item.source);
  if (!source) return { status: 'quarantined', outcome: `${item.source} is not set up here` };
  try {
    return await source.work(item);
  } catch (error) {
    if (error instanceof DomainError && error.code !== 'unavailable')
      return { status: 'quarantined', outcome: error.say };
    if (error instanceof RetryLater || attempt < QUEUES.inbox.retryLimit) throw error;
    return {
      status: 'quarantined',
      outcome: `failed ${attempt + 1} times: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}

export interface LedgerLine {
  source: string;
  received: number;
  applied: number;
  duplicate: number;
  quarantined: number;
  waiting: number;
}

/** received = applied + duplicate + quarantined (+ waiting while the worker is behind), per source. */
export async function ledger(kernel: Kernel, tenantId: string): Promise<LedgerLine[]> {
  return inTransaction(
    kernel.database,
    kernel.clock,
    { kind: 'system', tenant: tenantId },
    ({ sql }) =>
      sql<LedgerLine>`
      select source, count(*) as received, count(*) filter (where status = 'applied') as applied, count(*) filter (where status = 'duplicate') as duplicate,
        count(*) filter (where status = 'quarantined') as quarantined, count(*) filter (where status = 'waiting') as waiting
      from inbox where tenant_id = ${tenantId} group by source order by source`,
  );
}
