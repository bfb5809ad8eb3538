import { nameOf } from '../kernel/actor.ts';
import type { Context } from '../kernel/context.ts';
import { DomainError } from '../kernel/errors.ts';
import type { Ground } from './queries.ts';
import { lookAtOf } from './reminders.ts';
import type { Deliverable } from './schema.ts';
import { lastShare } from './schema.ts';
import { refusedIn } from './wording.ts';

/** Writes what a decision made of a deliverable. A contact's role writes what was decided and where it stands, and nothing else. */
export async function writeDeliverable(context: Context, before: Deliverable, after: Deliverable): Promise<void> {
  const { sql, actor } = context;
  if (after.shares.length > before.shares.length) await addShare(context, after);
  else if (lastShare(after)?.decision && !lastShare(before)?.decision) await addDecision(context, after);
  const { id, version, state, name, description, inScope, remindedAt, shares } = after;
  const waitsSince = waitsSinceOf(after);
  if (actor.kind === 'person' && actor.side === 'contact') {
    requireWritten(
      await sql`
        update deliverable set status = ${state.status}, version = ${version}, waits_since = ${waitsSince}
        where tenant_id = ${actor.tenantId} and id = ${id} and version = ${before.version} returning id`,
    );
    return;
  }
  const [by, at] = state.status === 'withdrawn' ? [state.byName, state.at] : [null, null];
  requireWritten(
    await sql`
      update deliverable set status = ${state.status}, version = ${version}, name = ${name}, description = ${description}, in_scope = ${inScope},
        shares = ${shares.length}, shared_hash = ${lastShare(after)?.hash ?? null}, waits_since = ${waitsSince}, withdrawn_by = ${by},
        withdrawn_at = ${at}::timestamptz, reminded_at = ${remindedAt}, look_at = ${lookAtOf(after)}
      where tenant_id = ${actor.tenantId} and id = ${id} and version = ${before.version} returning id`,
  );
}

/** Since when it waits for the client, or for the firm. */
function waitsSinceOf(it: Deliverable): Date | null {
  const share = lastShare(it);
  if (it.state.status === 'in_review') return share?.at ?? null;
  return it.state.status === 'changes_wanted' ? (share?.decision?.at ?? null) : null;
}

async function addShare({ sql, actor }: Context, { id, clientId, projectId, ...after }: Deliverable): Promise<void> {
  const last = lastShare(after);
  if (!last) return;
  const { content, hash, personId, byName, at } = last;
  await sql`
    insert into deliverable_share (tenant_id, deliverable_id, number, client_id, project_id, content, hash, person_id, by_name, at)
    values (${actor.tenantId}, ${id}, ${content.number}, ${clientId}, ${projectId}, ${JSON.stringify(content)}::jsonb, ${hash}, ${personId},
      ${byName}, ${at})`;
}

async function addDecision({ sql, actor }: Context, { id, clientId, projectId, ...after }: Deliverable): Promise<void> {
  const last = lastShare(after);
  if (!last?.decision) return;
  const { kind, hash, reason, personId, byName, channel, assurance, at } = last.decision;
  await sql`
    insert into deliverable_decision (tenant_id, deliverable_id, number, client_id, project_id, hash, kind, reason, person_id, by_name, channel,
      assurance, at)
    values (${actor.tenantId}, ${id}, ${last.content.number}, ${clientId}, ${projectId}, ${hash}, ${kind}, ${reason}, ${personId}, ${byName},
      ${channel}, ${assurance}, ${at})`;
}

/** Stores a planned one. A cycle has each name once. */
export async function insertDeliverable(
  { sql, actor, now, newId }: Context,
  ground: Ground,
  wish: Pick<Deliverable, 'name' | 'description' | 'inScope'>,
): Promise<Deliverable> {
  const { name, description, inScope } = wish;
  const id = newId();
  const [row] = await sql<{ number: number }>`
    insert into deliverable (tenant_id, id, client_id, project_id, cycle_id, status, name, description, in_scope, created_by, created_at)
    values (${actor.tenantId}, ${id}, ${ground.clientId}, ${ground.projectId}, ${ground.cycleId}, 'planned', ${name}, ${description}, ${inScope},
      ${nameOf(actor)}, ${now})
    on conflict (tenant_id, cycle_id, name) do nothing returning number`;
  if (!row) throw refusedIn(ground, `${ground.cycleName} has a deliverable of this name already.`);
  const state = { status: 'planned' as const };
  return {
    ...ground,
    ...wish,
    id,
    number: Number(row.number),
    version: 1,
    state,
    shares: [],
    remindedAt: null,
    createdAt: now,
  };
}

/** What the row's lock promises, asked of the write as well. */
function requireWritten(rows: unknown[]): void {
  if (!rows.length)
    throw new DomainError('conflict', 'This deliverable changed at the same moment. Please look again.');
}
