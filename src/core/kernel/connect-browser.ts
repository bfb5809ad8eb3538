import type { Request, Response } from 'express';
import { cookieOf } from './cookie.ts';
import type { Secrets } from './secrets.ts';

/** Where somebody is on the way to connect an account: the tool, what was signed for them, and which step comes next. */
interface Way {
  tool: string;
  state: string;
  /** One step's cookie is of no use at another step, nor with another state. */
  step?: string;
}

const PURPOSE = 'connecting in a browser';
/** As long as a link counts. */
const COOKIE_SECONDS = 600;

/** What the browser keeps that was told for which firm; what it kept of an earlier step is gone with it. */
export function bindBrowser(secrets: Secrets, response: Response, way: Way, isSecure: boolean): void {
  const value = secrets.sign(PURPOSE, textOf(way));
  response.append(
    'Set-Cookie',
    `${nameOf(way)}=${value}; Path=/${way.tool}; Max-Age=${COOKIE_SECONDS}; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`,
  );
}

/** Whether it is that browser, at that step. */
export function isBoundBrowser(secrets: Secrets, request: Pick<Request, 'get'>, way: Way): boolean {
  return secrets.verify(PURPOSE, textOf(way), cookieOf(request, nameOf(way)));
}

const nameOf = ({ tool }: Way) => `parley-${tool}`;
const textOf = ({ tool, state, step = '' }: Way) => JSON.stringify([tool, step, state]);
