import { createHash } from 'node:crypto';

/**
 * The ids that two components of a posted card's message get. Discord gives them back with the message, so that one that
 * was sent and not noted is found by them; nobody sees them.
 */
export function marksOf(cardId: string): [number, number] {
  const hash = createHash('sha256').update(cardId).digest();
  const first = idAt(hash.readUInt32BE(0));
  const second = idAt(hash.readUInt32BE(4));
  return [first, second === first ? (second ^ 1) + 2 : second];
}

/** Above the small numbers that Discord gives to components without an id, within 31 bits. */
function idAt(number: number): number {
  return (number % (2 ** 31 - 2_000)) + 1_000;
}

/** The nonce under which a card is posted: within minutes Discord makes one message of two with the same. At most 25 characters. */
export function nonceOf(cardId: string): string {
  return createHash('sha256').update(cardId).digest('base64url').slice(0, 25);
}
