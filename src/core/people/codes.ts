import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Secrets } from '../kernel/secrets.ts';

/** Minutes for which a linking code counts (OWASP ASVS 6.5.5 asks for at most ten). */
export const CODE_MINUTES = 10;
/** Minutes for which a code counts that an administrator hands on: long enough for a call, too short to lie about. */
export const ISSUED_MINUTES = 60;
/** Wrong codes after which a code is worthless: with eight digits a guess stays hopeless. */
export const CODE_ATTEMPTS = 5;
/** Codes that may be asked for in an hour: by one chat user, and for one mail address. */
export const CODES_AN_HOUR = 5;

/** Who acts, as the platform says; put in by the channel, never typed. */
export const Sender = z.strictObject({
  provider: z.enum(['slack', 'teams', 'discord', 'email', 'sso']),
  account: z.string().max(200),
  externalId: z.string().min(1).max(200),
  /** What the account calls itself: shown as that, never a proof. */
  calledAs: z.string().max(200).optional(),
});

export type Sender = z.infer<typeof Sender>;

/** What the channel knows of who acts: no form and no button brings it. */
export const SENT = ['provider', 'account', 'externalId', 'calledAs'] as const;

/** What was typed as a code: its digits. */
export const code = (label: string) =>
  z
    .string('is needed')
    .max(40)
    .transform((typed) => typed.replaceAll(/\D/g, ''))
    .meta({ label, placeholder: '1234 5678', most: 20 });

/** The code for a linking request: derived, so that nothing stored can be used to link. */
export function codeFor(secrets: Secrets, linkId: string): string {
  const digest = createHash('sha256').update(secrets.sign('link-code', linkId)).digest();
  return String(digest.readUInt32BE(0) % 100_000_000).padStart(8, '0');
}

/** What is stored of a code: keyed, since eight digits behind a plain hash are found by trying them all. */
export function hashOfCode(secrets: Secrets, linkId: string, code: string): string {
  return secrets.sign('link-code-hash', `${linkId}:${code}`);
}

export function isCode(secrets: Secrets, linkId: string, code: string, hash: string): boolean {
  return secrets.verify('link-code-hash', `${linkId}:${code}`, hash);
}

/** What is stored of the address that a code was asked for: strangers' addresses are nobody's business. */
export function hashOfAddress(secrets: Secrets, email: string): string {
  return secrets.sign('link-address', email);
}

/** How the accounts of a provider are called in a sentence. */
export function providerName(provider: string): string {
  return { slack: 'Slack', teams: 'Teams', discord: 'Discord', email: 'mail', sso: 'sign-in' }[provider] ?? provider;
}

/** What somebody is told whose account was linked. */
export function linkedText(provider: string): string {
  return `Your ${providerName(provider)} account is linked. You can use every button now.`;
}

/** An account on a platform, as it is named to the person whose it may be. */
export interface Account {
  provider: string;
  /** The workspace or organisation, with its name where it is known. */
  account: string;
  workspace: string | null;
  externalId: string;
  calledAs: string | null;
}

/** "“bob” (U0123) in Slack, workspace Northwind (T0123)": the ids are the platform's, the names are what they call themselves. */
export function accountText({ provider, account, workspace, externalId, calledAs }: Account): string {
  const who = calledAs ? `“${shortName(calledAs)}” (${externalId})` : externalId;
  const kind = provider === 'slack' ? 'workspace' : 'organisation';
  return `${who} in ${providerName(provider)}, ${kind} ${workspace ? `${shortName(workspace)} (${account})` : account}`;
}

/** A stranger's name for themselves: one line, nothing invisible, too short to hide what follows it. */
function shortName(name: string): string {
  return name
    .replaceAll(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
    .slice(0, 80);
}
