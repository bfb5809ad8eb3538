import type { KeyObject } from 'node:crypto';
import { createPublicKey, verify } from 'node:crypto';

/** Seconds by which a request's timestamp may differ from our clock: an old request is not accepted again. */
const WINDOW = 300;

/**
 * The application's public key, as the developer portal shows it: 32 bytes in hexadecimal.
 * @throws Error with the cure when it is no such key
 */
export function publicKeyOf(hex: string): KeyObject {
  if (!/^[0-9a-f]{64}$/i.test(hex))
    throw new Error(
      'DISCORD_PUBLIC_KEY is 64 hexadecimal digits: copy it from the page “General Information” of the app',
    );
  return createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(hex, 'hex').toString('base64url') },
    format: 'jwk',
  });
}

/**
 * True when Discord signed this body lately (docs.discord.com/developers/interactions/overview#setting-up-an-endpoint).
 * @param now seconds since 1970
 */
export function isSigned(
  key: KeyObject,
  raw: Buffer,
  { timestamp, signature }: { timestamp: unknown; signature: unknown },
  now: number,
): boolean {
  if (typeof timestamp !== 'string' || !/^\d{1,12}$/.test(timestamp) || Math.abs(now - Number(timestamp)) > WINDOW)
    return false;
  if (typeof signature !== 'string' || !/^[0-9a-f]{128}$/i.test(signature)) return false;
  return verify(null, Buffer.concat([Buffer.from(timestamp), raw]), key, Buffer.from(signature, 'hex'));
}
