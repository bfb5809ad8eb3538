import { z } from 'zod';
import { command } from '../kernel/command.ts';
import type { Sql } from '../kernel/db.ts';
import { DomainError } from '../kernel/errors.ts';
import { confirmation } from './cards.ts';
import { EVENTS } from './project.ts';
import { bindsFor, runsProjects } from './rules.ts';
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
    }>`insert into room (tenant_id, id, channel, account, address, name, audience, client_id, project_id)
      values (${actor.tenantId}, ${id}, ${input.channel}, ${input.account}, ${input.address}, ${input.name}, ${input.audience}, ${subject.client}, ${subject.project})
      on conflict (tenant_id, channel, account, address, client_id, project_id) where unbound_at is null
      do update set name = excluded.name, fault = null, version = room.version + 1 returning id`;
    const room = made?.id ?? id;
    return {
      events: [
        {
          name: EVENTS.roomBound,
          about: { entity: 'room', id: room },
          ...(subject.client ? { clientId: subject.client } : {}),
          ...(subject.project ? { projectId: subject.project } : {}),
          data: { room, project: subject.project },
          after: input,
        },
      ],
      output: { id: room, name: input.name, audience: input.audience },
    };
  },
  reply: ({ id, name, audience }) =>
    confirmation(
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

/** Ends a room: nothing is posted there any more, and what it shows is closed. A person's mailbox is not bound and stays. */
export const unbindRoom = command({
  name: 'project.unbind-room',
  input: z.strictObject({ room: z.uuid() }),
  assurance: 'chat',
  load: async ({ sql }, { room }) =>
    (
      await sql<{
        id: string;
        name: string;
        client_id: string | null;
        project_id: string | null;
      }>`select id, name, client_id, project_id from room where id = ${room} and unbound_at is null and person_id is null for update`
    )[0] ?? null,
  policy: (actor) => runsProjects(actor),
  handle: async ({ sql, now }, _input, room) => {
    // The fault tells a process of the version before, which does not know of ended rooms.
    await sql`update room set fault = 'unbound', unbound_at = ${now}, version = version + 1 where id = ${room.id}`;
    return {
      events: [
        {
          name: EVENTS.roomUnbound,
          about: { entity: 'room', id: room.id },
          ...(room.client_id ? { clientId: room.client_id } : {}),
          ...(room.project_id ? { projectId: room.project_id } : {}),
          data: {},
          before: { name: room.name },
        },
      ],
      output: { id: room.id, name: room.name },
    };
  },
  reply: ({ id, name }) =>
    confirmation(id, `Nothing is posted in ${name} any more, and what was shown there is closed.`),
});
