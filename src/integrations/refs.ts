import type { Context } from '../core/kernel/context.ts';
import type { Sql } from '../core/kernel/db.ts';
import type { Part } from '../core/kernel/sql-parts.ts';
import { withParts } from '../core/kernel/sql-parts.ts';
import type { AnyThing, Said } from '../core/kernel/thing-definition.ts';
import type { Scope, Thing } from './claims.ts';
import { CLAIMED } from './claims.ts';

/**
 * What a thing of ours, or something that was said about it, is called in a tool: a row of external_ref. The things themselves
 * are read as their area declares them. Rows without a name yet: see claims.ts.
 */
export interface Ref {
  /** Our id. */
  id: string;
  /** Null while it is only claimed. */
  externalId: string | null;
  externalKey: string | null;
  fingerprint: string | null;
}

/** The tool's copy was deleted there: nothing is sent to it any more. */
export const GONE = 'gone';
/** A comment that came from the tool. */
export const RECEIVED = 'received';

/** A row, by the tool's id or by our own. */
export async function readRef(
  sql: Sql,
  scope: Scope,
  entity: string,
  by: { externalId: string } | { id: string },
): Promise<Ref | null> {
  const [row] = await sql<Ref>`
    select entity_id as id, fingerprint, external_key as "externalKey",
      case when external_id not like ${CLAIMED} then external_id end as "externalId"
    from external_ref where tenant_id = ${scope.tenantId} and tool = ${scope.tool} and account = ${scope.account} and entity = ${entity}
      and (external_id = ${'externalId' in by ? by.externalId : null}::text or entity_id = ${'id' in by ? by.id : null}::uuid)`;
  return row ?? null;
}

/** The rows of those that are ours, by the tool's id. */
export async function readRefs(
  sql: Sql,
  scope: Scope,
  entity: string,
  externalIds: readonly string[],
): Promise<Map<string, Ref>> {
  const rows = await sql<Ref & { externalId: string }>`
    select entity_id as id, fingerprint, external_key as "externalKey", external_id as "externalId"
    from external_ref where tenant_id = ${scope.tenantId} and tool = ${scope.tool} and account = ${scope.account} and entity = ${entity}
      and external_id = any(${externalIds})`;
  return new Map(rows.map((row) => [row.externalId, row]));
}

/**
 * What was said about a thing that the tool does not have, in its order. What came from the tool is there. However much was said,
 * nothing else is read.
 * @param entity how external_ref calls what was said
 */
export async function unsent(
  context: Context,
  { tenantId, tool, account }: Scope,
  thing: AnyThing,
  id: string,
  entity: string,
): Promise<Said[]> {
  const around = withParts(context.sql);
  const missing: Sql = <R>(strings: TemplateStringsArray, ...values: unknown[]) => around<R>`
    select said.* from (${{ isWanted: true, strings, values } satisfies Part}) said
    where said.channel <> ${tool} and not exists (select from external_ref r
      where r.tenant_id = ${tenantId} and r.tool = ${tool} and r.account = ${account} and r.entity = ${entity}
        and r.entity_id = said.id and r.external_id not like ${CLAIMED})
    order by said.at, said.id`;
  return (await thing.said?.(context, id, missing)) ?? [];
}

/** Notes what a received comment became. */
export async function noteReceived(
  sql: Sql,
  scope: Scope,
  thing: Thing & { clientId: string },
  externalId: string,
): Promise<void> {
  await sql`
    insert into external_ref (tenant_id, id, tool, account, entity, entity_id, client_id, external_id, fingerprint)
    values (${scope.tenantId}, ${crypto.randomUUID()}, ${scope.tool}, ${scope.account}, ${thing.entity}, ${thing.id}, ${thing.clientId},
      ${externalId}, ${RECEIVED})
    on conflict do nothing`;
}

/**
 * Replaces a thing's fingerprint if it still is what was read.
 * @returns false when somebody else changed it meanwhile: look again
 */
export async function setFingerprint(
  sql: Sql,
  scope: Scope,
  thing: Thing,
  change: { from: string | null; to: string },
  now: Date,
): Promise<boolean> {
  const rows = await sql`
    update external_ref set fingerprint = ${change.to}, updated_at = ${now}
    where tenant_id = ${scope.tenantId} and tool = ${scope.tool} and account = ${scope.account} and entity = ${thing.entity}
      and entity_id = ${thing.id} and fingerprint is not distinct from ${change.from}::text
    returning id`;
  return rows.length === 1;
}
