import { createHash } from 'node:crypto';
import type { Delivery } from '../../core/kernel/inbox.ts';
import { alignmentOf } from './alignment.ts';
import type { Header } from './headers.ts';
import { bodyStart, messageIdOf, readHeaders, senderOf, valuesOf } from './headers.ts';
import type { MailTools } from './mail-tools.ts';

/** Stores a raw mail; it may be acknowledged only after this returned. Null when no firm has connected the reply address. */
export type Receive = (raw: Buffer, kind?: MailKind) => Promise<'stored' | 'duplicate' | null>;

/** `mail`: the whole mail. `stub`: the beginning of one that is larger than we take. */
export type MailKind = 'mail' | 'stub';

/** Both ways in, IMAP and HTTP, end here. */
export function receiver({ config, inbound }: Pick<MailTools, 'config' | 'inbound'>): Receive {
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
    deliveryId: identityOf(raw, headers, sender, verified),
    kind,
    headers: { ...Object.fromEntries(few), sender: storable(sender), verified: verified ? 'yes' : 'no' },
    body: raw,
  };
}

/**
 * What makes a mail the same when it comes again, by whatever way and with whatever transport headers: its own name
 * together with who sent it, whether that was verified, and what it says. A name alone can be guessed or copied by
 * anybody, and would keep out the mail it belongs to.
 */
function identityOf(raw: Buffer, headers: readonly Header[], sender: string, verified: boolean): string {
  const own = ['date', 'subject', 'content-type', 'content-transfer-encoding'].flatMap((name) =>
    valuesOf(headers, name),
  );
  const body = raw.subarray(bodyStart(raw)).toString('latin1').replaceAll('\r\n', '\n').trimEnd();
  const digest = createHash('sha256')
    .update(JSON.stringify([sender, verified, ...own.map(squeezed)]))
    .update(body);
  return `${messageIdOf(headers) ?? ''}sha256:${digest.digest('base64url')}`;
}

/** Servers fold long fields anew. */
function squeezed(value: string): string {
  return value.split(/\s+/).join(' ');
}

/** A text that a database takes and a page can show: no control characters, not endless. */
function storable(text: string): string {
  return text
    .slice(0, 500)
    .toWellFormed()
    .replaceAll(/\p{Cc}/gu, ' ');
}
