import type { Context } from '../kernel/context.ts';
import type { Page } from '../kernel/list-page.ts';
import { when } from '../kernel/list-page.ts';
import { may } from '../people/index.ts';
import type { Project, ShownProject, Stage } from './schema.ts';

/** A project the actor may see, locked for a change. */
export async function projectForUpdate({ sql }: Context, id: string): Promise<Project | null> {
  const [row] =
    await sql<Project>`select p.id, p.client_id as "clientId", c.name as "clientName", p.name, p.stage, p.version
    from project p join client c on c.tenant_id = p.tenant_id and c.id = p.client_id where p.id = ${id} for update of p`;
  return row ?? null;
}

/** Writes what a decision made of a project. */
export async function writeProject({ sql }: Context, _before: Project, { id, stage, version }: Project): Promise<void> {
  await sql`update project set stage = ${stage}, version = ${version} where id = ${id}`;
}

/** A project with its phases, as far as the actor may see them. */
export async function readProject({ prisma, actor }: Context, id: string): Promise<ShownProject | null> {
  const row = await prisma.project.findUnique({
    where: { tenantId_id: { tenantId: actor.tenantId, id } },
    include: {
      client: { select: { name: true } },
      phase: { orderBy: { position: 'asc' }, select: { id: true, name: true, progress: true } },
    },
  });
  return (
    row && {
      id: row.id,
      clientId: row.clientId,
      clientName: row.client.name,
      name: row.name,
      stage: row.stage as Stage,
      version: row.version,
      phases: row.phase,
      cyclesProgress: row.cyclesProgress,
    }
  );
}

/** One page of the projects the actor may see. */
export function pageOfProjects({ actor }: Context, page: Page, stage: Stage | undefined): Promise<Project[]> {
  const joined = actor.kind === 'person' ? Object.keys(actor.memberships) : [];
  // A project in which somebody may only report is theirs to name in a form, not to look at.
  const unread = joined.filter((id) => !may(actor, 'read', 'projects', id));
  return page<Project>`
    select p.id, p.client_id as "clientId", (select c.name from client c where c.tenant_id = p.tenant_id and c.id = p.client_id) as "clientName",
      p.name, p.stage, p.version
    from project p
    where p.tenant_id = ${actor.tenantId}
      ${when(stage === undefined)`and p.stage <> 'closed'`} ${when(stage !== undefined)`and p.stage = ${stage}`}
      ${when(unread.length > 0)`and p.id <> all(${unread}::uuid[])`}`;
}

/** How far a firm is set up: its projects, and the channels that are bound. */
export async function countRooms({ sql, actor }: Context) {
  const [row] = await sql<{ projects: number; clientRooms: number; firmRooms: number }>`
    select (select count(*) from project where tenant_id = ${actor.tenantId})::int as projects,
      count(*) filter (where audience = 'client')::int as "clientRooms",
      count(*) filter (where audience in ('internal', 'triage'))::int as "firmRooms"
    from room where tenant_id = ${actor.tenantId} and person_id is null and unbound_at is null`;
  return row ?? { projects: 0, clientRooms: 0, firmRooms: 0 };
}

/** The projects that are not closed and that the actor may look at, by name, with how far their phases are on average. */
export async function projectsUnderWay(context: Context, limit: number): Promise<ProjectUnderWay[]> {
  const { sql, actor } = context;
  const joined = actor.kind === 'person' ? Object.keys(actor.memberships) : [];
  const unread = joined.filter((id) => !may(actor, 'read', 'projects', id));
  return sql<ProjectUnderWay>`
    select p.id, p.name, p.stage, c.name as "clientName",
      (select round(avg(h.progress))::int from phase h where h.tenant_id = p.tenant_id and h.project_id = p.id) as percent
    from project p join client c on c.tenant_id = p.tenant_id and c.id = p.client_id
    where p.tenant_id = ${actor.tenantId} and p.stage <> 'closed' and p.id <> all(${unread}::uuid[])
    order by p.name, p.id limit ${limit}`;
}

/** A project as a home lists it. */
export interface ProjectUnderWay extends Pick<Project, 'id' | 'name' | 'stage' | 'clientName'> {
  /** Null where it has no phases. */
  percent: number | null;
}
