import { z } from 'zod';
import { command } from '../kernel/command.ts';
import { DomainError } from '../kernel/errors.ts';
import { confirmation } from './cards.ts';
import { EVENTS, managesTeamOf } from './person.ts';
import { projectAndPerson } from './queries.ts';

/** Gives a contact a role in a project (A3), or another one than before. */
export const joinProject = command({
  name: 'people.join-project',
  input: z.strictObject({ person: z.uuid(), project: z.uuid(), role: z.enum(['approver', 'viewer', 'feedback']) }),
  load: ({ sql }, { person, project }) => projectAndPerson(sql, project, person),
  policy: (actor, { project }) => managesTeamOf(actor, project.client_id),
  handle: async ({ sql, actor }, { role }, { project, person }) => {
    if (person.client_id !== project.client_id)
      throw new DomainError('invalid', `${person.name} does not belong to the client of this project.`, {
        fields: { person: 'belongs to another client' },
      });
    await sql`insert into membership (tenant_id, client_id, project_id, person_id, role) values (${actor.tenantId}, ${project.client_id}, ${project.id}, ${person.id}, ${role})
      on conflict (tenant_id, person_id, project_id) do update set role = excluded.role`;
    return {
      events: [
        {
          name: EVENTS.joined,
          about: { entity: 'person', id: person.id },
          clientId: project.client_id,
          projectId: project.id,
          data: { role },
          after: { project: project.id, role },
        },
      ],
      output: { id: person.id, name: person.name, role, project: project.name },
    };
  },
  reply: ({ id, name, role, project }) => confirmation('person', id, `${name} is ${role} in ${project} now.`),
});

/** Takes a contact out of a project. */
export const leaveProject = command({
  name: 'people.leave-project',
  input: z.strictObject({ person: z.uuid(), project: z.uuid() }),
  load: ({ sql }, { person, project }) => projectAndPerson(sql, project, person),
  policy: (actor, { project }) => managesTeamOf(actor, project.client_id),
  handle: async ({ sql }, _input, { project, person }) => {
    const gone = await sql<{
      role: string;
    }>`delete from membership where person_id = ${person.id} and project_id = ${project.id} returning role`;
    if (!gone.length) throw new DomainError('conflict', `${person.name} has no part in ${project.name}.`);
    return {
      events: [
        {
          name: EVENTS.left,
          about: { entity: 'person', id: person.id },
          clientId: project.client_id,
          projectId: project.id,
          data: {},
          before: { role: gone[0]?.role },
        },
      ],
      output: { id: person.id, name: person.name, project: project.name },
    };
  },
  reply: ({ id, name, project }) => confirmation('person', id, `${name} has no part in ${project} any more.`),
});
