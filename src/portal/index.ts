import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ErrorRequestHandler, Express, Request, RequestHandler, Response } from 'express';
import express from 'express';
import { DomainError } from '../core/kernel/errors.ts';
import type { App } from '../core/kernel/registry.ts';
import { routeNamed } from '../core/kernel/route.ts';
import { act } from './act.ts';
import { handOut } from './file.ts';
import type { Html } from './html.ts';
import { html } from './html.ts';
import type { Closed, Opened } from './link.ts';
import { openLink } from './link.ts';
import { noticeHtml, secureHeaders, sendPage } from './page.ts';
import type { FileReader, Portal } from './portal.ts';
import { RateLimit } from './rate.ts';
import { isFromHere, openSeal } from './seal.ts';
import { lookAt, showPage } from './show.ts';

const STYLE = readFileSync(join(import.meta.dirname, 'portal.css'), 'utf8');

/**
 * The web face of a mail's links: GET /l/:token shows, POST /l/:token acts. A form carries a few long texts at most.
 * @param publicUrl the address under which people reach this hub, without a trailing slash
 * @param readFile takes the files out of stored mails, which the pages hand out
 */
export function mountPortal(web: Express, app: App, publicUrl: string, readFile: FileReader): void {
  const { pathname, origin, protocol } = new URL(publicUrl);
  const portal: Portal = {
    app,
    base: pathname.replace(/\/$/, ''),
    origin,
    secure: protocol === 'https:',
    rate: new RateLimit(),
    readFile,
  };
  const form = express.urlencoded({ extended: false, limit: '256kb', parameterLimit: 100 });
  const look: RequestHandler = (request, response) => get(portal, request, response);
  const use: RequestHandler = (request, response) => post(portal, request, response);
  web.get('/portal.css', routeNamed('portal.style'), (_request, response) => {
    response
      .set({ 'Cache-Control': 'public, max-age=3600', 'X-Content-Type-Options': 'nosniff' })
      .type('css')
      .send(STYLE);
  });
  web.get('/', routeNamed('portal.home'), (_request, response) => {
    secureHeaders(response);
    sendPage(response, portal.base, { status: 200, title: 'Parley', firm: null, main: homeHtml() });
  });
  web.use('/l', routeNamed('portal.link'), guard(portal));
  web.get('/l/:token', look);
  web.get('/l/:token/files/:message/:number', routeNamed('portal.file'), (request, response) =>
    getFile(portal, request, response),
  );
  web.post('/l/:token', form, use);
  web.use('/l', faults(portal));
}

/** What stands at the address of the hub itself: whoever comes here looks for something that is elsewhere. */
function homeHtml(): Html {
  return html`<h1>You have found a Parley hub</h1>
<p>Clients and their firm agree here on what is done, from wherever they work. There is nothing to sign in to on this page:</p>
<ul class="ways">
<li><strong>In Slack</strong>, type <code>/parley work</code> in a channel that Parley is in.</li>
<li><strong>In Teams</strong>, write <code>work</code> to Parley.</li>
<li><strong>By mail</strong>, use the buttons and links of the mails you got, or answer them.</li>
</ul>
<p class="subtle">Whether this hub is ready for work is told to machines at <code>/readyz</code>.</p>`;
}

function guard({ app, base, rate }: Portal): RequestHandler {
  return (request, response, next) => {
    secureHeaders(response);
    // Mounted at /l, what is left of the path is the link, and one of its files.
    if (rate.allows(request.ip ?? '', request.path.split('/')[1] ?? '', app.clock.now().getTime())) return next();
    response.set('Retry-After', '30');
    const main = noticeHtml('attention', 'Too many requests', ['Please wait half a minute and try again.'], true);
    sendPage(response, base, { status: 429, title: 'Too many requests', firm: null, main });
  };
}

async function get(portal: Portal, request: Request, response: Response): Promise<void> {
  const opened = await openLink(portal.app, tokenOf(request));
  if (typeof opened === 'string') return showClosed(portal, response, opened);
  // Scanners open links before people do; that they were here is told apart from a use by the method.
  portal.app.log.info(
    { method: request.method, target: opened.link.press.target, agent: request.get('user-agent')?.slice(0, 200) },
    'a link of a mail was opened',
  );
  showPage(portal, request, response, opened, await lookAt(portal, opened));
}

async function getFile(portal: Portal, request: Request, response: Response): Promise<void> {
  const opened = await openLink(portal.app, tokenOf(request));
  if (typeof opened === 'string') return showClosed(portal, response, opened);
  const { message, number } = request.params;
  portal.app.log.info({ person: opened.person.personId, message, number }, 'a file was asked for');
  await handOut(portal, response, opened, { message: String(message), number: String(number) });
}

async function post(portal: Portal, request: Request, response: Response): Promise<void> {
  const token = tokenOf(request);
  const opened = await openLink(portal.app, token);
  if (typeof opened === 'string') return showClosed(portal, response, opened);
  const sent = isFromHere(request, portal.origin) ? openSeal(portal.app.secrets, request, token) : null;
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

function faults({ app, base }: Portal): ErrorRequestHandler {
  return (error: { status?: number }, request, response, _next) => {
    const status = error.status && error.status < 500 ? error.status : 503;
    if (status === 503) app.log.error({ err: error }, 'a page could not be shown');
    // An outage says itself that nothing was changed; of a fault in the middle of an act nobody knows.
    const known = status < 500 || request.method === 'GET' || error instanceof DomainError;
    const say =
      status === 413
        ? 'What was sent is too long.'
        : status < 500
          ? 'The request was not understood.'
          : known
            ? 'Parley has a problem just now. Nothing was changed; please try again in a minute.'
            : 'Parley has a problem just now. Please open the link again in a minute: it shows whether this was done.';
    const title = known ? 'Nothing was done' : 'Not known yet';
    sendPage(response, base, { status, title, firm: null, main: html`<h1>${title}</h1><p>${say}</p>` });
  };
}

function tokenOf(request: Request): string {
  const { token } = request.params;
  return typeof token === 'string' ? token : '';
}
