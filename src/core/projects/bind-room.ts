import { z } from 'zod';
import { command } from '../kernel/command.ts';
import type { Sql } from '../kernel/db.ts';
import { DomainError } from '../kernel/errors.ts';
import { sentence } from '../kernel/thing-definition.ts';
import type { Room } from './room.ts';
import { roomBound } from './room.ts';
import { bindsFor } from './rules.ts';
import { name } from './schema.ts';

/**
 * Says which channel belongs to which client or project, and for whom what is said there is meant. The readers of a room
 * never change: a channel that was unbound and is bound again is another room.
 */
export const bindRoom = command({
  name: 'project.bind-room',
  input: z.strictObject({
    channel: z.enum(['slack', 'teams', 'discord']),
    account: z.string().min(1, 'is the workspace or directory the room is in'),
    address: z.string().min(1, 'is the channel’s own id'),
    name,
    audience: z.enum(['client', 'internal', 'triage']),
    client: z.uuid().optional(),
    project: z.uuid().optional(),
  }),
  assurance: 'chat',
  load: async ({ sql }, { channel, account, client, project }) => {
    await requireConnected(sql, channel, account);
    if (!client) return { client: null, project: null };
    const [found] = await sql<{ id: string }>`select id from client where id = ${client}`;
    const [ofClient] = project
      ? await sql<{ id: string }>`select id from project where id = ${project} and client_id = ${client}`
      : [];
    return found && (!project || ofClient) ? { client: found.id, project: ofClient?.id ?? null } : null;
  },
  policy: bindsFor,
  ask: async (platforms, { channel, account, address }) => {
    const platform = await platforms.open(channel, account);
    if (!platform)
      throw new DomainError('conflict', `${channel} is not set up in this hub, so nothing can be posted there.`);
    await platform.checkRoom?.(account, address);
  },
  handle: async ({ actor, sql, newId }, input, subject) => {
    if (input.audience === 'client' && !subject.client)
      throw new DomainError('invalid', 'A room for clients needs to know which client.', {
        fields: { client: 'is needed for a client room' },
      });
    if (input.project && !subject.client)
      throw new DomainError('invalid', 'Which client is the project of?', {
        fields: { client: 'is needed with a project' },
      });
    await refuseMixedAudience(sql, input);
    const id = newId();
    const [made] = await sql<{
      id: string;
      version: number;
    }>`insert into room (tenant_id, id, channel, account, address, name, audience, client_id, project_id)
      values (${actor.tenantId}, ${id}, ${input.channel}, ${input.account}, ${input.address}, ${input.name}, ${input.audience}, ${subject.client}, ${subject.project})
      on conflict (tenant_id, channel, account, address, client_id, project_id) where unbound_at is null
      do update set name = excluded.name, fault = null, version = room.version + 1 returning id, version`;
    const { name, channel, address } = input;
    const { client: clientId, project: projectId } = subject;
    const of = { clientId, projectId, personId: null, fault: null, ended: false };
    const bound: Room = { id: made?.id ?? id, name, channel, address, ...of, version: made?.version ?? 1 };
    return {
      events: [{ ...roomBound.of(null, bound, { project: projectId }), after: input }],
      output: { id: bound.id, name, audience: input.audience },
    };
  },
  reply: ({ id, name, audience }) =>
    sentence(
      'room',
      id,
      `${name} is a room for ${audience === 'client' ? 'the client' : audience === 'triage' ? 'triage' : 'the team'} now.`,
    ),
});

/** Rooms are of the firm's own workspaces: in another's, its messages would be read and posted. */
async function requireConnected(sql: Sql, channel: string, account: string): Promise<void> {
  const [row] = await sql<{ connected: boolean }>`select parley_connects(${channel}, ${account}) as connected`;
  if (!row?.connected)
    throw new DomainError(
      'conflict',
      `The ${channel} workspace ${account} is not connected by this firm. Connect it first: npm run parley -- connect ${channel} ${account}`,
    );
}

/** One channel is for one kind of reader: staff cards in a client's channel would show them what is not theirs. */
async function refuseMixedAudience(
  sql: Sql,
  input: { channel: string; account: string; address: string; audience: string; client?: string | undefined },
): Promise<void> {
  const [bound] = await sql<{ mixed: boolean }>`
    select parley_bound_for_others(${input.channel}, ${input.account}, ${input.address}, ${input.audience}, ${input.client ?? null}) as mixed`;
  if (bound?.mixed)
    throw new DomainError(
      'conflict',
      'This channel is bound for other readers already. Unbind it there first, so that nobody is shown what is not theirs.',
    );
}
