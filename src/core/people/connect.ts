import { z } from 'zod';
import { command } from '../kernel/command.ts';
import { DomainError } from '../kernel/errors.ts';
import { confirmation } from './cards.ts';
import { EVENTS, isAdmin } from './person.ts';

/** Says that a workspace, mailbox or tool account belongs to this firm: what comes in through it is this firm's. */
export const connect = command({
  name: 'people.connect',
  input: z.strictObject({
    tool: z.enum(['slack', 'teams', 'discord', 'email', 'jira']),
    account: z.string().trim().min(1, 'is the workspace, directory, address or host').max(200),
  }),
  assurance: 'chat',
  load: async () => ({}),
  policy: (actor) => isAdmin(actor),
  handle: async ({ actor, sql, newId }, { tool, account }) => {
    const [made] = await sql<{
      id: string;
    }>`insert into connection (tenant_id, id, tool, account) values (${actor.tenantId}, ${newId()}, ${tool}, ${account})
      on conflict (tool, account) do nothing returning id`;
    const [own] = await sql<{ id: string }>`select id from connection where tool = ${tool} and account = ${account}`;
    if (!own) throw new DomainError('conflict', 'That account is connected by another firm.');
    return {
      events: [
        {
          name: EVENTS.connected,
          about: { entity: 'connection', id: own.id },
          data: { tool, account },
          after: { tool, account, isNew: Boolean(made) },
        },
      ],
      output: { id: own.id, tool, account },
    };
  },
  reply: ({ id, tool, account }) => confirmation('connection', id, `${tool} ${account} is connected.`),
});
