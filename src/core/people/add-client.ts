import { z } from 'zod';
import { command } from '../kernel/command.ts';
import { formFor } from '../kernel/form.ts';
import { sentence } from '../kernel/thing-definition.ts';
import { clientAdded } from './events.ts';
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
    const id = newId();
    await sql`insert into client (tenant_id, id, name, timezone) values (${actor.tenantId}, ${id}, ${name}, ${timezone})`;
    const about = { entity: 'client', id };
    return {
      events: [clientAdded.of(about, { name }, { clientId: id, after: { name, timezone } })],
      output: { id, name },
    };
  },
  reply: ({ id, name }) => sentence('client', id, `${name} is a client now.`),
});
