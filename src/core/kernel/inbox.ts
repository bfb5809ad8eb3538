import type { Kernel } from './context.ts';
import type { Sql } from './db.ts';
import { inTransaction } from './db.ts';
import { DomainError } from './errors.ts';
import { QUEUES, RetryLater } from './jobs.ts';

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
  const open = 'tenantId' in of ? { kind: 'system', tenant: of.tenantId } : { kind: 'system', install: of };
  return inTransaction(kernel.database, kernel.clock, open, async (transaction, { actor }, settle) => {
    if (!actor) return null;
    const tenantId = String(actor.tenantId);
    // Statements of one connection run in their order, so none waits here for the one before it.
    const ids = await Promise.all(deliveries.map((delivery) => storeOne(transaction.sql, tenantId, delivery)));
    const jobs = ids.flatMap((id) => (id ? [{ queue: 'inbox' as const, data: { tenantId, id } }] : []));
    if (jobs.length) {
      settle(() => transaction.query({ text: `select set_config('role', 'none', true)` }));
      settle(() => kernel.jobs.enqueue(transaction, jobs));
    }
    return ids.map((id) => (id ? 'stored' : 'duplicate'));
  });
}

/** One statement for both outcomes. Returns the row's id, or null when it was there before and is noted as a duplicate. */
async function storeOne(sql: Sql, tenantId: string, delivery: Delivery): Promise<string | null> {
  const id = crypto.randomUUID();
  const { source, account, deliveryId, kind, body } = delivery;
  const [row] = await sql<{ first: boolean }>`
    with given as (
      select ${tenantId}::uuid as tenant_id, ${id}::uuid as id, ${source}::text as source, ${account}::text as account,
        ${deliveryId}::text as delivery_id, ${kind}::text as kind, ${JSON.stringify(delivery.headers)}::jsonb as headers
    ), first as (
      insert into inbox (tenant_id, id, source, account, delivery_id, kind, headers, body, status)
      select g.*, ${body}::bytea, 'waiting' from given g
      on conflict (tenant_id, source, account, delivery_id) where status <> 'duplicate' do nothing
      returning id
    ), again as (
      insert into inbox (tenant_id, id, source, account, delivery_id, kind, headers, body, status, outcome, worked_at)
      select g.*, ''::bytea, 'duplicate', 'the same delivery came before', now() from given g where not exists (select from first)
    )
    select exists (select from first) as first`;
  return row?.first ? id : null;
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
    const [row] = await sql<Record<string, never>>`
      update inbox set attempts = attempts + 1 where tenant_id = ${job.tenantId} and id = ${job.id} and status in ('waiting', 'quarantined')
      returning tenant_id as "tenantId", id, source, account, delivery_id as "deliveryId", kind, headers, body, received_at as "receivedAt"`;
    return (row ?? null) as InboxItem | null;
  });
  if (!item) return;
  const worked = await tryToWork(sources, item, attempt);
  await inTransaction(kernel.database, kernel.clock, open, ({ sql }) =>
    sql`update inbox set status = ${worked.status}, outcome = ${worked.outcome}, worked_at = now() where tenant_id = ${item.tenantId} and id = ${item.id}`.then(
      () => undefined,
    ),
  );
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
