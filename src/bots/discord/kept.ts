import { createHash } from 'node:crypto';
import type { Delivery, InboxItem, Worked } from '../../core/kernel/inbox.ts';
import { withoutSecrets } from '../redact.ts';
import { Origin } from './payloads.ts';

/** Something of Discord that is stored: a message, or an interaction that nobody here can answer. */
export interface Kept {
  delivery: Delivery;
}

/** The kind of a message, which is worked; and of presses that are stored because nobody can read them. */
export const MESSAGE = 'message';
export const UNREADABLE_PRESS = 'unreadable_press';
export const UNREADABLE_BODY = 'unreadable_body';
const AUTOCOMPLETE = 'interaction_4';

/**
 * Makes a delivery of whatever Discord signed, so that nothing it sends leaves no trace.
 * @param kind what it is to us, where its own type does not say it
 */
export function keep(body: unknown, kind?: string): Kept {
  const origin = Origin.safeParse(body).data;
  const stored = withoutSecrets(body);
  const named = `interaction_${origin?.type ?? 'unknown'}`;
  return {
    delivery: {
      source: 'discord',
      account: origin?.guild_id ?? '',
      deliveryId: `${kind ?? named}:${origin?.id ?? createHash('sha256').update(stored).digest('hex')}`,
      kind: kind ?? named,
      headers: {},
      body: stored,
    },
  };
}

/** How a stored request ends that nobody works: ignored on purpose, or kept for staff; null for a message. */
export function unworked({ kind }: InboxItem): Worked | null {
  switch (kind) {
    case MESSAGE:
      return null;
    case AUTOCOMPLETE:
      return { status: 'applied', outcome: 'ignored: no list of Parley is filled while one types' };
    case UNREADABLE_PRESS:
      return {
        status: 'quarantined',
        outcome: 'a button or form that this version of Parley cannot read; whoever pressed was told so',
      };
    case UNREADABLE_BODY:
      return { status: 'quarantined', outcome: 'Discord signed something that is no JSON; only its size is kept' };
    default:
      return {
        status: 'quarantined',
        outcome: `Parley does not know what to do with a request of Discord of type ${kind}`,
      };
  }
}
