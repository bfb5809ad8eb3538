import { createPublicKey, generateKeyPairSync, randomUUID, sign } from 'node:crypto';

/** The issuer of the Bot Connector's tokens, as the SDK expects it. */
export const ISSUER = 'https://api.botframework.com';

/** A key made at start, its public half as a JWK set, and tokens signed with it. */
export interface Signer {
  jwks: { keys: Record<string, unknown>[] };
  /** An RS256 JWT that counts for an hour, unless the claims say otherwise. */
  token(claims: Record<string, unknown>): string;
}

export function makeSigner(): Signer {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const kid = randomUUID();
  const jwk = createPublicKey(privateKey).export({ format: 'jwk' });
  return {
    jwks: { keys: [{ ...jwk, kid, use: 'sig', alg: 'RS256', endorsements: ['msteams'] }] },
    token: (claims) => {
      const seconds = Math.floor(Date.now() / 1000);
      const payload = { iss: ISSUER, nbf: seconds - 60, exp: seconds + 3600, ...claims };
      const text = `${encode({ alg: 'RS256', typ: 'JWT', kid })}.${encode(payload)}`;
      return `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`;
    },
  };
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
