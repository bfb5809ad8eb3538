import { createHash } from 'node:crypto';
import type { Delivery, InboxItem, Worked } from '../../core/kernel/inbox.ts';
import { withoutSecrets } from '../redact.ts';
import { REMOVED } from './guild.ts';
import { Origin } from './payloads.ts';

/** Something of Discord that is stored: a message, or an interaction that nobody here can answer. */
export interface Kept {
  delivery: Delivery;
}

/** The kind of a message, which is worked; and of presses that are stored because nobody can read them. */
export const MESSAGE = 'message';
export const UNREADABLE_PRESS = 'unreadable_press';
export const UNREADABLE_BODY = 'unreadable_body';
const REMOVAL = 'guild_delete';
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

/** That Parley was removed from a server, as the gateway tells at this moment: it gives no time, and no name to the news. */
export function keepRemoval(guild: string, at: Date): Delivery {
  return {
    source: 'discord',
    account: guild,
    deliveryId: `${REMOVAL}:${guild}:${at.getTime()}`,
    kind: REMOVAL,
    headers: { at: at.toISOString() },
    body: Buffer.from(JSON.stringify({ guild_id: guild })),
  };
}

/** When Parley was removed from a server; null for any other delivery. */
export function removalIn({ kind, headers, receivedAt }: InboxItem): { reason: string; at: Date } | null {
  return kind === REMOVAL ? { reason: REMOVED, at: new Date(headers.at ?? receivedAt) } : null;
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
