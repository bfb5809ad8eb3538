import { z } from 'zod';
import { command } from '../kernel/command.ts';
import { DomainError } from '../kernel/errors.ts';
import { choice, otherwise } from '../kernel/field.ts';
import { formFor } from '../kernel/form.ts';
import { sentence } from '../kernel/thing-definition.ts';
import { contactAdded } from './person.ts';
import { clientChoices } from './queries.ts';
import { managesTeamOf, managesTeams } from './rules.ts';
import type { Person } from './schema.ts';
import { CONTACT_ROLES, client, email, invite, inviting, name, ROLE_NAMES, timezone } from './schema.ts';

const fields = {
  client,
  name,
  email,
  role: otherwise('client_member', choice(CONTACT_ROLES, { label: 'Role', labels: ROLE_NAMES })),
  timezone,
  byMail: otherwise('yes', choice(['yes', 'no'], { label: 'Send them the client’s news by mail' })),
  invite,
};

/**
 * Adds a person of a client (A2). By the firm, or by the client's own admin. `byMail` makes their mailbox a room of the
 * client, so that its news reach them there; otherwise the mailbox gets only what is meant for them alone. The answer says
 * only of addresses whose holder the actor knows that they are taken: of any other it is the same as for a free one.
 */
export const addContact = command({
  name: 'people.add-contact',
  word: { say: 'invite', label: 'Invite somebody', about: 'invite a colleague, or somebody of a client' },
  input: z.strictObject(fields),
  form: formFor({
    title: 'Invite somebody of a client',
    submit: 'Invite',
    fields,
    who: managesTeams,
    ask: async (context) => {
      const clients = await clientChoices(context);
      // A client's own administrator has no other one to choose.
      const [only] = clients.length === 1 ? clients : [];
      return {
        values: { timezone: context.actor.timezone, ...inviting(context), ...(only ? { client: only.value } : {}) },
        choices: { client: clients },
      };
    },
  }),
  assurance: 'chat',
  load: async ({ sql }, { client }) =>
    (await sql<{ id: string; name: string }>`select id, name from client where id = ${client}`)[0] ?? null,
  policy: (actor, client) => managesTeamOf(actor, client.id),
  handle: async ({ sql, newId }, input, client) => {
    const id = newId();
    const { byMail, invite, ...asked } = input;
    const { name, role } = asked;
    const person = { ...asked, id, audience: byMail === 'yes' ? 'client' : 'person' };
    const [made] = await sql<{ outcome: string }>`select parley_add_contact(${JSON.stringify(person)}) as outcome`;
    if (made?.outcome === 'taken')
      throw new DomainError('conflict', 'That mail address belongs to somebody already.', {
        fields: { email: 'belongs to somebody already' },
      });
    const after: Person = {
      id,
      side: 'contact',
      clientId: client.id,
      name,
      role,
      active: true,
      grants: {},
      version: 1,
    };
    const told = { ...(made ? { address: made.outcome } : {}), ...(invite === 'yes' ? { invite: true } : {}) };
    return {
      events: [{ ...contactAdded.of(null, after, told), after: input }],
      output: { id, name, client: client.name },
    };
  },
  reply: ({ id, name, client }) => sentence('person', id, `${name} is added for ${client}.`),
});
