import { z } from 'zod';
import { readSigned, signed } from './links.ts';
import type { Secrets } from './secrets.ts';

/** An administrator who sets out to connect an account of a tool. */
export const Beginning = z.strictObject({
  tenantId: z.uuid(),
  personId: z.uuid(),
  tool: z.string(),
  /** Used once: what it led to is known by it. */
  nonce: z.string().min(16),
  /** Seconds since 1970. */
  expires: z.int(),
});
/** As it is signed. */
export type Beginning = z.infer<typeof Beginning>;

const PURPOSE = 'connecting an account';
/** Seconds in which somebody gets from the card to the tool's page and back. */
const MINUTES_10 = 600;

/** A link for one administrator, shown to them alone: what they connect there becomes their firm's. */
export function beginningOf(
  who: { tenantId: string; personId: string },
  tool: string,
  nonce: string,
  now: Date,
): Beginning {
  const { tenantId, personId } = who;
  return { tenantId, personId, tool, nonce, expires: Math.floor(now.getTime() / 1000) + MINUTES_10 };
}

/** Writes it as part of an address. */
export function signBeginning(secrets: Secrets, beginning: Beginning): string {
  return signed(secrets, PURPOSE, beginning);
}

/** Reads it; null when it is not ours, for another tool, or too old. */
export function readBeginning(secrets: Secrets, token: string, tool: string, now: Date): Beginning | null {
  const { data } = Beginning.safeParse(readSigned(secrets, PURPOSE, token));
  return data && data.tool === tool && data.expires * 1000 > now.getTime() ? data : null;
}
