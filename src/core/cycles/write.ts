import type { Context } from '../kernel/context.ts';
import { DomainError } from '../kernel/errors.ts';
import type { Cycle } from './cycle.ts';
import { scopeOf } from './cycle.ts';

type Door = Pick<Context, 'sql' | 'actor'>;

/** Writes where a cycle stands now: exactly the columns that contacts may write too. */
export async function writeStanding({ sql, actor }: Door, before: Cycle, next: Cycle): Promise<void> {
  const completedAt = next.status === 'completed' ? next.completedAt : null;
  requireWritten(
    await sql`
      update cycle set status = ${next.status}, version = ${next.version}, completed_at = ${completedAt}, reminded_at = ${next.remindedAt}
      where tenant_id = ${actor.tenantId} and id = ${next.id} and version = ${before.version} returning id`,
  );
}

/** Writes where a cycle stands and when its review opens and closes: what only the firm decides. */
export async function writeReview({ sql, actor }: Door, before: Cycle, next: Cycle): Promise<void> {
  const { opensAt, closesAt } = next.review;
  requireWritten(
    await sql`
      update cycle set status = ${next.status}, version = ${next.version}, reminded_at = ${next.remindedAt},
        review_opens_at = ${opensAt}, review_closes_at = ${closesAt}
      where tenant_id = ${actor.tenantId} and id = ${next.id} and version = ${before.version} returning id`,
  );
}

/** Makes the cycle's newest scope the present one. The version's own row comes with `addVersion`. */
export async function writeScope({ sql, actor }: Door, before: Cycle, next: Cycle): Promise<void> {
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
export async function addVersion({ sql, actor }: Door, cycle: Cycle): Promise<void> {
  const { number, content, hash, byName, at } = scopeOf(cycle);
  await sql`
    insert into cycle_version (tenant_id, cycle_id, number, client_id, project_id, content, hash, by_name, created_at)
    values (${actor.tenantId}, ${cycle.id}, ${number}, ${cycle.clientId}, ${cycle.projectId}, ${JSON.stringify(content)}, ${hash}, ${byName}, ${at})`;
}

/** What the row's lock promises, asked of the write as well: a cycle is never written over one that nobody looked at. */
function requireWritten(rows: unknown[]): void {
  if (!rows.length) throw new DomainError('conflict', 'This cycle changed at the same moment. Please look again.');
}
