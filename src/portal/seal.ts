import { randomBytes } from 'node:crypto';
import type { Request, Response } from 'express';
import type { Press } from '../core/kernel/card.ts';
import { decodePress, encodePress } from '../core/kernel/card.ts';
import { cookieOf } from '../core/kernel/cookie.ts';
import type { Html } from '../core/kernel/html.ts';
import { html } from '../core/kernel/html.ts';
import type { Secrets } from '../core/kernel/secrets.ts';

const COOKIE = 'parley-page';
/** Begins the name of boxes. Of other names one value is taken, and none where several are sent. */
export const TICKS = 'ticks-';
/** The hidden fields that say what a form is for. */
export const SEALING: readonly string[] = ['press', 'view', 'once', 'seal'];
/** Most characters of a hidden field of ours: a press has 100 bytes, a seal 43 characters. */
const MOST_SEALED = 500;

/** One page as it was shown: only a form of this page, in this browser, can be sent. */
export interface Seal {
  /** Where its forms are sent, below the portal's own path: `/l/<token>`, `/app`. */
  path: string;
  /** The browser's half: in a cookie that no other site's request carries, or the session that it is signed in with. */
  visit: string;
  /** New for every page that is shown: pressing a button twice on one page is one press. */
  once: string;
  /** The view that the page shows, to show it again with what is wrong in its form. */
  view: Press | null;
}

/** Begins a page: gives the browser its half in a cookie of this path alone, unless it has one. */
export function sealPage(
  request: Request,
  response: Response,
  at: { base: string; secure: boolean; path: string; view: Press | null },
): Seal {
  const visit = visitOf(request) ?? randomBytes(18).toString('base64url');
  response.append(
    'Set-Cookie',
    `${COOKIE}=${visit}; Path=${at.base}${at.path}; HttpOnly; SameSite=Strict${at.secure ? '; Secure' : ''}`,
  );
  return sealFor(at.path, visit, at.view);
}

/** Begins a page for a browser that has its half already. */
export function sealFor(path: string, visit: string, view: Press | null): Seal {
  return { path, visit, once: randomBytes(12).toString('base64url'), view };
}

/** The form around a press, with the hidden fields that seal it. */
export function sealedForm(
  secrets: Secrets,
  base: string,
  seal: Seal,
  press: Press,
  content: Html,
  hasFiles = false,
): Html {
  const [encoded, view] = [encodePress(press), seal.view ? encodePress(seal.view) : ''];
  return html`<form method="post" action="${base}${seal.path}"${hasFiles ? html` enctype="multipart/form-data"` : null}>
<input type="hidden" name="press" value="${encoded}"><input type="hidden" name="view" value="${view}"><input type="hidden" name="once" value="${seal.once}">
<input type="hidden" name="seal" value="${secrets.sign('portal-form', contentOf(seal, encoded, view))}">
${content}
</form>`;
}

/** What a form of ours was sent with. */
export interface Sent {
  press: Press;
  view: Press | null;
  once: string;
  /** What was typed, by field. What is ticked is a text as `ticks.ts` says, '' where nothing is. */
  typed: Record<string, string>;
  /** It had fields, whether or not anything was typed into them. */
  isForm: boolean;
}

/** Reads a sent form; null when it was not a form of this page in this browser (CSRF), or was changed. */
export function openSeal(
  secrets: Secrets,
  request: Request,
  path: string,
  visit: string | null = visitOf(request),
): Sent | null {
  const body = fieldsOf(request.body);
  const { press: encoded = '', view = '', once = '', seal = '' } = body;
  if ([encoded, view, once, seal].some((field) => field.length > MOST_SEALED)) return null;
  if (!visit || !secrets.verify('portal-form', contentOf({ path, visit, once }, encoded, view), seal)) return null;
  const press = decodePress(encoded);
  const fields = Object.entries(body).filter(([name]) => name.startsWith('field-'));
  const typed = fields.flatMap(([name, value]) =>
    value === '' ? [] : [[name.slice(6), value.replaceAll('\r\n', '\n')]],
  );
  const ticked = ticksOf(request.body);
  const shown = view ? decodePress(view) : null;
  return (
    press && {
      press,
      view: shown,
      once,
      typed: Object.fromEntries([...typed, ...ticked]),
      isForm: fields.length + ticked.length > 0,
    }
  );
}

/**
 * True unless a browser says that another site sends the form. Our pages send no referrer, and then browsers write
 * `Origin: null` even for ourselves; Sec-Fetch-Site, which no page can forge, tells the two apart.
 */
export function isFromHere(request: Request, origin: string): boolean {
  const [from, site] = [request.get('origin') ?? 'null', request.get('sec-fetch-site')];
  if (from !== 'null' && from !== origin) return false;
  return site === undefined || site === 'same-origin';
}

function contentOf({ path, visit, once }: Pick<Seal, 'path' | 'visit' | 'once'>, press: string, view: string): string {
  return JSON.stringify([path, visit, once, press, view]);
}

function visitOf(request: Request): string | null {
  const value = cookieOf(request, COOKIE);
  return /^[\w-]{24}$/.test(value) ? value : null;
}

function fieldsOf(body: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries((body ?? {}) as Record<string, unknown>).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  );
}

/** Boxes of one field have one name: each that is ticked is sent under it, after the hidden field that is empty. */
function ticksOf(body: unknown): [string, string][] {
  return Object.entries((body ?? {}) as Record<string, unknown>).flatMap(([name, value]): [string, string][] => {
    if (!name.startsWith(TICKS)) return [];
    const ticks = [value].flat().filter((one) => typeof one === 'string' && one !== '');
    return [[name.slice(TICKS.length), ticks.join(',')]];
  });
}
