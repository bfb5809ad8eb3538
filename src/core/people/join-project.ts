import type { Context } from '../kernel/context.ts';
import { DomainError } from '../kernel/errors.ts';
import { choice, chosen } from '../kernel/field.ts';
import { joined, left, person } from './person.ts';
import { choicesOf, projectsOf, setMembership } from './queries.ts';
import { managesTeams, onlyFor } from './rules.ts';
import type { Person } from './schema.ts';
import { PARTS } from './schema.ts';

const project = chosen({ label: 'Project', none: 'There is no project that could be chosen.' });
const isContact = onlyFor('contact', 'only people of clients have a part in a project');

/** Gives a contact a role in a project (A3), or another one than before. */
export const joinProject = person.command({
  name: 'people.join-project',
  fields: { project, role: choice(PARTS, { label: 'Role there' }) },
  version: 'optional',
  button: { label: 'Give a role in a project', word: 'JOIN' },
  rank: 4,
  form: async ({ clientId }, context) => ({ choices: { project: choicesOf(await projectsOf(context, clientId)) } }),
  assurance: 'chat',
  who: managesTeams,
  when: isContact,
  handle: async (context, { project, role }, it) => {
    const into = await projectFor(context, it, project);
    await setMembership(context.sql, it.id, into.id, role);
    return {
      events: [{ ...joined.of(it, it, { project, part: role }), projectId: into.id, after: { project, role } }],
      after: it,
      say: `${it.name} is ${role} in ${into.name} now.`,
    };
  },
});

/** Takes a contact out of a project. */
export const leaveProject = person.command({
  name: 'people.leave-project',
  fields: { project },
  version: 'optional',
  button: { label: 'Take out of a project', word: 'LEAVE', place: 'more' },
  rank: 5,
  form: ({ places }) => ({ choices: { project: choicesOf(places) } }),
  assurance: 'chat',
  who: managesTeams,
  when: isContact,
  handle: async (context, { project }, it) => {
    const from = await projectFor(context, it, project);
    const part = await setMembership(context.sql, it.id, from.id, null);
    if (!part) throw new DomainError('conflict', `${it.name} has no part in ${from.name}.`);
    return {
      events: [{ ...left.of(it, it, { project, part }), projectId: from.id, before: { project, role: part } }],
      after: it,
      say: `${it.name} has no part in ${from.name} any more.`,
    };
  },
});

/** @throws DomainError for a project of nobody's or of another client */
async function projectFor({ sql }: Context, { clientId, name }: Person, id: string) {
  const [found] = await sql<{ id: string; name: string; clientId: string }>`
    select id, name, client_id as "clientId" from project where id = ${id}`;
  if (!found) throw new DomainError('not_found', 'This is not there, or not for you.');
  if (found.clientId !== clientId)
    throw new DomainError('invalid', `${name} does not belong to the client of this project.`, {
      fields: { project: 'belongs to another client' },
    });
  return found;
}
