import { isDeepStrictEqual } from 'node:util';
import type { Card, Press } from '../../core/kernel/card.ts';
import type { Context } from '../../core/kernel/context.ts';
import { withActor } from '../../core/kernel/context.ts';
import { DomainError } from '../../core/kernel/errors.ts';
import type { App } from '../../core/kernel/registry.ts';
import { showView } from '../../core/kernel/registry.ts';
import type { MessageRef, Room } from '../channel.ts';
import { audienceOf, roomColumns } from '../rooms.ts';
import type { ShownWords } from './words.ts';

/** How a mail is named: what stands in posted_card.ref. */
export interface MailRef extends MessageRef {
  /** The Message-ID with its brackets. */
  id: string;
  /** The Message-ID of the thread's first mail. */
  root: string;
  /** The subject of the thread's first mail; answers say Re: before it. */
  subject: string;
  /** What the reply words of this mail stand for. */
  words: ShownWords;
}

/** A posted card, as a mail in answer to it finds it. */
export interface PostedCard {
  id: string;
  view: Press;
  ref: MailRef | null;
  room: Room;
}

/** Reads the card that a mail names; null when this firm has no such card. */
export async function readPosted(app: App, tenantId: string, cardId: string): Promise<PostedCard | null> {
  return asSystem(app, tenantId, async ({ sql }) => {
    const [row] = await sql<Record<string, unknown> & { card: Omit<PostedCard, 'room'> }>`
      select r.*, jsonb_build_object('id', p.id, 'view', p.view, 'ref', p.ref) as card
      from posted_card p join room r on r.tenant_id = p.tenant_id and r.id = p.room_id
      where p.tenant_id = ${tenantId} and p.id = ${cardId} and p.channel = 'email'`;
    return row ? { ...row.card, room: roomColumns(row) } : null;
  });
}

/** What a mail needs to know besides its card: who writes, where its form is, and the card that began the thread. */
export interface Surroundings {
  firmName: string;
  /** The view the card was drawn from; null when the card is not in the registry. */
  view: Press | null;
  /** The thread's first card as it is now, drawn for the room; null in a first mail, or when this mail shows it itself. */
  history: Card | null;
}

export async function surroundingsOf(
  app: App,
  room: Room,
  cardId: string,
  thread: MessageRef | null,
): Promise<Surroundings> {
  const [found] = await asSystem(
    app,
    room.tenantId,
    ({ sql }) => sql<{ firm: string; view: Press | null; root: Press | null }>`
    select f.name as firm, (select p.view from posted_card p where p.tenant_id = f.id and p.id = ${cardId}) as view,
      (select t.view from posted_card t where t.tenant_id = f.id and t.room_id = ${room.id} and t.ref ->> 'id' = ${thread?.id ?? null} limit 1) as root
    from firm f where f.id = ${room.tenantId}`,
  );
  const isOther = found?.root && !isDeepStrictEqual(found.root, found.view);
  const history = isOther && found.root ? await drawn(app, room, found.root) : null;
  return { firmName: found?.firm ?? 'Parley', view: found?.view ?? null, history };
}

async function drawn(app: App, room: Room, view: Press): Promise<Card | null> {
  try {
    return await showView(app, audienceOf(room), view);
  } catch (error) {
    // The mail itself goes out without what was said before.
    if (error instanceof DomainError && error.code !== 'unavailable') return null;
    throw error;
  }
}

function asSystem<T>(app: App, tenantId: string, work: (context: Context) => Promise<T>): Promise<T> {
  return withActor(app, { kind: 'system', tenantId, reason: 'mail' }, work);
}
