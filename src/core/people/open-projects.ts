import type { Context } from '../kernel/context.ts';

/** A project that can be chosen, and whose it is. */
export interface OpenProject {
  id: string;
  name: string;
  client: string;
}

interface Wish {
  /** Stands first, so that it is among them. */
  wanted?: string | null;
  /** The wanted one is offered though it is closed. */
  evenClosed?: boolean;
  /** None but this one. */
  only?: string | null;
  /** Of this client alone. */
  client?: string | null;
  /** By the names of their clients, or by their own. */
  by?: 'client' | 'name';
  /** How many: by default as many as a choice holds. */
  most?: number;
}

/** More projects than this nobody finds in a choice, and no platform shows them. */
export const MOST_PROJECTS = 100;

/** The open projects that the actor may see, for a form in which one is chosen. Here, because what `projects` is built on asks too. */
export function openProjects(
  { sql, actor }: Context,
  { wanted = null, evenClosed = false, only = null, client = null, by = 'client', most = MOST_PROJECTS }: Wish,
): Promise<OpenProject[]> {
  return sql<OpenProject>`
    select p.id, p.name, c.name as client from project p join client c on c.tenant_id = p.tenant_id and c.id = p.client_id
    where p.tenant_id = ${actor.tenantId} and (p.stage <> 'closed' or (${evenClosed}::boolean and p.id = ${wanted}::uuid))
      and (${only}::uuid is null or p.id = ${only}::uuid) and (${client}::uuid is null or p.client_id = ${client}::uuid)
    order by (p.id = ${wanted}::uuid) desc nulls last, case when ${by === 'client'}::boolean then c.name end, p.name, p.id limit ${most}`;
}
