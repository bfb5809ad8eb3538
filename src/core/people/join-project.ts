import { z } from 'zod';
import { command } from '../kernel/command.ts';
import { DomainError } from '../kernel/errors.ts';
import { confirmation } from './cards.ts';
import { EVENTS, managesTeamOf } from './person.ts';
import { projectAndPerson, setMembership } from './queries.ts';

/** Gives a contact a role in a project (A3), or another one than before. */
export const joinProject = command({
  name: 'people.join-project',
  input: z.strictObject({ person: z.uuid(), project: z.uuid(), role: z.enum(['approver', 'viewer', 'feedback']) }),
  fields: ['person', 'project', 'role'],
  assurance: 'chat',
  load: ({ sql }, { person, project }) => projectAndPerson(sql, project, person),
  policy: (actor, { project }) => managesTeamOf(actor, project.client_id),
  handle: async ({ sql }, { role }, { project, person }) => {
    if (person.client_id !== project.client_id)
      throw new DomainError('invalid', `${person.name} does not belong to the client of this project.`, {
        fields: { person: 'belongs to another client' },
      });
    await setMembership(sql, person.id, project.id, role);
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
  fields: ['person', 'project'],
  assurance: 'chat',
  load: ({ sql }, { person, project }) => projectAndPerson(sql, project, person),
  policy: (actor, { project }) => managesTeamOf(actor, project.client_id),
  handle: async ({ sql }, _input, { project, person }) => {
    const role = person.client_id === project.client_id && (await setMembership(sql, person.id, project.id, null));
    if (!role) throw new DomainError('conflict', `${person.name} has no part in ${project.name}.`);
    return {
      events: [
        {
          name: EVENTS.left,
          about: { entity: 'person', id: person.id },
          clientId: project.client_id,
          projectId: project.id,
          data: {},
          before: { role },
        },
      ],
      output: { id: person.id, name: person.name, project: project.name },
    };
  },
  reply: ({ id, name, project }) => confirmation('person', id, `${name} has no part in ${project} any more.`),
});
