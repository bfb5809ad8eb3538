import type { Express, Request, RequestHandler, Response } from 'express';
import type { Press } from '../core/kernel/card.ts';
import { encodePress } from '../core/kernel/card.ts';
import { html } from '../core/kernel/html.ts';
import { isFile } from '../core/kernel/registry.ts';
import { routeNamed } from '../core/kernel/route.ts';
import { act } from './act.ts';
import { NOTHING, pressOf } from './address.ts';
import { handOut, handOutMade } from './file.ts';
import { faults, guard } from './guard.ts';
import type { Closed, Opened } from './link.ts';
import { openLink } from './link.ts';
import { noticeHtml, sendPage } from './page.ts';
import type { Portal } from './portal.ts';
import { isFromHere, openSeal } from './seal.ts';
import { keepStep, signedIn } from './session.ts';
import type { Shown } from './show.ts';
import { lookAt, showPage } from './show.ts';

/** The pages of a mail's links: GET /l/:token shows, POST /l/:token acts. */
export function mountLinks(web: Express, portal: Portal, form: RequestHandler): void {
  web.use('/l', routeNamed('portal.link'), guard(portal));
  web.get('/l/:token', (request, response) => get(portal, request, response));
  web.get('/l/:token/files/:message/:number', routeNamed('portal.file'), (request, response) =>
    getFile(portal, request, response),
  );
  web.get('/l/:token/:press', routeNamed('portal.file'), (request, response) => getMade(portal, request, response));
  web.post('/l/:token', form, (request, response) => post(portal, request, response));
  web.use('/l', faults(portal));
}

async function get(portal: Portal, request: Request, response: Response): Promise<void> {
  const opened = await open(portal, request);
  if (typeof opened === 'string') return showClosed(portal, response, opened);
  const { press } = opened.link;
  // Scanners open links before people do; that they were here is told apart from a use by the method.
  portal.app.log.info(
    { method: request.method, target: press.target, agent: request.get('user-agent')?.slice(0, 200) },
    'a link of a mail was opened',
  );
  if (isFile(portal.app.registry, press)) return handOutMade(portal, response, opened, press);
  showPage(portal, request, response, opened, withSignIn(portal, response, opened, await lookAt(portal, opened), null));
}

async function getFile(portal: Portal, request: Request, response: Response): Promise<void> {
  const opened = await openLink(portal.app, tokenOf(request));
  if (typeof opened === 'string') return showClosed(portal, response, opened);
  const { message, number } = request.params;
  portal.app.log.info({ person: opened.person.personId, message, number }, 'a file was asked for');
  await handOut(portal, response, opened, { message: String(message), number: String(number) });
}

/** The file behind a button of the link's page. */
async function getMade(portal: Portal, request: Request, response: Response): Promise<void> {
  const opened = await openLink(portal.app, tokenOf(request));
  if (typeof opened === 'string') return showClosed(portal, response, opened);
  const press = pressOf(request) ?? NOTHING;
  portal.app.log.info({ person: opened.person.personId, target: press.target }, 'a file was asked for');
  await handOutMade(portal, response, opened, press);
}

async function post(portal: Portal, request: Request, response: Response): Promise<void> {
  const opened = await open(portal, request);
  if (typeof opened === 'string') return showClosed(portal, response, opened);
  const sent = isFromHere(request, portal.origin) ? openSeal(portal.app.secrets, request, opened.path) : null;
  if (!sent) return askAgain(portal, request, response, opened);
  const shown = await act(portal, opened, sent);
  const isSelf = sent.press.target === opened.link.press.target;
  showPage(portal, request, response, opened, withSignIn(portal, response, opened, shown, isSelf ? null : sent.press));
}

/**
 * Whoever is signed in with this browser as the link's own person acts as surely as that, under the link's own request. Everybody
 * else has the link and no more.
 */
async function open(portal: Portal, request: Request): Promise<Opened | Closed> {
  const opened = await openLink(portal.app, tokenOf(request));
  if (typeof opened === 'string') return opened;
  const session = await signedIn(portal, request);
  const { personId, tenantId } = opened.person;
  const isSame = session?.person.personId === personId && session.person.tenantId === tenantId;
  return isSame ? { ...opened, who: session.who, person: session.person } : opened;
}

/**
 * Where it takes a surer sign of who it is, the way to sign in.
 * @param other the press of another button of the page, which goes on from there; null where the link itself does
 */
function withSignIn(portal: Portal, response: Response, { path }: Opened, shown: Shown, other: Press | null): Shown {
  if (!shown.surer) return shown;
  if (!other) keepStep(portal, response, path.slice('/l/'.length));
  const back = other ? `?back=${encodeURIComponent(encodePress(other))}` : '';
  const notice = html`${shown.notice}<p><a class="button primary" href="${portal.base}/sign-in${back}">Sign in, and go on</a></p>
<p class="subtle">After that you are asked once more, and see what it is about as it is then.</p>`;
  return { ...shown, notice };
}

/** A form of another page, of another visit, or of another site: shown anew, and nothing done. */
async function askAgain(portal: Portal, request: Request, response: Response, opened: Opened): Promise<void> {
  const shown = await lookAt(portal, opened);
  const notice = noticeHtml('attention', 'Nothing was done yet', [
    'This page was opened again in the meantime, or your browser keeps no cookies. Please press the button once more.',
  ]);
  showPage(portal, request, response, opened, { ...shown, status: 403, notice });
}

const CLOSED: Readonly<Record<Closed, { status: number; heading: string; say: string }>> = {
  damaged: {
    status: 404,
    heading: 'This link is not complete',
    say: 'Mail programs sometimes cut long links. Copy the whole link out of the mail, or answer the mail with one of the words below its buttons.',
  },
  expired: {
    status: 410,
    heading: 'This link has expired',
    say: 'Links in mails can be used for 30 days. Answer the mail, or ask for a new one; nothing was changed.',
  },
  revoked: {
    status: 410,
    heading: 'This link is not valid any more',
    say: 'The person it was made for has no access any longer. Please ask the firm that sent it.',
  },
};

function showClosed({ base }: Portal, response: Response, why: Closed): void {
  const { status, heading, say } = CLOSED[why];
  sendPage(response, base, { status, title: heading, firm: null, main: html`<h1>${heading}</h1><p>${say}</p>` });
}

function tokenOf(request: Request): string {
  const { token } = request.params;
  return typeof token === 'string' ? token : '';
}
