import type { Card, Press } from '../core/kernel/card.ts';
import { DomainError } from '../core/kernel/errors.ts';
import type { App } from '../core/kernel/registry.ts';
import { showView } from '../core/kernel/registry.ts';
import type { Room } from './channel.ts';
import { audienceOf, closedCard, hashOf, readersOf } from './rooms.ts';

/** A card as it was drawn for somebody. */
export interface Drawn {
  card: Card;
  hash: string;
}

/** Drawings of one moment, by who reads them and what they show: rooms with the same readers show the same. */
export type Drawings = Map<string, Promise<Drawn | null>>;

/** What a card would be if it were drawn now, by the registry; null when its people may see nothing of it. */
async function draw(app: App, room: Room, view: Press): Promise<Drawn | null> {
  if (room.ended) return drawnOf(closedCard(room));
  try {
    return drawnOf(await showView(app, audienceOf(room), view));
  } catch (error) {
    if (error instanceof DomainError && (error.code === 'not_found' || error.code === 'forbidden')) return null;
    throw error;
  }
}

/** As `draw`, once for all rooms with the same readers. */
export function drawOnce(app: App, drawings: Drawings, room: Room, view: Press): Promise<Drawn | null> {
  const key = JSON.stringify([readersOf(room), view.target, view.input]);
  const drawing = drawings.get(key) ?? draw(app, room, view);
  drawings.set(key, drawing);
  return drawing;
}

function drawnOf(card: Card): Drawn {
  return { card, hash: hashOf(card) };
}
