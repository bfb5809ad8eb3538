import type { Context } from '../kernel/context.ts';
import type { Sql } from '../kernel/db.ts';
import { DomainError } from '../kernel/errors.ts';
import type { PersonRow } from './person.ts';

/** True when a mail address is already somebody's: an address names one person of a firm. */
export async function addressTaken(sql: Sql, email: string): Promise<boolean> {
  return (
    (await sql`select from identity where provider = 'email' and account = '' and external_id = ${email}`).length > 0
  );
}

/** A person the actor may see, locked for a change. */
export async function personForUpdate(sql: Sql, id: string): Promise<PersonRow | null> {
  return (
    (
      await sql<PersonRow>`select id, name, side, client_id, role, active, grants from person where id = ${id} for update`
    )[0] ?? null
  );
}

/** A person the actor may see. */
export async function readPerson(sql: Sql, id: string): Promise<PersonRow | null> {
  const [row] =
    await sql<PersonRow>`select id, name, side, client_id, role, active, grants from person where id = ${id}`;
  return row ?? null;
}

/**
 * Changes a person by the gate: the roles of members and contacts write nobody's row themselves.
 * @returns what it was, read under the row's lock
 */
export async function changePerson(sql: Sql, id: string, change: { role?: string; active?: boolean }) {
  const [row] = await sql<{ before: { role: string; active: boolean } | null }>`
    select parley_change_person(${id}, ${change.role ?? null}, ${change.active ?? null}) as before`;
  if (!row?.before) throw new DomainError('not_found', 'This is not there, or not for you.');
  return row.before;
}

/** Gives a contact a role in a project of their client, or takes it. @returns the role they had */
export async function setMembership(sql: Sql, person: string, project: string, role: string | null) {
  const [row] = await sql<{
    before: string | null;
  }>`select parley_set_membership(${person}, ${project}, ${role}) as before`;
  return row?.before ?? null;
}

/** A project and a person, both as far as the actor may see them. */
export async function projectAndPerson(sql: Sql, projectId: string, personId: string) {
  const [project] = await sql<{
    id: string;
    name: string;
    client_id: string;
  }>`select id, name, client_id from project where id = ${projectId}`;
  const person = await readPerson(sql, personId);
  return project && person ? { project, person } : null;
}

/** How many clients and people of both sides the actor sees. */
export async function countPeople({ sql, actor }: Context) {
  const [row] = await sql<{ clients: number; staff: number; contacts: number }>`
    select (select count(*) from client where tenant_id = ${actor.tenantId})::int as clients,
      count(*) filter (where side = 'staff')::int as staff, count(*) filter (where side = 'contact')::int as contacts
    from person where tenant_id = ${actor.tenantId} and active`;
  return row ?? { clients: 0, staff: 0, contacts: 0 };
}
