import type { Context } from '../kernel/context.ts';
import { DomainError } from '../kernel/errors.ts';
import type { Decision } from '../kernel/event.ts';
import { personOf } from './rules.ts';
import type { Kind, Priority, ShownTicket } from './schema.ts';
import { filed } from './ticket.ts';

/** What both kinds of ticket are filed with. */
export interface Filing {
  kind: Kind;
  title: string;
  description: string;
  expected?: string | undefined;
  steps?: string | undefined;
  links?: string[] | undefined;
  due?: string | undefined;
  priority?: Priority | undefined;
}

/** The project a ticket is filed for, as far as it is known before the insert reads it. */
export interface FilingProject {
  projectId: string;
}

/** Filing reads nothing first: whether the project is there and visible, the insert itself finds out. */
export async function projectToFileFor({ actor }: Context, id: string): Promise<FilingProject | null> {
  const outside = actor.kind === 'person' && actor.role === 'client_member' && !actor.memberships[id];
  return outside ? null : { projectId: id };
}

/** One round trip: the insert reads the project and gives the number. Everything else that the card shows is known already. */
export async function fileTicket(
  { sql, actor, now, newId }: Context,
  filing: Filing,
  { projectId }: FilingProject,
): Promise<Decision<ShownTicket>> {
  const reporter = personOf(actor);
  const {
    kind,
    title,
    description,
    expected = null,
    steps = null,
    links = [],
    due = null,
    priority = 'normal',
  } = filing;
  const id = newId();
  const [row] = await sql<{ number: number; clientId: string; projectName: string }>`
    with of as materialized (select tenant_id, client_id, id, name from project where tenant_id = ${reporter.tenantId} and id = ${projectId}),
    filed as (
      insert into ticket (tenant_id, id, client_id, project_id, kind, status, title, description, expected, steps, links, priority, due_on,
        reporter_id, reporter_name, created_at, updated_at)
      select of.tenant_id, ${id}, of.client_id, of.id, ${kind}, 'new', ${title}, ${description}, ${expected}, ${steps}, ${links}::text[], ${priority},
        ${due}::date, ${reporter.personId}, ${reporter.name}, ${now}::timestamptz, ${now}::timestamptz from of
      returning number)
    select filed.number, of.client_id as "clientId", of.name as "projectName" from filed, of`;
  if (!row) throw new DomainError('not_found', 'This is not there, or not for you.');
  const ticket: ShownTicket = {
    id,
    number: row.number,
    clientId: row.clientId,
    projectId,
    projectName: row.projectName,
    clientName: null,
    kind,
    state: { status: 'new' },
    version: 1,
    title,
    description,
    expected,
    steps,
    links,
    priority,
    category: null,
    dueOn: due,
    nextAction: null,
    ownerId: null,
    ownerName: null,
    reporterId: reporter.personId,
    reporterName: reporter.name,
    createdAt: now.toISOString(),
    original: null,
  };
  return { events: [filed.of(null, ticket)], output: ticket };
}
