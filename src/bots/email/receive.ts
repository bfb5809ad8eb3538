import { createHash } from 'node:crypto';
import type { Delivery } from '../../core/kernel/inbox.ts';
import { alignmentOf } from './alignment.ts';
import { messageIdOf, readHeaders, senderOf, valuesOf } from './headers.ts';
import type { Mailroom } from './mailroom.ts';

/** Stores a raw mail; it may be acknowledged only after this returned. Null when no firm has connected the reply address. */
export type Receive = (raw: Buffer, kind?: MailKind) => Promise<'stored' | 'duplicate' | null>;

/** `mail`: the whole mail. `stub`: the beginning of one that is larger than we take. */
export type MailKind = 'mail' | 'stub';

/** Both ways in, IMAP and HTTP, end here. */
export function receiver({ config, inbound }: Pick<Mailroom, 'config' | 'inbound'>): Receive {
  const install = { tool: 'email', account: config.replyTo };
  return (raw, kind = 'mail') => inbound.store(install, deliveryOf(raw, kind, config));
}

function deliveryOf(raw: Buffer, kind: MailKind, config: { replyTo: string; authservId?: string }): Delivery {
  const headers = readHeaders(raw);
  const from = senderOf(headers);
  const sender = 'address' in from ? from.address : '';
  const verified = sender !== '' && alignmentOf(headers, sender, config.authservId).verified;
  const few = ['message-id', 'date', 'from', 'to', 'subject'].map((name) => [
    name,
    storable(valuesOf(headers, name)[0] ?? ''),
  ]);
  return {
    source: 'email',
    account: config.replyTo,
    // The same mail may come by two ways with other transport headers: its own name makes it the same.
    deliveryId: messageIdOf(headers) ?? `sha256:${createHash('sha256').update(raw).digest('hex')}`,
    kind,
    headers: { ...Object.fromEntries(few), sender: storable(sender), verified: verified ? 'yes' : 'no' },
    body: raw,
  };
}

/** A text that a database takes and a page can show: no control characters, not endless. */
function storable(text: string): string {
  return text
    .slice(0, 500)
    .toWellFormed()
    .replaceAll(/\p{Cc}/gu, ' ');
}
