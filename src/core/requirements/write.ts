import { nameOf } from '../kernel/actor.ts';
import type { Context } from '../kernel/context.ts';
import { DomainError } from '../kernel/errors.ts';
import type { Ground } from './queries.ts';
import { lookAtOf } from './reminders.ts';
import type { Requirement } from './schema.ts';

/** Writes what a decision made of a requirement: what the client provides is written apart, because contacts may write nothing else. */
export async function writeRequirement(context: Context, before: Requirement, after: Requirement): Promise<void> {
  const { state } = after;
  if (state.status === 'provided' && before.state.status !== 'provided') return writeGiven(context, before, after);
  const { sql, actor } = context;
  const settled = 'settled' in state ? state.settled : null;
  const reason = state.status === 'returned' ? state.reason : null;
  requireWritten(
    await sql`
      update requirement set status = ${state.status}, version = ${after.version}, title = ${after.title}, details = ${after.details},
        options = ${after.options}::text[], due_on = ${after.dueOn}::date, settled_by_name = ${settled?.byName ?? null},
        settled_at = ${settled?.at ?? null}, reason = ${reason}, reminded_at = ${after.remindedAt}, overdue_at = ${after.overdueAt},
        look_at = ${lookAtOf(after)}
      where tenant_id = ${actor.tenantId} and id = ${after.id} and version = ${before.version} returning id`,
  );
}

async function writeGiven({ sql, actor }: Context, before: Requirement, after: Requirement): Promise<void> {
  const { state } = after;
  if (state.status !== 'provided') throw new Error('what is written here was provided');
  const { personId, byName, channel, at, answer } = state.given;
  requireWritten(
    await sql`
      update requirement set status = 'provided', version = ${after.version}, round = ${after.round}, answer = ${answer}, given_by = ${personId},
        given_by_name = ${byName}, given_channel = ${channel}, given_at = ${at}, look_at = null
      where tenant_id = ${actor.tenantId} and id = ${after.id} and version = ${before.version} returning id`,
  );
}

/** What is asked for, before it has a number. */
type Asked = Pick<Requirement, 'kind' | 'title' | 'details' | 'options' | 'dueOn'>;

export async function insertRequirement(context: Context, ground: Ground, asked: Asked): Promise<Requirement> {
  const { sql, actor, now, newId } = context;
  const { closed: _closed, ...place } = ground;
  const made: Requirement = {
    ...{ ...place, ...asked, id: newId(), number: 0, version: 1, askedBy: nameOf(actor), round: 0 },
    ...{ state: { status: 'asked' }, remindedAt: null, overdueAt: null, looked: null, files: [], createdAt: now },
  };
  const [row] = await sql<{ number: number }>`
    insert into requirement (tenant_id, id, client_id, project_id, kind, title, details, options, due_on, asked_by_name, look_at, created_at)
    values (${actor.tenantId}, ${made.id}, ${made.clientId}, ${made.projectId}, ${made.kind}, ${made.title}, ${made.details},
      ${made.options}::text[], ${made.dueOn}::date, ${made.askedBy}, ${lookAtOf(made)}, ${now})
    returning number`;
  return { ...made, number: Number(row?.number) };
}

/** What the row's lock promises, asked of the write as well. */
function requireWritten(rows: unknown[]): void {
  if (!rows.length) throw new DomainError('conflict', 'This changed at the same moment. Please look again.');
}
