import { reads } from '../kernel/actor.ts';
import type { Context } from '../kernel/context.ts';
import type { Sql } from '../kernel/db.ts';
import { DomainError } from '../kernel/errors.ts';
import type { Choice } from '../kernel/field.ts';
import { isFirm } from './policies.ts';
import type { Client, Person, Place, ShownClient, ShownPerson } from './schema.ts';

/** True when a mail address is already somebody's: an address names one person of a firm. */
export async function addressTaken(sql: Sql, email: string): Promise<boolean> {
  return (
    (await sql`select from identity where provider = 'email' and account = '' and external_id = ${email}`).length > 0
  );
}

/** Who has this mail address, and has access; null for nobody. */
export async function holderOf(
  { sql }: Pick<Context, 'sql'>,
  email: string,
): Promise<{ id: string; clientId: string | null } | null> {
  const [person] = await sql<{ id: string; clientId: string | null }>`
    select p.id, p.client_id as "clientId" from identity i join person p on p.tenant_id = i.tenant_id and p.id = i.person_id and p.active
    where i.provider = 'email' and i.account = '' and i.external_id = ${email.toLowerCase()}`;
  return person ?? null;
}

/** Of each kind that a client has, as many stand on its card; one more is read, and tells that there are others. */
export const ON_CARD = 10;

/** A client the actor may see, with what it has. Its rooms are for the firm alone. */
export async function readClient({ sql, actor }: Context, id: string): Promise<ShownClient | null> {
  const [row] = await sql<Client>`select id, name, timezone, version from client where id = ${id}`;
  if (!row) return null;
  const seesProjects = reads(actor, 'projects');
  const projects = seesProjects
    ? await sql<ShownClient['projects'][number]>`
        select id, name, stage from project where client_id = ${id} order by stage = 'closed', lower(name), id limit ${ON_CARD + 1}`
    : [];
  const people = await sql<ShownClient['people'][number]>`
    select id, name, role from person where client_id = ${id} and active order by lower(name), id limit ${ON_CARD + 1}`;
  const rooms =
    seesProjects && isFirm(actor)
      ? await sql<ShownClient['rooms'][number]>`
          select id, name, channel, audience from room
          where client_id = ${id} and person_id is null and unbound_at is null order by lower(name), id limit ${ON_CARD + 1}`
      : [];
  return { ...row, projects, people, rooms };
}

/** A person the actor may see. */
export async function readPerson({ sql }: Context, id: string): Promise<ShownPerson | null> {
  const [row] = await sql<Person & { clientName: string | null }>`
    select p.id, p.side, p.client_id as "clientId", p.name, p.role, p.active, p.grants, p.version, c.name as "clientName"
    from person p left join client c on c.tenant_id = p.tenant_id and c.id = p.client_id where p.id = ${id}`;
  if (!row) return null;
  return { ...row, places: [] };
}

/** The same with the projects they have a part in, or the clients they work for, as far as the actor may see those. */
export async function readWithPlaces(context: Context, id: string): Promise<ShownPerson | null> {
  const row = await readPerson(context, id);
  if (!row) return null;
  const { sql } = context;
  const places =
    row.side === 'contact'
      ? await sql<Place>`
          select j.id, j.name, m.role as part from membership m join project j on j.tenant_id = m.tenant_id and j.id = m.project_id
          where m.person_id = ${id} order by lower(j.name), j.id limit ${MOST}`
      : await sql<Place>`
          select c.id, c.name, null::text as part from assignment a join client c on c.tenant_id = a.tenant_id and c.id = a.client_id
          where a.person_id = ${id} order by lower(c.name), c.id limit ${MOST}`;
  return { ...row, places };
}

/**
 * Writes what a decision made of a person. Role and access go through a function of the database: the roles of members and
 * contacts write nobody's row themselves. It locks the row, and says what stood there.
 * @throws DomainError conflict when somebody else changed it at the same moment
 */
export async function writePerson({ sql }: Context, before: Person, after: Person): Promise<void> {
  const { id, role, active, grants } = after;
  if (JSON.stringify(before.grants) !== JSON.stringify(grants))
    await sql`update person set grants = ${JSON.stringify(grants)}, version = version + 1 where id = ${id}`;
  if (before.role === role && before.active === active) return;
  const [row] = await sql<{ before: Pick<Person, 'role' | 'active'> | null }>`
    select parley_change_person(${id}, ${role}, ${active}) as before`;
  if (!row?.before) throw new DomainError('not_found', 'This is not there, or not for you.');
  if (row.before.role !== before.role || row.before.active !== before.active)
    throw new DomainError(
      'conflict',
      `${before.name} was changed by somebody else at the same moment. Please look again.`,
    );
}

/** As many as the tightest form can hold (Slack: 100 options). */
const MOST = 100;

export async function clientChoices({ sql }: Context): Promise<Choice[]> {
  return sql<Choice>`select id as value, name as label from client order by lower(name), id limit ${MOST}`;
}

/** The projects of a client that are open to the actor. */
export async function projectsOf({ sql }: Context, clientId: string | null): Promise<Place[]> {
  return sql<Place>`
    select id, name, null::text as part from project where client_id = ${clientId} order by lower(name), id limit ${MOST}`;
}

export function choicesOf(places: readonly Place[]): Choice[] {
  return places.map(({ id, name }) => ({ value: id, label: name }));
}

/** Gives a contact a role in a project of their client, or takes it. @returns the role they had */
export async function setMembership(sql: Sql, person: string, project: string, role: string | null) {
  const [row] = await sql<{
    before: string | null;
  }>`select parley_set_membership(${person}, ${project}, ${role}) as before`;
  return row?.before ?? null;
}

/** How many clients and people of both sides the actor sees. */
export async function countPeople({ sql, actor }: Context) {
  const [row] = await sql<{ clients: number; staff: number; contacts: number }>`
    select (select count(*) from client where tenant_id = ${actor.tenantId})::int as clients,
      count(*) filter (where side = 'staff')::int as staff, count(*) filter (where side = 'contact')::int as contacts
    from person where tenant_id = ${actor.tenantId} and active`;
  return row ?? { clients: 0, staff: 0, contacts: 0 };
}
