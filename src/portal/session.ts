import { createHash, randomBytes } from 'node:crypto';
import type { Request, Response } from 'express';
import type { Person, Who } from '../core/kernel/actor.ts';
import type { Press } from '../core/kernel/card.ts';
import { withActor } from '../core/kernel/context.ts';
import { cookieOf } from '../core/kernel/cookie.ts';
import { ask } from '../core/kernel/db.ts';
import { DomainError } from '../core/kernel/errors.ts';
import type { SignInLink } from '../core/kernel/links.ts';
import { readLink } from '../core/kernel/links.ts';
import { runCommand } from '../core/kernel/registry.ts';
import { IDLE_HOURS, SESSION_DAYS } from '../core/kernel/session-life.ts';
import { deviceOf } from './device.ts';
import type { Reader } from './link.ts';
import { shownOnce } from './link.ts';
import type { Portal } from './portal.ts';

/** Seconds for which the browser keeps its cookie; the session itself ends by what is stored of it. */
const COOKIE_SECONDS = SESSION_DAYS * 86_400;

/** A browser that is signed in. */
export interface SignedIn extends Reader {
  session: string;
}

/** Who is signed in with this browser? Reads only, but for the note that it was here. */
export async function signedIn(portal: Portal, request: Request): Promise<SignedIn | null> {
  const { app } = portal;
  const [tenantId = '', token = ''] = sessionKey(portal, request).split('.');
  if (!UUID.test(tenantId) || !TOKEN.test(token)) return null;
  const [row] = await ask<{ found: { id: string; person: string; assurance: 'mail'; firm: string } | null }>(
    app.database,
    {
      name: 'session',
      text: 'select parley_session($1, $2, $3, $4) as found',
      values: [tenantId, hashOf(token), app.clock.now(), `${IDLE_HOURS} hours`],
    },
  );
  const found = row?.found;
  if (!found) return null;
  const { id, person: personId, assurance, firm } = found;
  return readerFor(portal, { kind: 'person', tenantId, personId, channel: 'portal', assurance }, { session: id, firm });
}

async function readerFor(
  { app }: Portal,
  who: Who,
  { session, firm }: { session: string; firm: string },
): Promise<SignedIn | null> {
  const requestId = (press: Press, once: string) => `portal:${session}:${shownOnce(press, once)}`;
  try {
    return await withActor(app, who, async ({ actor }) => ({
      who,
      person: actor as Person,
      firm,
      path: '/app',
      session,
      requestId,
    }));
  } catch (error) {
    // They lost their access a moment ago.
    if (error instanceof DomainError && error.code === 'not_found') return null;
    throw error;
  }
}

/**
 * Signs this browser in with a link, as a new session: whatever it held before counts no more.
 * @throws DomainError conflict when the link was used before
 */
export async function beginSession(
  portal: Portal,
  request: Request,
  response: Response,
  link: Pick<SignInLink, 'tenantId' | 'personId' | 'id' | 'shown'>,
): Promise<void> {
  const before = await signedIn(portal, request);
  const token = randomBytes(32).toString('base64url');
  const { tenantId, personId: person, id, shown } = link;
  const input = { person, link: id, shown, tokenHash: hashOf(token), ...browserOf(request) };
  await runCommand(
    portal.app,
    { kind: 'system', tenantId, reason: 'signing in' },
    { name: 'session.begin', input, requestId: `session ${crypto.randomUUID()}` },
  );
  setCookie(portal, response, cookieName(portal), `${tenantId}.${token}`, COOKIE_SECONDS);
  if (before) await endSession(portal, before);
}

/** Signs a browser out: its cookie is worth nothing any more, whoever holds a copy of it. */
export async function endSession({ app }: Portal, { who, session }: SignedIn): Promise<void> {
  const request = { name: 'session.end', input: { session }, requestId: `session ${crypto.randomUUID()}` };
  await runCommand(app, who, request).catch((error: unknown) => {
    // It was ended meanwhile.
    if (!(error instanceof DomainError && error.code === 'conflict')) throw error;
  });
}

export function forgetSession(portal: Portal, response: Response): void {
  setCookie(portal, response, cookieName(portal), '', 0);
}

/** What a browser is, and where, as it is told to the person who is signed in with it. */
export function browserOf(request: Request): { device: string; place: string } {
  return { device: deviceOf(request.get('user-agent') ?? ''), place: (request.ip ?? 'unknown').slice(0, 100) };
}

/** A browser is told apart by a cookie of its own until it is signed in: a link that was asked for works where it was. */
export function browserKey(portal: Portal, request: Request): string | null {
  const value = cookieOf(request, named(portal, 'parley-browser'));
  return TOKEN.test(value) ? hashOf(value) : null;
}

/** Gives the browser such a cookie, unless it has one. */
export function keepBrowser(portal: Portal, request: Request, response: Response): string {
  const known = browserKey(portal, request);
  if (known) return known;
  const value = randomBytes(32).toString('base64url');
  setCookie(portal, response, named(portal, 'parley-browser'), value, BROWSER_SECONDS);
  return hashOf(value);
}

/** Remembers the link of a mail that goes on once its person is signed in with this browser. */
export function keepStep(portal: Portal, response: Response, token: string): void {
  setCookie(portal, response, named(portal, 'parley-step'), token, BROWSER_SECONDS);
}

/** The link that was remembered, if it is this person's own; it is forgotten with that. */
export function takeStep(
  portal: Portal,
  request: Request,
  response: Response,
  { tenantId, personId }: Pick<SignInLink, 'tenantId' | 'personId'>,
): string | null {
  const token = cookieOf(request, named(portal, 'parley-step'));
  if (!token) return null;
  setCookie(portal, response, named(portal, 'parley-step'), '', 0);
  const link = readLink(portal.app.secrets, token, portal.app.clock.now());
  return link && !link.expired && link.tenantId === tenantId && link.personId === personId ? token : null;
}

/** Longer than any link counts. */
const BROWSER_SECONDS = 3_600;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const TOKEN = /^[\w-]{43}$/;

function setCookie({ base, secure }: Portal, response: Response, name: string, value: string, seconds: number): void {
  // A __Host- cookie must be for the whole host, and no other host of the domain can set it.
  const path = secure ? '/; Secure' : `${base || '/'}`;
  response.append('Set-Cookie', `${name}=${value}; Path=${path}; Max-Age=${seconds}; HttpOnly; SameSite=Lax`);
}

/** By what the pages of a browser are counted; '' when it is not signed in. */
export function sessionKey(portal: Portal, request: Request): string {
  return cookieOf(request, cookieName(portal));
}

function cookieName(portal: Portal): string {
  return named(portal, 'parley-session');
}

function named({ secure }: Portal, name: string): string {
  return secure ? `__Host-${name}` : name;
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
