import { createHash } from 'node:crypto';
import type { Secrets } from '../../core/kernel/secrets.ts';
import { domainOf } from './headers.ts';

/** What a tagged address of ours says: which card a mail answers, and what that mail showed. */
export type Tag =
  | { kind: 'reply'; cardId: string /** the fingerprint of the buttons that were shown, 8 hex digits */; shown: string }
  | { kind: 'bounce'; cardId: string }
  | { kind: 'proof'; proofId: string };

/** 80 bits of HMAC: nobody guesses one, and the tag still fits into a local part. */
const MAC_BYTES = 10;
/** RFC 5321, section 4.5.3.1.1. */
const LOCAL_PART = 64;
const TAG_CHARACTERS = 48;
const MOST_LOCAL = LOCAL_PART - 1 - TAG_CHARACTERS;

/**
 * Checks that tagged variants of the address fit.
 * @throws Error naming the setting and the cure
 */
export function requireRoomForTags(replyTo: string): void {
  if (!tagsFit(replyTo))
    throw new Error(
      `MAIL_REPLY_TO: the part before the @ is ${localOf(replyTo)}. It may have ${MOST_LOCAL} characters at most and no +, so that a tag fits behind it; use for example reply@${domainOf(replyTo)}`,
    );
}

/** Does a tag fit behind the part before the @? */
export function tagsFit(replyTo: string): boolean {
  const local = localOf(replyTo);
  return local.length <= MOST_LOCAL && !local.includes('+');
}

function localOf(address: string): string {
  return address.slice(0, address.lastIndexOf('@'));
}

/** The Reply-To of a card's mail: local+<tag>@domain. Case does not matter in it, since some servers change it. */
export function replyAddress(secrets: Secrets, replyTo: string, cardId: string, shown: string): string {
  return tagged(
    replyTo,
    sealed(secrets, 'reply-address', Buffer.concat([uuidBytes(cardId), Buffer.from(shown, 'hex')])),
  );
}

/** The envelope sender of a card's mail, where bounces come to. */
export function bounceAddress(secrets: Secrets, replyTo: string, cardId: string): string {
  return tagged(replyTo, sealed(secrets, 'bounce-address', uuidBytes(cardId)));
}

/** Where the mail goes that proves a mailbox: nobody but its reader learns the tag. */
export function proofAddress(secrets: Secrets, address: string, proofId: string): string {
  return tagged(address, sealed(secrets, 'proof-address', uuidBytes(proofId)));
}

/** Reads a tagged address; null when it is not one of ours, or was made up. */
export function readTag(secrets: Secrets, replyTo: string, address: string): Tag | null {
  const at = replyTo.lastIndexOf('@');
  const [start, end] = [`${replyTo.slice(0, at)}+`.toLowerCase(), replyTo.slice(at).toLowerCase()];
  const lower = address.toLowerCase();
  if (!lower.startsWith(start) || !lower.endsWith(end)) return null;
  const bytes = fromBase32(lower.slice(start.length, lower.length - end.length));
  const reply = bytes && opened(secrets, 'reply-address', bytes, 20);
  if (reply) return { kind: 'reply', cardId: uuidText(reply), shown: reply.subarray(16).toString('hex') };
  const bounce = bytes && opened(secrets, 'bounce-address', bytes, 16);
  if (bounce) return { kind: 'bounce', cardId: uuidText(bounce) };
  const proof = bytes && opened(secrets, 'proof-address', bytes, 16);
  return proof && { kind: 'proof', proofId: uuidText(proof) };
}

/** The Message-ID of a card's mail: the same when it is sent again, so that it can be told as the same. */
export function cardMessageId(replyTo: string, cardId: string): string {
  return `<card.${cardId}@${domainOf(replyTo)}>`;
}

/** The Message-ID of our answer to a mail: one mail gets one answer. */
export function answerMessageId(replyTo: string, incoming: string): string {
  return `<answer.${createHash('sha256').update(incoming).digest('hex').slice(0, 40)}@${domainOf(replyTo)}>`;
}

/** The card that a Message-ID names, or null. */
export function cardOfMessageId(replyTo: string, id: string): string | null {
  const [, cardId = null, domain] = /^<card\.([0-9a-f-]{36})@([^>]+)>$/i.exec(id) ?? [];
  return domain?.toLowerCase() === domainOf(replyTo) && UUID.test(cardId ?? '') ? cardId : null;
}

/** True for the Message-IDs that we write. */
export function isOurMessageId(replyTo: string, id: string): boolean {
  return (
    cardOfMessageId(replyTo, id) !== null ||
    (/^<answer\.[0-9a-f]{40}@/i.test(id) && domainOf(id.slice(0, -1)) === domainOf(replyTo))
  );
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function tagged(replyTo: string, tag: string): string {
  const at = replyTo.lastIndexOf('@');
  return `${replyTo.slice(0, at)}+${tag}${replyTo.slice(at)}`;
}

function sealed(secrets: Secrets, purpose: string, content: Buffer): string {
  const mac = Buffer.from(secrets.sign(purpose, content.toString('hex')), 'base64url').subarray(0, MAC_BYTES);
  return toBase32(Buffer.concat([content, mac]));
}

function opened(secrets: Secrets, purpose: string, bytes: Buffer, length: number): Buffer | null {
  if (bytes.length !== length + MAC_BYTES) return null;
  const [content, mac] = [bytes.subarray(0, length), bytes.subarray(length)];
  return secrets.verify(purpose, content.toString('hex'), mac.toString('base64url'), MAC_BYTES) ? content : null;
}

function uuidBytes(id: string): Buffer {
  return Buffer.from(id.replaceAll('-', ''), 'hex');
}

function uuidText(bytes: Buffer): string {
  return bytes.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** RFC 4648, section 6, in lower case and without padding. */
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

function toBase32(bytes: Buffer): string {
  let text = '';
  let value = 0;
  let bits = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    for (; bits >= 5; bits -= 5) text += ALPHABET[(value >>> (bits - 5)) & 31];
    value &= 255;
  }
  return bits > 0 ? text + ALPHABET[(value << (5 - bits)) & 31] : text;
}

function fromBase32(text: string): Buffer | null {
  if (text.length > TAG_CHARACTERS) return null;
  const bytes: number[] = [];
  let value = 0;
  let bits = 0;
  for (const character of text) {
    const digit = ALPHABET.indexOf(character);
    if (digit < 0) return null;
    value = ((value << 5) | digit) & 0xffff;
    bits += 5;
    if (bits >= 8) {
      bytes.push((value >>> (bits - 8)) & 255);
      bits -= 8;
    }
  }
  // Of a tag's spellings one alone counts: the last letter has room for bits of no byte, and so would further letters.
  const decoded = Buffer.from(bytes);
  return toBase32(decoded) === text ? decoded : null;
}
