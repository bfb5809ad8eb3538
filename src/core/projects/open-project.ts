import { z } from 'zod';
import { command } from '../kernel/command.ts';
import { confirmation } from './cards.ts';
import { opened } from './project.ts';
import { runsProjects } from './rules.ts';
import type { Project } from './schema.ts';
import { name } from './schema.ts';

/** Opens a project for a client. */
export const openProject = command({
  name: 'project.open',
  input: z.strictObject({ client: z.uuid(), name }),
  fields: ['client', 'name'],
  load: async ({ sql }, { client }) =>
    (await sql<{ id: string; name: string }>`select id, name from client where id = ${client}`)[0] ?? null,
  policy: (actor) => runsProjects(actor),
  handle: async ({ actor, sql, newId }, { name }, client) => {
    const id = newId();
    await sql`insert into project (tenant_id, id, client_id, name, stage) values (${actor.tenantId}, ${id}, ${client.id}, ${name}, 'discovery')`;
    const after: Project = { id, clientId: client.id, clientName: client.name, name, stage: 'discovery', version: 1 };
    return { events: [opened.of(null, after)], output: { id, name, client: client.name } };
  },
  reply: ({ id, name, client }) => confirmation(id, `${name} is open for ${client}.`),
});
