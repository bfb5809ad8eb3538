import type { ErrorRequestHandler, Request, RequestHandler } from 'express';
import { DomainError } from '../core/kernel/errors.ts';
import { html } from '../core/kernel/html.ts';
import { noticeHtml, secureHeaders, sendPage } from './page.ts';
import type { Portal } from './portal.ts';

/**
 * Stands before all pages of one kind: their headers, and a limit for each address and each key.
 * @param keyOf the link or the session that the page is opened with; '' for neither
 */
export function guard({ app, base, rate }: Portal, keyOf: (request: Request) => string = linkOf): RequestHandler {
  return (request, response, next) => {
    secureHeaders(response);
    const address = request.ip ?? '';
    if (rate.allows(address, keyOf(request) || address, app.clock.now().getTime())) return next();
    response.set('Retry-After', '30');
    const main = noticeHtml('attention', 'Too many requests', ['Please wait half a minute and try again.'], true);
    sendPage(response, base, { status: 429, title: 'Too many requests', firm: null, main });
  };
}

/** Mounted at /l or /sign-in, what is left of the path is the link, and one of its files. */
function linkOf({ path }: Request): string {
  return path.split('/')[1] ?? '';
}

/** Answers what went wrong with a page that says whether anything was done. */
export function faults({ app, base }: Portal): ErrorRequestHandler {
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
