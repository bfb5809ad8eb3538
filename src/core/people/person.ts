import { z } from 'zod';
import { LEVELS, MODULES } from '../kernel/actor.ts';
import { thing } from '../kernel/thing.ts';
import { readPerson, readWithPlaces, writePerson } from './queries.ts';
import { Facts, PARTS, Person, ROLE_NAMES } from './schema.ts';

/** Somebody who works here: for the firm, or for one of its clients. */
export const person = thing({
  name: 'person',
  module: null,
  schema: Person,
  show: 'people.show',
  called: ({ name }) => name,
  standing: ({ active, role }) => (active ? ROLE_NAMES[role] : 'without access'),
  read: readWithPlaces,
  // Roles that may change somebody only through the database’s own functions cannot lock the row; these do.
  lock: readPerson,
  write: writePerson,
  facts: Facts,
  factsOf: ({ name, role, active, version }) => ({ name, role, active, version }),
  audited: ({ role, active, grants }) => ({ role, active, grants }),
  within: ({ clientId }) => (clientId ? { clientId } : {}),
});

/** Whether they are sent a link with which they sign in for the first time. */
const invite = z.boolean().optional();

export const staffAdded = person.event({
  name: 'people.staff-added',
  more: { invite },
  says: () => 'added them',
  audience: [],
});
export const contactAdded = person.event({
  name: 'people.contact-added',
  // Events are read by the firm alone: it is told of an address that was held back.
  more: { invite, address: z.string().optional() },
  says: () => 'added them',
  audience: [],
});
export const roleChanged = person.event({
  name: 'people.role-changed',
  says: ({ role }) => `made them ${ROLE_NAMES[role]}`,
  audience: [],
});
export const grantChanged = person.event({
  name: 'people.grant-changed',
  more: { module: z.enum(MODULES), level: z.enum([...LEVELS, 'role']) },
  says: ({ module, level }) =>
    level === 'role' ? `gave ${module} back to their role` : `allowed ${level} in ${module}`,
  audience: [],
});
export const deactivated = person.event({
  name: 'people.deactivated',
  more: { reason: z.string().optional() },
  says: ({ reason }) => `ended their access${reason ? `: ${reason}` : ''}`,
  audience: [],
});
export const seenAs = person.event({
  name: 'people.seen-as',
  more: { look: z.uuid() },
  says: () => 'began to see what they see',
  audience: [],
});
export const assigned = person.event({
  name: 'people.assigned',
  more: { client: z.uuid() },
  says: () => 'assigned them to a client',
  audience: [],
});
export const unassigned = person.event({
  name: 'people.unassigned',
  more: { client: z.uuid() },
  says: () => 'took a client off them',
  audience: [],
});
export const joined = person.event({
  name: 'people.joined-project',
  more: { project: z.uuid(), part: z.enum(PARTS) },
  says: ({ part }) => `made them ${part} in a project`,
  audience: [],
});
export const left = person.event({
  name: 'people.left-project',
  more: { project: z.uuid(), part: z.string() },
  says: () => 'took them out of a project',
  audience: [],
});
export const codeIssued = person.event({
  name: 'identity.code-issued',
  more: { link: z.uuid() },
  says: () => 'had a code made for them',
  audience: [],
});
