import { z } from 'zod';
import { command } from '../kernel/command.ts';
import { chosen } from '../kernel/field.ts';
import { formFor } from '../kernel/form.ts';
import { doneCard } from '../kernel/thing-definition.ts';
import { clientChoices } from '../people/index.ts';
import { opened, project } from './project.ts';
import { runsProjects } from './rules.ts';
import type { Project } from './schema.ts';
import { name } from './schema.ts';

const fields = { client: chosen({ label: 'Client', none: 'There is no client yet. Add one first.' }), name };

/** Opens a project for a client. */
export const openProject = command({
  name: 'project.open',
  module: 'projects',
  input: z.strictObject(fields),
  form: formFor({
    title: 'Open a project',
    fields,
    who: runsProjects,
    ask: async (context) => ({ choices: { client: await clientChoices(context) } }),
  }),
  load: async ({ sql }, { client }) =>
    (await sql<{ id: string; name: string }>`select id, name from client where id = ${client}`)[0] ?? null,
  policy: (actor) => runsProjects(actor),
  handle: async ({ actor, sql, newId }, { name }, client) => {
    const id = newId();
    await sql`insert into project (tenant_id, id, client_id, name, stage) values (${actor.tenantId}, ${id}, ${client.id}, ${name}, 'discovery')`;
    const after: Project = { id, clientId: client.id, clientName: client.name, name, stage: 'discovery', version: 1 };
    const output = project.done(after, `${name} is open for ${client.name}.`, { client: client.name });
    return { events: [opened.of(null, after)], output };
  },
  reply: (output) => doneCard(project, output),
});
