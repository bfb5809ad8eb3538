import { scopesOf } from '../cycles/index.ts';
import type { Context } from '../kernel/context.ts';
import { wrong } from '../kernel/faults.ts';
import type { Choice } from '../kernel/field.ts';
import type { OpenProject } from '../people/index.ts';
import { openProjects, participantNamed } from '../people/index.ts';
import { ticketNamed } from '../tickets/index.ts';
import type { Entry } from './entry-schema.ts';

/** Where hours are logged or planned. */
export interface Ground extends Pick<Entry, 'clientId' | 'clientName' | 'projectId' | 'projectName'> {}

/** A project that the actor may see. */
export async function readGround({ sql, actor }: Context, project: string): Promise<Ground | null> {
  const [row] = await sql<Ground>`
    select p.id as "projectId", p.name as "projectName", p.client_id as "clientId", c.name as "clientName"
    from project p join client c on c.tenant_id = p.tenant_id and c.id = p.client_id
    where p.tenant_id = ${actor.tenantId} and p.id = ${project}`;
  return row ?? null;
}

/** As many as a choice can hold. */
const MOST = 100;

/** Open projects by name, the wanted one first: of a closed one hours are logged from its own card. */
export function projectsToChoose(context: Context, wanted: string | null): Promise<OpenProject[]> {
  return openProjects(context, { wanted, evenClosed: true });
}

export function projectChoices(projects: readonly OpenProject[]): Choice[] {
  return projects.map(({ id, name, client }) => ({ value: id, label: `${client} · ${name}` }));
}

/** The team by name, for whoever logs what others worked. */
export async function teamToChoose({ sql, actor }: Context): Promise<Choice[]> {
  return sql<Choice>`
    select id as value, name as label from person where tenant_id = ${actor.tenantId} and side = 'staff' and active
    order by lower(name), id limit ${MOST}`;
}

/** Who worked, and where their days end. */
export interface Worker {
  id: string;
  name: string;
  timezone: string;
}

/** Somebody of the team who works on the project. @throws DomainError invalid, beside the field, for anybody else */
export async function workerNamed(context: Context, ground: Ground, id: string): Promise<Worker> {
  const found = await participantNamed(context, ground, id);
  // One answer for whoever is not there, of a client, or of another one: it tells nothing of other clients.
  if (found?.side !== 'staff') throw wrong({ person: 'does not work on this project' });
  return { id, name: found.name, timezone: await timezoneOf(context, id) };
}

/** Where somebody's days end. */
export async function timezoneOf({ sql, actor }: Context, personId: string): Promise<string> {
  const [row] = await sql<Pick<Worker, 'timezone'>>`
    select timezone from person where tenant_id = ${actor.tenantId} and id = ${personId}`;
  return row?.timezone ?? 'UTC';
}

type Part = Pick<Entry, 'cycleId' | 'ticketId' | 'part'>;

const NO_PART: Part = { cycleId: null, ticketId: null, part: null };

/** The number of a ticket, as people write it. */
function numberIn(typed: string): number | null {
  const found = /^#?(\d{1,9})$/.exec(typed)?.[1];
  return found === undefined ? null : Number(found);
}

/** The project of a ticket that was named without one; null where no ticket was, or none that the actor sees. */
export async function projectOfPart(context: Context, typed: string | null): Promise<string | null> {
  const number = typed === null ? null : numberIn(typed);
  const ticket = number === null ? null : await ticketNamed(context, { id: null, number });
  return ticket?.projectId ?? null;
}

/** The ticket or cycle of the project that was named. @throws DomainError invalid, beside the field, where there is none */
export async function partNamed(context: Context, { projectId }: Ground, typed: string | undefined): Promise<Part> {
  if (typed === undefined) return NO_PART;
  const number = numberIn(typed);
  if (number !== null) {
    const ticket = await ticketNamed(context, { id: null, number });
    if (ticket?.projectId !== projectId) throw wrong({ part: `there is no ticket #${number} in this project` });
    return { ...NO_PART, ticketId: ticket.id, part: `#${number} ${ticket.title}` };
  }
  const cycles = await scopesOf(context, projectId);
  const name = typed.toLowerCase();
  const cycle =
    cycles.find((one) => one.name.toLowerCase() === name) ??
    only(cycles.filter((one) => one.name.toLowerCase().includes(name)));
  if (!cycle) throw wrong({ part: 'is no cycle of this project; write its name, or a ticket like #12' });
  return { ...NO_PART, cycleId: cycle.id, part: cycle.name };
}

function only<T>(found: readonly T[]): T | undefined {
  return found.length === 1 ? found[0] : undefined;
}
