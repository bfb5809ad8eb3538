import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { DomainError } from './errors.ts';
import { seal, unseal } from './seal.ts';

/** Keys derived from PARLEY_SECRET, one per purpose, so that a token of one kind is worthless as another. */
export interface Secrets {
  /** HMAC-SHA256 of the text under the purpose's key, base64url. */
  sign(purpose: string, text: string): string;
  /**
   * Constant-time check against the current secret and, during a rotation, the previous one.
   * @param bytes how many leading bytes of the HMAC the signature carries, where a whole one (32) does not fit
   */
  verify(purpose: string, text: string, signature: string, bytes?: number): boolean;
  /**
   * A key as it may be stored: a copy for each secret that is accepted now.
   * @param about what the key is for: a copy is of no use for anything else
   */
  wrapKey(key: Buffer, about: string): WrappedKey[];
  /** The key of such copies; null when all of them were made with other secrets, or for something else. */
  unwrapKey(copies: readonly WrappedKey[], about: string): Buffer | null;
}

/** A key, wrapped under one secret. */
export interface WrappedKey {
  /** Tells which secret it was, and nothing about it. */
  secretId: string;
  wrapped: Buffer;
}

/** For whoever is shown what another person sees: they open what is kept, and make nothing that proves who somebody is. */
export function signingNothing({ unwrapKey }: Secrets): Secrets {
  return { sign: refuse, verify: () => false, wrapKey: refuse, unwrapKey };
}

function refuse(): never {
  throw new DomainError('forbidden', 'This is shown to nobody but the person themselves.');
}

const WRAPPING = 'wrapping keys';

/** @param secrets current first, then earlier ones that are still accepted */
export function secretsFrom(secrets: readonly [string, ...string[]]): Secrets {
  const keyOf = (secret: string, purpose: string) => Buffer.from(hkdfSync('sha256', secret, 'parley', purpose, 32));
  const mac = (secret: string, purpose: string, text: string) =>
    createHmac('sha256', keyOf(secret, purpose)).update(text).digest();
  const idOf = (secret: string) => keyOf(secret, 'name of a secret').toString('hex', 0, 8);
  return {
    sign: (purpose, text) => mac(secrets[0], purpose, text).toString('base64url'),
    verify: (purpose, text, signature, bytes = 32) => {
      const given = Buffer.from(signature, 'base64url');
      // One spelling: base64 ends in bits that a reader drops.
      if (given.toString('base64url') !== signature) return false;
      return secrets.some((secret) => {
        const expected = mac(secret, purpose, text).subarray(0, bytes);
        return given.length === expected.length && timingSafeEqual(given, expected);
      });
    },
    wrapKey: (key, about) =>
      secrets.map((secret) => ({ secretId: idOf(secret), wrapped: seal(keyOf(secret, WRAPPING), key, about) })),
    unwrapKey: (copies, about) => {
      for (const secret of secrets) {
        const copy = copies.find(({ secretId }) => secretId === idOf(secret));
        const key = copy && unseal(keyOf(secret, WRAPPING), copy.wrapped, about);
        if (key) return key;
      }
      return null;
    },
  };
}
