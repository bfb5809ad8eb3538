import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import { thing } from '../kernel/thing.ts';

/** A channel or mailbox in which cards stand. */
export const Room = z.strictObject({
  id: z.uuid().describe('The room’s id'),
  name: z.string().describe('What people call it'),
  channel: z.string().describe('The platform, like slack or email'),
  address: z.string().describe('What the platform calls it'),
  clientId: z.uuid().nullable().describe('The client whom it is about'),
  projectId: z.uuid().nullable().describe('The project that it is about'),
  personId: z.uuid().nullable().describe('Whose mailbox or direct chat it is'),
  fault: z.string().nullable().describe('Why it cannot be written to'),
  ended: z.boolean().describe('Nothing is posted there any more'),
  version: z.int().describe('Counts every change of the room'),
});
export type Room = z.infer<typeof Room>;

const Facts = Room.pick({ name: true, channel: true, fault: true, version: true });

async function readRoom({ sql }: Context, id: string): Promise<Room | null> {
  const [row] = await sql<Room>`
    select id, name, channel, address, client_id as "clientId", project_id as "projectId", person_id as "personId", fault,
      unbound_at is not null as ended, version from room where id = ${id}`;
  return row ?? null;
}

async function roomForUpdate({ sql }: Context, id: string): Promise<Room | null> {
  const [row] = await sql<Room>`
    select id, name, channel, address, client_id as "clientId", project_id as "projectId", person_id as "personId", fault,
      unbound_at is not null as ended, version from room where id = ${id} for update`;
  return row ?? null;
}

export const room = thing({
  name: 'room',
  module: 'projects',
  schema: Room,
  show: 'project.room-fault',
  called: ({ name }) => name,
  standing: ({ fault, ended }) => (ended ? 'not used any more' : fault === null ? 'in use' : 'out of reach'),
  read: readRoom,
  lock: roomForUpdate,
  write: async ({ sql }, _before, { id, fault, version }) => {
    await sql`update room set fault = ${fault}, version = ${version} where id = ${id}`;
  },
  facts: Facts,
  factsOf: ({ name, channel, fault, version }) => ({ name, channel, fault, version }),
  audited: ({ name, fault, ended }) => ({ name, fault, ended }),
  within: ({ clientId, projectId }) => ({ ...(clientId ? { clientId } : {}), ...(projectId ? { projectId } : {}) }),
});

/** A room that is bound to one project opens with that project's card. */
export const roomBound = room.event({
  name: 'project.room-bound',
  more: { project: z.uuid().nullable() },
  says: () => 'bound it',
  audience: ({ about, data }) => (data.project ? [{ room: about.id }] : []),
});
export const roomUnbound = room.event({ name: 'project.room-unbound', says: () => 'unbound it', audience: [] });
export const roomFaulted = room.event({
  name: 'project.room-faulted',
  more: { reason: z.string() },
  says: ({ reason }) => `could not write to it: ${reason}`,
  audience: [{ audience: 'triage' }],
});
export const roomMended = room.event({ name: 'project.room-mended', says: () => 'used it again', audience: [] });
