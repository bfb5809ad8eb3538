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

/** Writes a link's token: base64url text and its HMAC, safe in a URL path. */
export function signLink(secrets: Secrets, link: ActionLink): string {
  const text = Buffer.from(
    JSON.stringify([link.tenantId, link.personId, encodePress(link.press), link.nonce, link.expires]),
  ).toString('base64url');
  return `${text}.${secrets.sign('action-link', text)}`;
}

/** Four times what a link takes. */
const MOST_CHARACTERS = 2_000;

/** Reads a token. Returns null when it was not signed by us, or is damaged; an expired one comes with `expired`. */
export function readLink(secrets: Secrets, token: string, now: Date): (ActionLink & { expired: boolean }) | null {
  if (token.length > MOST_CHARACTERS) return null;
  const [text = '', signature = '', ...more] = token.split('.');
  if (more.length || !secrets.verify('action-link', text, signature)) return null;
  const [tenantId, personId, pressText, nonce, expires] = JSON.parse(
    Buffer.from(text, 'base64url').toString('utf8'),
  ) as [string, string, string, string, number];
  const press = decodePress(pressText);
  return press && { tenantId, personId, press, nonce, expires, expired: expires * 1000 < now.getTime() };
}
