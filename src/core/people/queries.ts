import type { Sql } from '../kernel/db.ts';
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

/** A project and a person, both as far as the actor may see them. */
export async function projectAndPerson(sql: Sql, projectId: string, personId: string) {
  const [project] = await sql<{
    id: string;
    name: string;
    client_id: string;
  }>`select id, name, client_id from project where id = ${projectId}`;
  const [person] =
    await sql<PersonRow>`select id, name, side, client_id, role, active, grants from person where id = ${personId}`;
  return project && person ? { project, person } : null;
}
