import { z } from 'zod';
import { command } from '../kernel/command.ts';
import { DomainError } from '../kernel/errors.ts';
import { choice } from '../kernel/field.ts';
import { formFor } from '../kernel/form.ts';
import { doneCard } from '../kernel/thing-definition.ts';
import { person, staffAdded } from './person.ts';
import { addressTaken } from './queries.ts';
import { isAdmin } from './rules.ts';
import type { Person } from './schema.ts';
import { email, invite, inviting, name, ROLE_NAMES, STAFF_ROLES, timezone } from './schema.ts';

const fields = { name, email, role: choice(STAFF_ROLES, { label: 'Role', labels: ROLE_NAMES }), timezone, invite };

/** Adds a person of the firm (A1), with the mail address by which they link their chat accounts. */
export const addStaff = command({
  name: 'people.add-staff',
  input: z.strictObject(fields),
  form: formFor({
    title: 'Add somebody to the team',
    fields,
    who: isAdmin,
    ask: (context) => ({
      values: { role: 'member', timezone: context.actor.timezone, ...inviting(context) },
    }),
  }),
  assurance: 'chat',
  load: async () => ({}),
  policy: (actor) => isAdmin(actor),
  handle: async ({ actor, sql, newId }, input) => {
    if (await addressTaken(sql, input.email))
      throw new DomainError('conflict', 'That mail address belongs to somebody already.', {
        fields: { email: 'belongs to somebody already' },
      });
    const { name, role, invite } = input;
    const id = newId();
    await sql`insert into person (tenant_id, id, side, name, timezone, role) values (${actor.tenantId}, ${id}, 'staff', ${name}, ${input.timezone}, ${role})`;
    await sql`insert into identity (tenant_id, id, person_id, provider, account, external_id, proof) values (${actor.tenantId}, ${newId()}, ${id}, 'email', '', ${input.email}, 'invitation')`;
    await sql`insert into room (tenant_id, id, channel, account, address, name, audience, person_id) values (${actor.tenantId}, ${newId()}, 'email', '', ${input.email}, ${name}, 'person', ${id})`;
    const after: Person = { id, side: 'staff', clientId: null, name, role, active: true, grants: {}, version: 1 };
    return {
      events: [{ ...staffAdded.of(null, after, invite === 'yes' ? { invite: true } : {}), after: input }],
      output: person.done(after, `${name} is on the team now.`),
    };
  },
  reply: (output) => doneCard(person, output),
});
