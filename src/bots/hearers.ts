import type { Row, Sql } from '../core/kernel/db.ts';
import type { Announcement, Event } from '../core/kernel/event.ts';
import type { Hearer } from '../core/kernel/notice.ts';
import type { Channels, Room } from './channel.ts';
import { roomColumns } from './rooms.ts';

/** Who is to be told of an event. */
export interface Hearers {
  /** What several people read, and every single room that is named. */
  rooms: Room[];
  /** Single people, each once, with the rooms that are theirs alone. */
  people: Hearer[];
}

/** A room, and how it came to be one that is told. */
interface Found {
  room: Room;
  /** An audience of the event reads it, or it is named. */
  heard: boolean;
  isReachable: boolean;
}

/** Finds all who hear of an event: rooms at once, people with every place in which they could be told. */
export async function hearersOf(
  announcement: Announcement,
  event: Event,
  sql: Sql,
  channels: Channels,
): Promise<Hearers> {
  const audience = announcement.audience(event);
  if (!audience.length) return { rooms: [], people: [] };
  const audiences = audience.flatMap((one) => ('audience' in one ? [one.audience] : []));
  const roomIds = audience.flatMap((one) => ('room' in one ? [one.room] : []));
  const named = audience.flatMap((one) => ('person' in one ? [one.person] : []));
  const everywhere = audience.flatMap((one) => ('person' in one && one.everywhere ? [one.person] : []));
  const rows = await sql<Row>`
    with heard as (
      select id, person_id from room where tenant_id = ${event.tenantId} and unbound_at is null
        and ((audience = any(${audiences}) and (client_id is null or client_id = ${event.clientId}) and (project_id is null or project_id = ${event.projectId}))
          or id = any(${roomIds}::uuid[]))
    ), wanted as (
      select id from heard
      union
      select o.id from room o where o.tenant_id = ${event.tenantId} and o.unbound_at is null
        and o.person_id = any(array(select person_id from heard where person_id is not null) || ${named}::uuid[]))
    select r.*, exists (select from heard h where h.id = r.id) as heard, r.fault is null and (r.channel = 'email' or exists (
      select from identity i where i.tenant_id = r.tenant_id and i.person_id = r.person_id and i.provider = r.channel and i.account = r.account
        and i.external_id = r.address)) as usable
    from wanted w join room r on r.tenant_id = ${event.tenantId} and r.id = w.id`;
  const found = rows.map((row): Found => {
    const room = roomColumns(row);
    const isOn =
      room.personId && room.channel !== 'email' ? channels.get(room.channel)?.can.direct : channels.has(room.channel);
    return { room, heard: Boolean(row.heard), isReachable: Boolean(row.usable) && Boolean(isOn) };
  });
  // What was written in a thread of the room stands there already.
  const isSaidThere = (room: Room) => announcement.as === 'reply' && event.data.saidIn === room.id;
  const rooms = found.flatMap(({ room }) =>
    room.personId === null && channels.has(room.channel) && !isSaidThere(room) ? [room] : [],
  );
  const own = Map.groupBy(
    found.filter(({ room }) => room.personId !== null && !isSaidThere(room)),
    ({ room }) => room.personId ?? '',
  );
  const people = [...new Set([...named, ...own.keys()])].map(
    (person): Hearer => ({
      person,
      named: named.includes(person),
      mailOnly: named.includes(person) && !everywhere.includes(person) && !own.get(person)?.some(({ heard }) => heard),
      rooms: (own.get(person) ?? [])
        .sort((one, other) => Number(other.heard) - Number(one.heard))
        .map(({ room, isReachable }) => ({ id: room.id, channel: room.channel, isReachable })),
    }),
  );
  return { rooms, people };
}
