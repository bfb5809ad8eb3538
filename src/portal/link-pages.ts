import type { Express, Request, RequestHandler, Response } from 'express';
import { isFile } from '../core/kernel/registry.ts';
import { routeNamed } from '../core/kernel/route.ts';
import { act } from './act.ts';
import { NOTHING, pressOf } from './address.ts';
import { handOut, handOutMade } from './file.ts';
import { faults, guard } from './guard.ts';
import { html } from './html.ts';
import type { Closed, Opened } from './link.ts';
import { openLink } from './link.ts';
import { noticeHtml, sendPage } from './page.ts';
import type { Portal } from './portal.ts';
import { isFromHere, openSeal } from './seal.ts';
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
  const opened = await openLink(portal.app, tokenOf(request));
  if (typeof opened === 'string') return showClosed(portal, response, opened);
  const { press } = opened.link;
  // Scanners open links before people do; that they were here is told apart from a use by the method.
  portal.app.log.info(
    { method: request.method, target: press.target, agent: request.get('user-agent')?.slice(0, 200) },
    'a link of a mail was opened',
  );
  if (isFile(portal.app.registry, press)) return handOutMade(portal, response, opened, press);
  showPage(portal, request, response, opened, await lookAt(portal, opened));
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
  const opened = await openLink(portal.app, tokenOf(request));
  if (typeof opened === 'string') return showClosed(portal, response, opened);
  const sent = isFromHere(request, portal.origin) ? openSeal(portal.app.secrets, request, opened.path) : null;
  if (!sent) return askAgain(portal, request, response, opened);
  showPage(portal, request, response, opened, await act(portal, opened, sent));
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
