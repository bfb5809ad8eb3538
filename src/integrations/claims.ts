import type { Sql } from '../core/kernel/db.ts';
import type { Connection } from './connector.ts';

/** Where a connector's rows belong: an account of a tool. */
export interface Scope {
  tenantId: string;
  tool: string;
  account: string;
}

export function scopeOf({ tenantId, tool, account }: Connection): Scope {
  return { tenantId, tool, account };
}

/**
 * Before something is made in a tool its row in external_ref is claimed, with no name of the tool's yet: after a crash the next
 * try finds the claim and knows that an earlier one may have got through. `fingerprint` says how the claim stands.
 */
export interface Thing {
  /** As external_ref calls it, like `ticket`. */
  entity: string;
  id: string;
}

/** Names of claimed rows: no tool's id looks like this. */
const CLAIM = 'claim:';
/** The same, for `like`. */
export const CLAIMED = `${CLAIM}%`;
/** The call may have got through. */
const SENDING = 'sending';
/** The call is known to have failed. */
const FREE = 'free';

/**
 * Claims the right to make a thing in the tool.
 * @returns 'fresh' when nobody tried before, or the time of an earlier try that may have got through
 */
export async function claim(
  sql: Sql,
  scope: Scope,
  thing: Thing & { clientId: string },
  now: Date,
): Promise<'fresh' | Date> {
  const { tenantId, tool, account } = scope;
  const [fresh] = await sql`
    insert into external_ref (tenant_id, id, tool, account, entity, entity_id, client_id, external_id, fingerprint, updated_at)
    values (${tenantId}, ${crypto.randomUUID()}, ${tool}, ${account}, ${thing.entity}, ${thing.id}, ${thing.clientId}, ${CLAIM + thing.id}, ${SENDING}, ${now})
    on conflict (tenant_id, tool, account, entity, entity_id) do update set fingerprint = ${SENDING}, updated_at = ${now}
      where external_ref.fingerprint = ${FREE} and external_ref.external_id like ${CLAIMED}
    returning id`;
  if (fresh) return 'fresh';
  const [row] = await sql<{ updated_at: Date }>`
    select updated_at from external_ref where tenant_id = ${tenantId} and tool = ${tool} and account = ${account}
      and entity = ${thing.entity} and entity_id = ${thing.id}`;
  return row?.updated_at ?? now;
}

/** Changes how a claim stands; a thing that has its name already is left as it is. */
export async function setClaim(sql: Sql, scope: Scope, thing: Thing, to: 'free' | 'sending', now: Date): Promise<void> {
  await sql`
    update external_ref set fingerprint = ${to === 'free' ? FREE : SENDING}, updated_at = ${now}
    where tenant_id = ${scope.tenantId} and tool = ${scope.tool} and account = ${scope.account} and entity = ${thing.entity}
      and entity_id = ${thing.id}
      and external_id like ${CLAIMED}`;
}

/** Gives a claimed thing its name. Once named, a thing keeps its name. */
export async function nameClaimed(
  sql: Sql,
  scope: Scope,
  thing: Thing & { externalId: string; key?: string; url?: string },
  now: Date,
): Promise<void> {
  await sql`
    update external_ref set external_id = ${thing.externalId}, external_key = ${thing.key ?? null}, url = ${thing.url ?? null},
      fingerprint = null, updated_at = ${now}
    where tenant_id = ${scope.tenantId} and tool = ${scope.tool} and account = ${scope.account} and entity = ${thing.entity}
      and entity_id = ${thing.id} and external_id like ${CLAIMED}`;
}

/** True when the tool's copy of such a thing may exist without being noted yet. */
export async function anyClaimed(sql: Sql, scope: Scope, entity: string): Promise<boolean> {
  const [row] = await sql`
    select from external_ref where tenant_id = ${scope.tenantId} and tool = ${scope.tool} and account = ${scope.account}
      and entity = ${entity} and external_id like ${CLAIMED} limit 1`;
  return row !== undefined;
}
