import { z } from 'zod';
import { isSystem } from '../kernel/actor.ts';
import { command } from '../kernel/command.ts';
import { DomainError } from '../kernel/errors.ts';
import { doneCard } from '../kernel/thing-definition.ts';
import { connectedBy, connection } from './connection.ts';
import { idOf } from './queries.ts';

/**
 * Says that a workspace, mailbox or tool account belongs to this firm: what comes in through it is this firm's. The
 * credentials stand in the settings of the hub, so whoever runs the hub says whose they are; an administrator of one firm
 * could claim what is another's. The account must be the one that the credentials are for, and belongs to one firm.
 */
export const connect = command({
  name: 'connection.connect',
  input: z.strictObject({
    tool: z.enum(['slack', 'teams', 'discord', 'email', 'jira']),
    account: z.string().trim().min(1, 'is the workspace, directory, address or host').max(200),
  }),
  load: async () => ({}),
  policy: isSystem,
  ask: async (platforms, { tool, account }) => {
    const platform = await platforms.open(tool);
    if (!platform)
      throw new DomainError(
        'conflict',
        `${tool} is not set up in this hub. Set its settings first, then connect ${account}.`,
      );
    return (await platform.checkAccount?.(account)) ?? { name: null };
  },
  handle: async (context, { tool, account }, _subject, { name }) => {
    const { actor, sql, newId } = context;
    const [made] = await sql<{
      id: string;
    }>`insert into connection (tenant_id, id, tool, account, settings)
      values (${actor.tenantId}, ${newId()}, ${tool}, ${account}, jsonb_strip_nulls(jsonb_build_object('name', ${name}::text)))
      on conflict (tool, account) do nothing returning id`;
    const id = await idOf(sql, tool, account);
    if (!id) throw new DomainError('conflict', 'That account is connected by another firm.');
    return connectedBy(context, id, made !== undefined);
  },
  reply: (output) => doneCard(connection, output),
});
