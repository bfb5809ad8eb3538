import { z } from 'zod';
import type { Actor } from '../kernel/actor.ts';
import { sideOf } from '../kernel/actor.ts';
import type { Card, Press } from '../kernel/card.ts';
import type { Sql } from '../kernel/db.ts';
import { DomainError } from '../kernel/errors.ts';
import { capital } from '../kernel/field.ts';
import { view } from '../kernel/view.ts';
import { runsProjects } from './rules.ts';

/** A room as its fault concerns it. */
const FaultyRoom = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  channel: z.string(),
  address: z.string(),
  clientId: z.uuid().nullable(),
  fault: z.string().nullable().describe('Why nothing can be sent there; null while it works'),
  version: z.int(),
});
export type FaultyRoom = z.infer<typeof FaultyRoom>;

/** The press that shows what is wrong with a room. */
export function showing(room: string): Press {
  return { target: 'project.room-fault', input: { room } };
}

/** A room that is still in use, locked for a change. */
export async function roomForUpdate(sql: Sql, id: string): Promise<FaultyRoom | null> {
  const [row] = await sql<FaultyRoom>`
    select id, name, channel, address, client_id as "clientId", fault, version from room
    where id = ${id} and unbound_at is null for update`;
  return row ?? null;
}

/** What is wrong with a room, for the firm alone; after it was mended, that it was. */
export const showRoomFault = view({
  name: 'project.room-fault',
  module: 'projects',
  input: z.strictObject({ room: z.uuid() }),
  output: z.strictObject({ room: FaultyRoom }),
  read: async ({ sql, actor }, { room }) => {
    const [found] =
      sideOf(actor) === 'staff'
        ? await sql<FaultyRoom>`
            select id, name, channel, address, client_id as "clientId", fault, version from room where id = ${room}`
        : [];
    if (!found) throw new DomainError('not_found', 'This is not there, or not for you.');
    return { room: found };
  },
  card: ({ room }, { actor }) => faultCard(room, actor),
});

function faultCard(room: FaultyRoom, actor: Actor): Card {
  const { id, name, channel, address, fault, version } = room;
  const faulty = fault !== null;
  const use = { target: 'project.mend-room', input: { room: id } };
  return {
    title: faulty ? `${name} cannot be reached` : `${name} is in use again`,
    tone: faulty ? 'danger' : 'good',
    status: faulty ? 'Cannot be reached' : 'In use',
    blocks: [
      {
        kind: 'facts',
        facts: [
          // The id of a room in a chat tells nobody anything.
          channel === 'email' ? { label: 'Mailbox', value: address } : { label: 'In', value: capital(channel) },
          ...(faulty ? [{ label: 'Why', value: fault }] : []),
        ],
      },
      ...(faulty
        ? [
            {
              kind: 'text' as const,
              text: 'Nothing more is sent there. When it works again, press the button: what did not arrive is sent then, and what happened after that is not told late.',
            },
          ]
        : []),
    ],
    actions:
      faulty && (runsProjects(actor) || actor.kind === 'audience')
        ? [{ kind: 'button', label: 'Use it again', word: 'USE', style: 'primary', press: use }]
        : [],
    fallback: faulty ? `${name} cannot be reached: ${fault}` : `${name} is in use again.`,
    about: { entity: 'room', id, version },
  };
}
