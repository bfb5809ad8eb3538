import type { Context, Kernel } from './context.ts';
import { withActor } from './context.ts';
import type { Delivery } from './inbox.ts';
import { storableHeaders } from './inbox.ts';
import { isUuid } from './uuid.ts';

// What is asked of the inbox without working it. The database shows it to the system alone: whether whoever asks may know is
// decided before, by who asks here.

/** A stored delivery, all but its body. */
export interface KeptDelivery {
  source: string;
  kind: string;
  status: string;
  outcome: string | null;
  headers: Record<string, string>;
  /** How long its body is; 0 once that was removed because its time was over. */
  bytes: number;
  receivedAt: Date;
}

/** @returns null where the firm's inbox has none of that id, and for any other text */
export async function readDelivery(kernel: Kernel, tenantId: string, id: string): Promise<KeptDelivery | null> {
  if (!isUuid(id)) return null;
  return asReader(kernel, tenantId, async ({ sql }) => {
    const [row] = await sql<KeptDelivery>`
      select source, kind, status, outcome, headers, coalesce(octet_length(body), 0) as bytes, received_at as "receivedAt"
      from inbox where tenant_id = ${tenantId} and id = ${id}`;
    return row ?? null;
  });
}

/** The body of a delivery that is there; empty when it was removed meanwhile. */
export async function readBody(kernel: Kernel, tenantId: string, id: string): Promise<Buffer> {
  return asReader(kernel, tenantId, async ({ sql }) => {
    const [row] = await sql<{ body: Buffer }>`select body from inbox where tenant_id = ${tenantId} and id = ${id}`;
    return row?.body ?? Buffer.alloc(0);
  });
}

/** A delivery in quarantine, as staff look through them. */
interface Quarantined {
  id: string;
  source: string;
  kind: string;
  outcome: string;
  receivedAt: Date;
  /** Of a mail. */
  sender: string | null;
  subject: string | null;
}

/** What is in quarantine, the newest first: as much as somebody looks through. */
export async function quarantined(kernel: Kernel, tenantId: string): Promise<Quarantined[]> {
  return asReader(
    kernel,
    tenantId,
    ({ sql }) => sql<Quarantined>`
      select id, source, kind, outcome, received_at as "receivedAt", headers ->> 'from' as sender, headers ->> 'subject' as subject
      from inbox where tenant_id = ${tenantId} and status = 'quarantined' order by seq desc limit 100`,
  );
}

/** An account of a tool from which deliveries come. */
interface Source {
  tenantId: string;
  source: string;
  account: string;
}

/** Those of the deliveries that the inbox does not hold yet, whatever became of those that it holds. */
export async function missingAmong(
  kernel: Kernel,
  { tenantId, source, account }: Source,
  deliveries: readonly Delivery[],
): Promise<Delivery[]> {
  const ids = deliveries.map(({ deliveryId }) => deliveryId);
  const known = await asReader(
    kernel,
    tenantId,
    ({ sql }) => sql<{ deliveryId: string }>`
      select delivery_id as "deliveryId" from inbox where tenant_id = ${tenantId} and source = ${source}
        and account = ${account} and status <> 'duplicate' and delivery_id = any(${ids})
      union all
      -- What the worker found to be known already is held as well. Looks overlap by minutes: older ones are not asked for.
      select delivery_id from inbox where tenant_id = ${tenantId} and source = ${source} and account = ${account} and status = 'duplicate'
        and received_at > now() - interval '1 day' and delivery_id = any(${ids})`,
  );
  const held = new Set(known.map(({ deliveryId }) => deliveryId));
  return deliveries.filter(({ deliveryId }) => !held.has(deliveryId));
}

/** How many deliveries with these headers came within the last hour; what came twice counts once. */
export async function countWithinTheHour(
  kernel: Kernel,
  { tenantId, source, account }: Source,
  headers: Record<string, string>,
): Promise<number> {
  return asReader(kernel, tenantId, async ({ sql }) => {
    const [row] = await sql<{ count: number }>`
      select count(*) as count from inbox where tenant_id = ${tenantId} and source = ${source} and account = ${account}
        and status <> 'duplicate' and received_at > now() - interval '1 hour' and headers @> ${storableHeaders(headers)}::jsonb`;
    return row?.count ?? 0;
  });
}

function asReader<T>(kernel: Kernel, tenantId: string, work: (context: Context) => Promise<T>): Promise<T> {
  return withActor(kernel, { kind: 'system', tenantId, reason: 'looking into the inbox' }, work);
}
