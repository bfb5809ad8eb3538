import { DomainError } from '../kernel/errors.ts';
import { assigned, person, unassigned } from './person.ts';
import { choicesOf, clientChoices } from './queries.ts';
import { leads, onlyFor } from './rules.ts';
import { client } from './schema.ts';

const isOfTheTeam = onlyFor('staff', 'only people of the firm are assigned to clients');

/** Lets a staff member work for a client: a member sees exactly the assigned clients (A1). */
export const assign = person.command({
  name: 'people.assign',
  fields: { client },
  version: 'optional',
  button: { label: 'Assign a client', word: 'ASSIGN' },
  rank: 4,
  form: async (_it, context) => ({ choices: { client: await clientChoices(context) } }),
  assurance: 'chat',
  who: leads,
  when: isOfTheTeam,
  handle: async ({ sql, actor }, { client }, it) => {
    const [found] = await sql<{ name: string }>`select name from client where id = ${client}`;
    if (!found) throw new DomainError('not_found', 'There is no such client.');
    await sql`insert into assignment (tenant_id, person_id, client_id) values (${actor.tenantId}, ${it.id}, ${client}) on conflict do nothing`;
    return {
      events: [{ ...assigned.of(it, it, { client }), clientId: client, after: { client } }],
      after: it,
      say: `${it.name} works for ${found.name} now.`,
    };
  },
});

/** Takes a client out of a staff member's world. */
export const unassign = person.command({
  name: 'people.unassign',
  fields: { client },
  version: 'optional',
  button: { label: 'Take a client off', word: 'UNASSIGN', place: 'more' },
  rank: 5,
  form: ({ places }) => ({ choices: { client: choicesOf(places) } }),
  assurance: 'chat',
  who: leads,
  when: isOfTheTeam,
  handle: async ({ sql }, { client }, it) => {
    const gone =
      await sql`delete from assignment where person_id = ${it.id} and client_id = ${client} returning client_id`;
    if (!gone.length) throw new DomainError('conflict', `${it.name} is not assigned to that client.`);
    return {
      events: [{ ...unassigned.of(it, it, { client }), clientId: client, before: { client } }],
      after: it,
      say: `${it.name} does not see that client any more.`,
    };
  },
});
