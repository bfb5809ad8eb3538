import type { Context } from '../kernel/context.ts';
import { DomainError } from '../kernel/errors.ts';
import type { Cycle } from './schema.ts';
import { scopeOf } from './schema.ts';

/**
 * Writes what a decision made of a cycle: what is different, and nothing else. So a contact's signature, dispute or completion
 * writes exactly the columns that contacts may.
 */
export async function writeCycle(context: Context, before: Cycle, after: Cycle): Promise<void> {
  const [was, is] = [scopeOf(before), scopeOf(after)];
  const isMoved = JSON.stringify(before.review) !== JSON.stringify(after.review);
  const isEdited = is.number !== was.number;
  await Promise.all([
    ...(isEdited
      ? [addVersion(context, after)]
      : [...addApprovals(context, before, after), ...addAgreement(context, before, after)]),
    ...disputeWrites(context, before, after),
    isEdited
      ? writeScope(context, before, after)
      : isMoved
        ? writeReview(context, before, after)
        : writeStanding(context, before, after),
  ]);
}

/** Writes a new cycle with its first scope. */
export async function insertCycle(context: Context, cycle: Cycle): Promise<void> {
  const { sql, actor, now } = context;
  const { number, hash, content } = scopeOf(cycle);
  const { opensAt, closesAt } = cycle.review;
  await Promise.all([
    sql`insert into cycle (tenant_id, id, client_id, project_id, status, version, content_number, content_hash, name, starts_on, ends_on,
        review_days, review_opens_at, review_closes_at, created_at)
      values (${actor.tenantId}, ${cycle.id}, ${cycle.clientId}, ${cycle.projectId}, ${cycle.status}, ${cycle.version}, ${number}, ${hash},
        ${content.name}, ${content.startsOn}, ${content.endsOn}, ${cycle.reviewDays}, ${opensAt}, ${closesAt}, ${now})`,
    addVersion(context, cycle),
  ]);
}

/** Where a cycle stands now: exactly the columns that contacts may write too. */
async function writeStanding({ sql, actor }: Context, before: Cycle, next: Cycle): Promise<void> {
  const completedAt = next.status === 'completed' ? next.completedAt : null;
  requireWritten(
    await sql`
      update cycle set status = ${next.status}, version = ${next.version}, completed_at = ${completedAt}, reminded_at = ${next.remindedAt}
      where tenant_id = ${actor.tenantId} and id = ${next.id} and version = ${before.version} returning id`,
  );
}

/** Where a cycle stands and when its review opens and closes: what only the firm decides. */
async function writeReview({ sql, actor }: Context, before: Cycle, next: Cycle): Promise<void> {
  const { opensAt, closesAt } = next.review;
  requireWritten(
    await sql`
      update cycle set status = ${next.status}, version = ${next.version}, reminded_at = ${next.remindedAt},
        review_opens_at = ${opensAt}, review_closes_at = ${closesAt}
      where tenant_id = ${actor.tenantId} and id = ${next.id} and version = ${before.version} returning id`,
  );
}

/** Makes the cycle's newest scope the present one. The version's own row comes with `addVersion`. */
async function writeScope({ sql, actor }: Context, before: Cycle, next: Cycle): Promise<void> {
  const { number, hash, content } = scopeOf(next);
  const { opensAt, closesAt } = next.review;
  requireWritten(
    await sql`
      update cycle set version = ${next.version}, content_number = ${number}, content_hash = ${hash}, name = ${content.name},
        starts_on = ${content.startsOn}, ends_on = ${content.endsOn}, review_opens_at = ${opensAt}, review_closes_at = ${closesAt}
      where tenant_id = ${actor.tenantId} and id = ${next.id} and version = ${before.version} returning id`,
  );
}

/** Adds the newest version of the scope. Versions are only ever added: the database lets nobody change one. */
async function addVersion({ sql, actor }: Context, cycle: Cycle): Promise<void> {
  const { number, content, hash, byName, at } = scopeOf(cycle);
  await sql`
    insert into cycle_version (tenant_id, cycle_id, number, client_id, project_id, content, hash, by_name, created_at)
    values (${actor.tenantId}, ${cycle.id}, ${number}, ${cycle.clientId}, ${cycle.projectId}, ${JSON.stringify(content)}, ${hash}, ${byName}, ${at})`;
}

/** Adds the signatures that the present scope did not have before. */
function addApprovals({ sql, actor }: Context, before: Cycle, { id, clientId, projectId, ...after }: Cycle) {
  const scope = scopeOf(after);
  return scope.approvals.slice(scopeOf(before).approvals.length).map(
    ({ side, hash, personId, byName, channel, assurance, at }) =>
      sql`insert into approval (tenant_id, cycle_id, number, side, client_id, project_id, hash, person_id, by_name, channel, assurance, at)
        values (${actor.tenantId}, ${id}, ${scope.number}, ${side}, ${clientId}, ${projectId}, ${hash}, ${personId}, ${byName}, ${channel}, ${assurance}, ${at})`,
  );
}

/** Notes that the client has agreed to the present scope: after the signatures that make it so. */
function addAgreement({ sql, actor }: Context, before: Cycle, { id, clientId, projectId, ...after }: Cycle) {
  const { number, hash, agreedAt } = scopeOf(after);
  if (!agreedAt || scopeOf(before).agreedAt) return [];
  return [
    sql`insert into cycle_agreement (tenant_id, cycle_id, number, client_id, project_id, hash, at)
      values (${actor.tenantId}, ${id}, ${number}, ${clientId}, ${projectId}, ${hash}, ${agreedAt})`,
  ];
}

/** Opens a dispute, or closes the one that is open. */
function disputeWrites({ sql, actor }: Context, before: Cycle, after: Cycle) {
  if (after.status === 'disputed' && before.status !== 'disputed') {
    const { id, reason, personId, byName, openedAt } = after.dispute;
    return [
      sql`insert into dispute (tenant_id, id, cycle_id, client_id, project_id, reason, person_id, by_name, opened_at)
        values (${actor.tenantId}, ${id}, ${after.id}, ${after.clientId}, ${after.projectId}, ${reason}, ${personId}, ${byName}, ${openedAt})`,
    ];
  }
  const closed = after.resolved.slice(before.resolved.length).at(-1);
  const by = actor.kind === 'person' ? actor.personId : null;
  return closed
    ? [
        sql`update dispute set resolution = ${closed.resolution}, resolved_by = ${by}, resolved_by_name = ${closed.resolvedByName}, resolved_at = ${closed.resolvedAt}
          where tenant_id = ${actor.tenantId} and cycle_id = ${after.id} and resolved_at is null`,
      ]
    : [];
}

/** What the row's lock promises, asked of the write as well: a cycle is never written over one that nobody looked at. */
function requireWritten(rows: unknown[]): void {
  if (!rows.length) throw new DomainError('conflict', 'This cycle changed at the same moment. Please look again.');
}
