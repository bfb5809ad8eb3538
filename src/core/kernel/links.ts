import type { Press } from './card.ts';
import { decodePress, encodePress } from './card.ts';
import type { Secrets } from './secrets.ts';

/** What a signed link in a mail stands for: this press, by this person, once. Gives assurance `link` only. */
export interface ActionLink {
  tenantId: string;
  personId: string;
  press: Press;
  /** The request id's other half: the same link acts once, a repeat answers the first outcome. */
  nonce: string;
  /** Seconds since 1970. */
  expires: number;
}

/** Writes a link's token, safe in a URL path. */
export function signLink(secrets: Secrets, link: ActionLink): string {
  const { tenantId, personId, press, nonce, expires } = link;
  return signed(secrets, 'action-link', [tenantId, personId, encodePress(press), nonce, expires]);
}

/** Reads a token. Returns null when it was not signed by us, or is damaged; an expired one comes with `expired`. */
export function readLink(secrets: Secrets, token: string, now: Date): (ActionLink & { expired: boolean }) | null {
  const values = readSigned(secrets, 'action-link', token);
  if (!values) return null;
  const [tenantId, personId, pressText, nonce, expires] = values as [string, string, string, string, number];
  const press = decodePress(pressText);
  return press && { tenantId, personId, press, nonce, expires, expired: expires * 1000 < now.getTime() };
}

/** What a link that signs in stands for: this person, in one browser, once. */
export interface SignInLink {
  tenantId: string;
  personId: string;
  /** By which a session remembers the link that it began with: each begins one. */
  id: string;
  /** Where it was shown, to that person alone: in their mailbox, in a chat in which they are linked, or where the hub is run. */
  shown: 'mail' | 'chat' | 'terminal';
  /** The hash of the cookie of the browser that asked; '' where no browser asked. */
  browser: string;
  /** The press whose page they are going to, encoded; '' for the home. */
  back: string;
  /** Seconds since 1970. */
  expires: number;
}

export function signSignIn(secrets: Secrets, link: SignInLink): string {
  const { tenantId, personId, id, shown, browser, back, expires } = link;
  return signed(secrets, 'sign-in', [tenantId, personId, id, shown, browser, back, expires]);
}

/** As `readLink`. */
export function readSignIn(secrets: Secrets, token: string, now: Date): (SignInLink & { expired: boolean }) | null {
  const values = readSigned(secrets, 'sign-in', token);
  if (!values) return null;
  const [tenantId, personId, id, shown, browser, back, expires] = values as [
    string,
    string,
    string,
    SignInLink['shown'],
    string,
    string,
    number,
  ];
  return { tenantId, personId, id, shown, browser, back, expires, expired: expires * 1000 < now.getTime() };
}

/** What a link that stops optional mails stands for: these mails to this person, and nothing else. */
export interface StopLink {
  tenantId: string;
  personId: string;
  /** As the view says that is mailed: `View.stops`. */
  what: string;
}

/** It does not expire: whoever finds an old mail may stop what it was one of. */
export function signStop(secrets: Secrets, { tenantId, personId, what }: StopLink): string {
  return signed(secrets, 'stop', [tenantId, personId, what]);
}

/** Reads a token; null when it was not signed by us for this. */
export function readStop(secrets: Secrets, token: string): StopLink | null {
  const values = readSigned(secrets, 'stop', token);
  if (!values) return null;
  const [tenantId, personId, what] = values as [string, string, string];
  return { tenantId, personId, what };
}

/** JSON in base64url and its HMAC: what is handed out in an address, to be read when it comes back. */
export function signed(secrets: Secrets, purpose: string, value: unknown): string {
  const text = Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${text}.${secrets.sign(purpose, text)}`;
}

/** Four times what a link takes. */
const MOST_CHARACTERS = 2_000;

/** Reads it; null when this hub did not sign it for that purpose. */
export function readSigned(secrets: Secrets, purpose: string, token: string): unknown {
  if (token.length > MOST_CHARACTERS) return null;
  const [text = '', signature = '', ...more] = token.split('.');
  if (more.length || !secrets.verify(purpose, text, signature)) return null;
  return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
}
