/** Tokens that a visitor may hold; enough for a whole office behind one address that opens its mails in the morning. */
const MOST = 240;
const PER_SECOND = 4;
/** Visitors remembered; beyond it the one seen longest ago is forgotten. */
const VISITORS = 10_000;

/**
 * A token bucket per visitor, in this process's memory. It only keeps a single machine from hammering one process; what
 * protects a link is its signature, which nobody guesses at any rate. So nothing is shared between processes.
 */
export class RateLimit {
  private readonly buckets = new Map<string, { tokens: number; at: number }>();

  /** Takes a token; false when there is none. */
  allows(visitor: string, now: number): boolean {
    const bucket = this.buckets.get(visitor) ?? { tokens: MOST, at: now };
    const tokens = Math.min(MOST, bucket.tokens + (Math.max(0, now - bucket.at) / 1000) * PER_SECOND);
    this.buckets.delete(visitor);
    this.buckets.set(visitor, { tokens: Math.max(0, tokens - 1), at: now });
    if (this.buckets.size > VISITORS) this.buckets.delete(this.buckets.keys().next().value as string);
    return tokens >= 1;
  }
}
