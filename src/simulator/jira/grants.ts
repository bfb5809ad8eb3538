import { randomUUID } from 'node:crypto';

/** What a person let the app do, with the one refresh token that counts. */
interface SimGrant {
  /** The sites' ids. */
  sites: string[];
  scopes: string[];
  refreshToken: string;
  /** Refresh tokens that were used, and when. */
  used: Map<string, number>;
  accessToken: string;
  /** When the access token ends. */
  ends: number;
  revoked: boolean;
}

export interface Tokens {
  access_token: string;
  refresh_token: string;
  expires_in: number;
  token_type: 'Bearer';
  scope: string;
}

export const HOUR_SECONDS = 3_600;
const CODE_LIVES = 5 * 60_000;

/**
 * Atlassian's tokens as it documents them: a code counts once; a refresh token is replaced whenever it is used, and using one that
 * was replaced takes the whole permission away, unless it was replaced within the last minutes (`leeway`).
 */
export class Grants {
  /** Milliseconds for which a refresh token that was used is taken once more; Atlassian's are ten minutes. */
  leeway = 0;
  /** How often tokens were asked for, by kind. */
  readonly asked: string[] = [];
  readonly #now: () => number;
  readonly #grants: SimGrant[] = [];
  readonly #codes = new Map<string, { sites: string[]; scopes: string[]; redirectUri: string; at: number }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Somebody allowed it. */
  code(sites: string[], scopes: string[], redirectUri: string): string {
    const code = randomUUID();
    this.#codes.set(code, { sites, scopes, redirectUri, at: this.#now() });
    return code;
  }

  /** Null for a code that does not count, or for another address. */
  exchange(code: string, redirectUri: string): Tokens | null {
    this.asked.push('authorization_code');
    const found = this.#codes.get(code);
    this.#codes.delete(code);
    if (!found || found.redirectUri !== redirectUri || found.at + CODE_LIVES < this.#now()) return null;
    const { sites, scopes } = found;
    const grant: SimGrant = {
      ...{ sites, scopes, refreshToken: '', used: new Map(), accessToken: '', ends: 0, revoked: false },
    };
    this.#grants.push(grant);
    return this.#renewed(grant);
  }

  /** Null for one that does not count any more. */
  refresh(refreshToken: string): Tokens | null {
    this.asked.push('refresh_token');
    const grant = this.#grants.find((one) => one.refreshToken === refreshToken || one.used.has(refreshToken));
    if (!grant || grant.revoked) return null;
    const usedAt = grant.used.get(refreshToken);
    if (usedAt !== undefined && usedAt + this.leeway <= this.#now()) {
      grant.revoked = true;
      return null;
    }
    if (usedAt === undefined) grant.used.set(refreshToken, this.#now());
    return this.#renewed(grant);
  }

  /** The permission behind an access token; null when it is over. */
  of(accessToken: string): { sites: readonly string[]; scopes: readonly string[] } | null {
    const grant = this.#grants.find((one) => one.accessToken === accessToken);
    return grant && !grant.revoked && grant.ends > this.#now() ? grant : null;
  }

  /** People take back the last so many permissions that they gave; without a number, every one. */
  revoke(last = this.#grants.length): void {
    for (const grant of this.#grants.slice(-last)) grant.revoked = true;
  }

  /** Access tokens end before their time. */
  endAccess(): void {
    for (const grant of this.#grants) grant.ends = 0;
  }

  // A new access token takes the old one's place at once, which is the harder case for whoever has the old one.
  #renewed(grant: SimGrant): Tokens {
    grant.accessToken = `access-${randomUUID()}`;
    grant.refreshToken = `refresh-${randomUUID()}`;
    grant.ends = this.#now() + HOUR_SECONDS * 1000;
    return {
      access_token: grant.accessToken,
      refresh_token: grant.refreshToken,
      expires_in: HOUR_SECONDS,
      token_type: 'Bearer',
      scope: grant.scopes.join(' '),
    };
  }
}
