import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/** Keys derived from PARLEY_SECRET, one per purpose, so that a token of one kind is worthless as another. */
export interface Secrets {
  /** HMAC-SHA256 of the text under the purpose's key, base64url. */
  sign(purpose: string, text: string): string;
  /**
   * Constant-time check against the current secret and, during a rotation, the previous one.
   * @param bytes how many leading bytes of the HMAC the signature carries, where a whole one (32) does not fit
   */
  verify(purpose: string, text: string, signature: string, bytes?: number): boolean;
}

/** @param secrets current first, then earlier ones that are still accepted */
export function secretsFrom(secrets: readonly [string, ...string[]]): Secrets {
  const keyOf = (secret: string, purpose: string) => Buffer.from(hkdfSync('sha256', secret, 'parley', purpose, 32));
  const mac = (secret: string, purpose: string, text: string) =>
    createHmac('sha256', keyOf(secret, purpose)).update(text).digest();
  return {
    sign: (purpose, text) => mac(secrets[0], purpose, text).toString('base64url'),
    verify: (purpose, text, signature, bytes = 32) => {
      const given = Buffer.from(signature, 'base64url');
      return secrets.some((secret) => {
        const expected = mac(secret, purpose, text).subarray(0, bytes);
        return given.length === expected.length && timingSafeEqual(given, expected);
      });
    },
  };
}
