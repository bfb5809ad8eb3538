import type { Press } from '../core/kernel/card.ts';
import { withActor } from '../core/kernel/context.ts';
import type { Sql } from '../core/kernel/db.ts';
import type { App } from '../core/kernel/registry.ts';
import { showViews } from '../core/kernel/registry.ts';
import type { MessageRef, Room } from './channel.ts';
import { audienceOf, closedCard, hashOf, readersOf, roomColumns } from './rooms.ts';

export interface CardDrift {
  cardId: string;
  room: string;
  channel: string;
}

/** Cards that are read and compared together: few enough that drawing all of them takes well under a transaction's time. */
const PAGE = 200;

/** Every posted card that differs from what would be drawn now; at rest there is none (G3). A mail cannot be changed once sent. */
export async function driftingCards(app: App, tenantId: string): Promise<CardDrift[]> {
  const drifting: CardDrift[] = [];
  let last: Posted | undefined;
  for (;;) {
    const page = await withActor(app, { kind: 'system', tenantId, reason: 'verifying' }, ({ sql }) =>
      readPage(sql, tenantId, last),
    );
    const hashes = await hashesOf(app, page);
    for (const { id, ref, room, render_hash } of page)
      if (!ref || hashes.get(id) !== render_hash) drifting.push({ cardId: id, room: room.name, channel: room.channel });
    last = page.at(-1);
    if (!last || page.length < PAGE) return drifting;
  }
}

interface Posted {
  id: string;
  ref: MessageRef | null;
  view: Press;
  render_hash: string | null;
  room: Room;
}

/** Room by room, because what stands in one is seen by the same people. */
async function readPage(sql: Sql, tenantId: string, last?: Posted): Promise<Posted[]> {
  const none = '00000000-0000-0000-0000-000000000000';
  const rows = await sql<Omit<Posted, 'room'> & { room: Record<string, unknown> }>`
    select p.id, p.ref, p.view, p.render_hash, to_jsonb(r) as room
    from posted_card p join room r on r.tenant_id = p.tenant_id and r.id = p.room_id
    where p.tenant_id = ${tenantId} and p.state in ('sending', 'posted') and p.channel <> 'email'
      and (p.room_id, p.id) > (${last?.room.id ?? none}::uuid, ${last?.id ?? none}::uuid)
    order by p.room_id, p.id limit ${PAGE}`;
  return rows.map((row) => ({ ...row, room: roomColumns(row.room) }));
}

/** What each card would show now, by its id: drawn once for all who see the same. Without one its people may see nothing of it. */
async function hashesOf(app: App, page: readonly Posted[]): Promise<Map<string, string>> {
  const hashes = new Map<string, string>();
  const readers = Map.groupBy(page, ({ room }) => JSON.stringify(readersOf(room)));
  for (const cards of readers.values()) {
    const [first] = cards;
    if (!first) continue;
    const views = [...Map.groupBy(cards, ({ view }) => JSON.stringify(view)).values()];
    const presses = views.flatMap(([one]) => (one ? [one.view] : []));
    const drawn = first.room.ended
      ? presses.map(() => closedCard(first.room))
      : await showViews(app, audienceOf(first.room), presses);
    for (const [index, same] of views.entries()) {
      const card = drawn[index];
      if (card) for (const { id } of same) hashes.set(id, hashOf(card));
    }
  }
  return hashes;
}
