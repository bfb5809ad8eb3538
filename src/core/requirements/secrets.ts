import { nameOf } from '../kernel/actor.ts';
import type { Context } from '../kernel/context.ts';
import { firmKey } from '../kernel/firm-key.ts';
import type { Secret } from '../kernel/secret.ts';
import { openSecret } from '../kernel/secret.ts';
import { there } from '../kernel/thing-definition.ts';
import type { Requirement } from './schema.ts';

/** What a sealed secret belongs to: it opens for nothing else. */
function aboutOf({ id, round }: Pick<Requirement, 'id' | 'round'>): string {
  return `secret of the requirement ${id}, round ${round}`;
}

/** Keeps what was provided just now. */
export async function keepSecret(context: Context, after: Requirement, secret: Secret): Promise<void> {
  const sealed = secret.seal(await firmKey(context), aboutOf(after));
  await context.sql`select parley_keep_requirement_secret(${after.id}, ${sealed})`;
}

/** What was provided last, opened. @throws DomainError not_found where it was removed */
export async function readSecret(context: Context, it: Requirement): Promise<string> {
  const { sql, actor } = context;
  const [row] = await sql<{ sealed: Buffer }>`
    select sealed from requirement_secret where tenant_id = ${actor.tenantId} and requirement_id = ${it.id} and round = ${it.round}`;
  return openSecret(await firmKey(context), there(row).sealed, aboutOf(it));
}

/** What is not needed any more is kept no longer. */
export async function dropSecrets({ sql, actor }: Context, { id }: Requirement): Promise<void> {
  await sql`delete from requirement_secret where tenant_id = ${actor.tenantId} and requirement_id = ${id}`;
}

/** Notes a look on the requirement itself, where the client sees it too. */
export async function noteLook({ sql, actor, now }: Context, it: Requirement): Promise<Requirement> {
  const byName = nameOf(actor);
  await sql`
    update requirement set looks = looks + 1, looked_by_name = ${byName}, looked_at = ${now}
    where tenant_id = ${actor.tenantId} and id = ${it.id}`;
  return { ...it, looked: { times: (it.looked?.times ?? 0) + 1, byName, at: now } };
}
