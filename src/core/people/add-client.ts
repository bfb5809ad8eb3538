import { z } from 'zod';
import { command } from '../kernel/command.ts';
import { formFor } from '../kernel/form.ts';
import { doneCard } from '../kernel/thing-definition.ts';
import { client, clientAdded } from './client.ts';
import { leads } from './rules.ts';
import { name, timezone } from './schema.ts';

const fields = { name, timezone };

/** Takes a company on as a client of the firm. */
export const addClient = command({
  name: 'people.add-client',
  input: z.strictObject(fields),
  form: formFor({
    title: 'Add a client',
    fields,
    who: leads,
    ask: ({ actor }) => ({ values: { timezone: actor.timezone } }),
  }),
  assurance: 'chat',
  load: async () => ({}),
  policy: (actor) => leads(actor),
  handle: async ({ actor, sql, newId }, { name, timezone }) => {
    const after = { id: newId(), name, timezone, version: 1 };
    await sql`insert into client (tenant_id, id, name, timezone) values (${actor.tenantId}, ${after.id}, ${name}, ${timezone})`;
    return { events: [clientAdded.of(null, after)], output: client.done(after, `${name} is a client now.`) };
  },
  reply: (output) => doneCard(client, output),
});
