import type { Card } from '../../core/kernel/card.ts';
import type { Message } from './client.ts';
import { LIMITS } from './limits.ts';
import type { Showing } from './render.ts';
import { render } from './render.ts';
import { cut } from './text.ts';

/** A card as a message; its summary is what notifications and lists of chats show. */
export function messageOf(card: Card, showing: Showing = {}): Message {
  const content = render(card, showing);
  return {
    type: 'message',
    summary: cut(card.fallback, LIMITS.fallback),
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content }],
  };
}
