import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Secrets } from '../kernel/secrets.ts';

/** Minutes for which a linking code counts (OWASP ASVS 6.5.5 asks for at most ten). */
export const CODE_MINUTES = 10;
/** Wrong codes after which a code is worthless: with eight digits a guess stays hopeless. */
export const CODE_ATTEMPTS = 5;
/** Codes a chat user may ask for in an hour. */
export const CODES_AN_HOUR = 5;

/** Who acts, as the platform says; put in by the channel, never typed. */
export const Sender = z.strictObject({
  provider: z.enum(['slack', 'teams', 'discord', 'email', 'sso']),
  account: z.string().max(200),
  externalId: z.string().min(1).max(200),
});

/** The code for a linking request: derived, so that nothing stored can be used to link. */
export function codeFor(secrets: Secrets, linkId: string): string {
  const digest = createHash('sha256').update(secrets.sign('link-code', linkId)).digest();
  return String(digest.readUInt32BE(0) % 100_000_000).padStart(8, '0');
}

/** What is stored of a code. */
export function hashOfCode(linkId: string, code: string): string {
  return createHash('sha256').update(`${linkId}:${code}`).digest('base64url');
}

/** How the accounts of a provider are called in a sentence. */
export function providerName(provider: string): string {
  return { slack: 'Slack', teams: 'Teams', discord: 'Discord', email: 'mail', sso: 'sign-in' }[provider] ?? provider;
}
