import { z } from 'zod';
import { command } from '../kernel/command.ts';
import { DomainError } from '../kernel/errors.ts';
import { issuedCard } from './cards.ts';
import { codeFor, hashOfCode, ISSUED_MINUTES } from './link.ts';
import { codeIssued } from './person.ts';
import { readPerson } from './queries.ts';
import { isAdmin } from './rules.ts';

/**
 * Makes a code that an administrator hands to a person, who types it with their mail address in the chat account that is
 * to be linked: where no mail is sent, and for accounts of workspaces that are not the firm's own (Slack Connect).
 */
export const issueCode = command({
  name: 'identity.issue-code',
  input: z.strictObject({ person: z.uuid() }),
  assurance: 'chat',
  load: (context, { person }) => readPerson(context, person),
  policy: (actor) => isAdmin(actor),
  handle: async ({ sql, newId, now, secrets }, _input, person) => {
    if (!person.active) throw new DomainError('conflict', `${person.name} has no access any more.`);
    const id = newId();
    const hash = hashOfCode(secrets, id, codeFor(secrets, id));
    const expires = new Date(now.getTime() + ISSUED_MINUTES * 60_000);
    await sql`select parley_issue_code(${id}, ${person.id}, ${hash}, ${expires}, ${now})`;
    return { events: [codeIssued.of(person, person, { link: id })], output: { id, name: person.name } };
  },
  reply: ({ id, name }) => issuedCard(id, name),
});
