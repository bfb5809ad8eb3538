import type { Actor } from '../kernel/actor.ts';
import type { Context } from '../kernel/context.ts';
import { may } from './policies.ts';

/** Somebody who works on a project. */
export interface Participant {
  id: string;
  name: string;
  side: 'staff' | 'contact';
}

/** The project in which they are looked for, and whose it is. */
interface Within {
  clientId: string;
  projectId: string;
}

/** As many as the tightest form can hold beside “nobody” (Slack: 100 options). */
const MOST = 99;

/**
 * Who may be asked to do something in a project: of the team whoever works for the client, of the client's people whoever may
 * at least comment there. The team first, both by name.
 */
export async function participantsOf(context: Context, within: Within): Promise<Participant[]> {
  return read(context, within, null);
}

/** The same, if it is this person. */
export async function participantNamed(context: Context, within: Within, id: string): Promise<Participant | null> {
  const [found] = await read(context, within, id);
  return found ?? null;
}

/** Somebody, with what their rights in a project follow from. */
export interface Candidate extends Pick<Extract<Actor, { kind: 'person' }>, 'name' | 'role' | 'grants'> {
  id: string;
  /** Their part in the project. */
  part: string | null;
}

type Row = Participant & Candidate;

async function read({ sql, actor }: Context, { clientId, projectId }: Within, only: string | null) {
  const rows = await sql<Row>`
    select p.id, p.name, p.side, p.role, p.grants, m.role as part from person p
    left join membership m on m.tenant_id = p.tenant_id and m.person_id = p.id and m.project_id = ${projectId}
    where p.tenant_id = ${actor.tenantId} and p.active and (${only}::uuid is null or p.id = ${only}::uuid)
      and case when p.side = 'contact' then p.client_id = ${clientId} and (p.role = 'client_admin' or m.role is not null)
        else p.role <> 'member' or exists (
          select from assignment a where a.tenant_id = p.tenant_id and a.person_id = p.id and a.client_id = ${clientId}) end
    order by p.side = 'contact', lower(p.name), p.id limit ${MOST}`;
  return rows
    .filter((row) => may(actingAs(row, row.side, projectId), 'comment', 'projects', projectId))
    .map(({ id, name, side }): Participant => ({ id, name, side }));
}

/** Who somebody of a client would be if they acted: what they may is asked of the same rules. Without a project, in none. */
export function contactAs(one: Candidate, projectId: string | null): Actor {
  return actingAs(one, 'contact', projectId);
}

function actingAs({ id, name, role, grants, part }: Candidate, side: Participant['side'], projectId: string | null) {
  const memberships = part && projectId ? { [projectId]: part } : {};
  return { kind: 'person', personId: id, name, side, role, grants, memberships } as unknown as Actor;
}
