import type { Context } from '../kernel/context.ts';
import type { Decision } from '../kernel/event.ts';
import { fact } from './history.ts';
import { personOf } from './policies.ts';
import type { ShownTicket } from './queries.ts';
import type { Kind, Priority } from './ticket.ts';
import { EVENTS } from './ticket.ts';

/** The project a ticket is filed for. */
export interface FilingProject {
  projectId: string;
  clientId: string;
  name: string;
}

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

/** The first of the two round trips of filing. */
export async function projectToFileFor({ sql, actor }: Context, id: string): Promise<FilingProject | null> {
  const [row] = await sql<FilingProject>`
    select id as "projectId", client_id as "clientId", name from project where tenant_id = ${actor.tenantId} and id = ${id}`;
  return row ?? null;
}

/** The second: one insert, which gives the number. Everything else that the card shows is known already. */
export async function fileTicket(
  { sql, actor, now, newId }: Context,
  filing: Filing,
  project: FilingProject,
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
  const [row] = await sql<{ number: number }>`
    insert into ticket (tenant_id, id, client_id, project_id, kind, status, title, description, expected, steps, links, priority, due_on,
      reporter_id, reporter_name, created_at, updated_at)
    values (${reporter.tenantId}, ${id}, ${project.clientId}, ${project.projectId}, ${kind}, 'new', ${title}, ${description}, ${expected}, ${steps},
      ${links}, ${priority}, ${due}, ${reporter.personId}, ${reporter.name}, ${now}, ${now})
    returning number`;
  if (!row) throw new Error('the insert of a ticket gave no row');
  const ticket: ShownTicket = {
    id,
    number: row.number,
    clientId: project.clientId,
    projectId: project.projectId,
    projectName: project.name,
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
  return { events: [fact(EVENTS.filed, null, ticket)], output: ticket };
}
