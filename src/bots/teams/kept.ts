import { createHash } from 'node:crypto';
import type { Delivery, InboxItem, Worked } from '../../core/kernel/inbox.ts';
import { withoutSecrets } from '../redact.ts';
import { isKnownInvoke } from './invokes.ts';
import type { Parsed, Unworked, Where } from './parse.ts';

/** An activity that becomes a row of the inbox. */
export type Kept = Exclude<Parsed, { kind: 'press' | 'show' }>;

/** Whose row it becomes; null when it names no organisation. */
export function installOf(parsed: Kept): Where['install'] | null {
  return 'where' in parsed ? parsed.where.install : parsed.install;
}

/** Makes a delivery of an activity. What nobody works carries its reason along. */
export function keep(parsed: Kept, account: string, raw: unknown): Delivery {
  const isPrivate = parsed.kind === 'ignored' && parsed.others;
  const body = withoutSecrets(isPrivate ? withoutWords(raw) : raw);
  const kind = parsed.kind === 'unsupported' && !isKnownInvoke(parsed.name) ? 'strange' : parsed.kind;
  const common = { source: 'teams', account, kind, body };
  if ('deliveryId' in parsed) return { ...common, deliveryId: parsed.deliveryId, headers: {} };
  // An edit has the id of the message that it changes: only the content tells the two apart.
  const digest = createHash('sha256').update(withoutSecrets(raw)).digest('hex');
  return { ...common, deliveryId: `${parsed.kind}:${digest}`, headers: { why: parsed.why } };
}

/** What is left of a message between other people: that there was one. */
function withoutWords(raw: unknown): unknown {
  const { type, id, timestamp, channelId, conversation, channelData } = raw as Record<string, unknown>;
  return { type, id, timestamp, channelId, conversation, channelData };
}

const UNWORKED: Readonly<Record<Unworked['kind'], (why: string) => Worked>> = {
  ignored: (why) => ({ status: 'applied', outcome: `ignored: ${why}` }),
  unsupported: (why) => ({ status: 'applied', outcome: `ignored: ${why}; whoever asked was told so` }),
  unreadable: (why) => ({ status: 'quarantined', outcome: `a press that cannot be read: ${why}` }),
  strange: (why) => ({ status: 'quarantined', outcome: `not of a form we know: ${why}` }),
};

/** How a stored activity ends that nobody works; null for one that says or changes something. */
export function unworked({ kind, headers: { why } }: InboxItem): Worked | null {
  const ending = why !== undefined && Object.hasOwn(UNWORKED, kind) ? UNWORKED[kind as Unworked['kind']] : null;
  return ending?.(why ?? '') ?? null;
}
