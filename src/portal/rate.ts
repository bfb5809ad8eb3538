import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';

/** Tokens of a bucket, and how many come back in a second. */
interface Rate {
  most: number;
  perSecond: number;
}

/** Enough for a whole office behind one address that opens its mails in the morning. */
const OF_ADDRESS: Rate = { most: 240, perSecond: 4 };
/** One person, their mail scanner, and whoever the mail was forwarded to. */
const OF_LINK: Rate = { most: 60, perSecond: 1 };
/** Links for signing in that are asked for from one address: a team that begins its day together, and nobody's mailbox is filled. */
const OF_ASKER: Rate = { most: 20, perSecond: 1 / 30 };
/** Accounts that a firm tries to connect: whoever mistypes tries again, and nobody guesses a password by it. */
const OF_TRIES: Rate = { most: 10, perSecond: 1 / 30 };
/** Buckets remembered of each kind; beyond it the one used longest ago is forgotten. */
const REMEMBERED = 10_000;

/**
 * Token buckets per address and per link, in this process's memory. They only keep a machine from hammering one process,
 * and many machines from hammering one link; what protects a link is its signature, which nobody guesses at any rate. So
 * nothing is shared between processes.
 */
export class RateLimit {
  readonly #addresses = new Buckets(OF_ADDRESS);
  readonly #links = new Buckets(OF_LINK);
  readonly #askers = new Buckets(OF_ASKER);
  readonly #tries = new Buckets(OF_TRIES);

  /** Takes a token of the address for a link that signs in; false when it has none. */
  allowsAsking(address: string, now: number): boolean {
    return this.#askers.take(networkOf(address), now);
  }

  /** Takes a token of a firm that tries to connect an account; false when it has none. */
  allowsTrying(firm: string, now: number): boolean {
    return this.#tries.take(firm, now);
  }

  /** Takes a token of the address and one of the link; false when either has none. */
  allows(address: string, link: string, now: number): boolean {
    // An address that has no token left takes none of the link's.
    return this.#addresses.take(networkOf(address), now) && this.#links.take(digest(link), now);
  }
}

class Buckets {
  readonly #rate: Rate;
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  constructor(rate: Rate) {
    this.#rate = rate;
  }

  take(key: string, now: number): boolean {
    const { most, perSecond } = this.#rate;
    const bucket = this.#buckets.get(key) ?? { tokens: most, at: now };
    const tokens = Math.min(most, bucket.tokens + (Math.max(0, now - bucket.at) / 1000) * perSecond);
    this.#buckets.delete(key);
    this.#buckets.set(key, { tokens: Math.max(0, tokens - 1), at: now });
    if (this.#buckets.size > REMEMBERED) this.#buckets.delete(this.#buckets.keys().next().value as string);
    return tokens >= 1;
  }
}

/** Whoever has one address of IPv6 has all of its /64. */
function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped?.[1]) return mapped[1];
  const [head = '', tail = ''] = address.split('::');
  const [left, right] = [head, tail].map((half) => half.split(':').filter(Boolean)) as [string[], string[]];
  const zeros = address.includes('::') ? Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0') : [];
  return [...left, ...zeros, ...right].slice(0, 4).join(':');
}

/** Of any length, and no key to be found in memory. */
function digest(link: string): string {
  return createHash('sha256').update(link).digest('base64url').slice(0, 22);
}
