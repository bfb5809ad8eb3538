import type { Express, Request, RequestHandler, Response } from 'express';
import type { Press } from '../core/kernel/card.ts';
import { encodePress } from '../core/kernel/card.ts';
import { html } from '../core/kernel/html.ts';
import { isFile } from '../core/kernel/registry.ts';
import { routeNamed } from '../core/kernel/route.ts';
import { act, actOn } from './act.ts';
import { HOME, NOTHING, pressOf } from './address.ts';
import { CONNECT, connectAccount } from './connect.ts';
import { handOut, handOutMade } from './file.ts';
import { faults, guard } from './guard.ts';
import { lookPath, mountLook } from './look.ts';
import { menuHtml, SIGN_OUT } from './navigation.ts';
import { noticeHtml, sendPage } from './page.ts';
import type { Portal } from './portal.ts';
import { isFromHere, openSeal } from './seal.ts';
import type { SignedIn } from './session.ts';
import { endSession, forgetSession, sessionKey, signedIn } from './session.ts';
import { lookAtPress, showPage } from './show.ts';
import { isUpload, readUpload } from './upload.ts';

/** The registry as pages, for whoever is signed in: each view and each command has an address. GET shows, POST /app acts. */
export function mountSignedIn(web: Express, portal: Portal, form: RequestHandler): void {
  web.use(
    '/app',
    routeNamed('portal.app'),
    guard(portal, (request) => sessionKey(portal, request)),
  );
  web.get('/app', (request, response) => show(portal, request, response, null));
  web.get('/app/files/:message/:number', routeNamed('portal.file'), (request, response) =>
    getFile(portal, request, response),
  );
  web.get('/app/:press', (request, response) => show(portal, request, response, pressOf(request)));
  mountLook(web, portal);
  web.post('/app', form, (request, response) => post(portal, request, response));
  web.use('/app', faults(portal));
}

async function show(portal: Portal, request: Request, response: Response, press: Press | null): Promise<void> {
  const reader = await signedIn(portal, request);
  if (!reader) {
    const back = press ? `?back=${encodeURIComponent(encodePress(press))}` : '';
    return response.redirect(303, `${portal.base}/sign-in${back}`);
  }
  const look = lookPath(press);
  if (look) return response.redirect(303, `${portal.base}${look}`);
  if (press && isFile(portal.app.registry, press)) return handOutMade(portal, response, reader, press);
  const isHome = request.params.press === undefined;
  const shown = await lookAtPress(portal, reader, press ?? (isHome ? HOME : NOTHING));
  const more = isHome ? html`<h2>What you can do</h2>${menuHtml(portal, reader)}` : null;
  showPage(portal, request, response, reader, { ...shown, more });
}

async function getFile(portal: Portal, request: Request, response: Response): Promise<void> {
  const reader = await signedIn(portal, request);
  if (!reader) return response.redirect(303, `${portal.base}/sign-in`);
  const { message, number } = request.params;
  portal.app.log.info({ person: reader.person.personId, message, number }, 'a file was asked for');
  await handOut(portal, response, reader, { message: String(message), number: String(number) });
}

async function post(portal: Portal, request: Request, response: Response): Promise<void> {
  const reader = await signedIn(portal, request);
  if (!reader) return askToSignIn(portal, response);
  const isOurs = isFromHere(request, portal.origin);
  if (isOurs && isUpload(request)) return postUpload(portal, request, response, reader);
  const sent = isOurs ? openSeal(portal.app.secrets, request, reader.path, reader.session) : null;
  if (!sent) return askAgain(portal, request, response, reader);
  if (sent.press.target === SIGN_OUT.target) {
    await endSession(portal, reader);
    forgetSession(portal, response);
    return response.redirect(303, `${portal.base}/`);
  }
  const look = lookPath(sent.press);
  if (look) return response.redirect(303, `${portal.base}${look}`);
  const { target } = sent.press;
  const answer = target === CONNECT && sent.isForm ? connectAccount : act;
  showPage(portal, request, response, reader, await answer(portal, reader, sent));
}

/** A form with files. */
async function postUpload(portal: Portal, request: Request, response: Response, reader: SignedIn): Promise<void> {
  const upload = await readUpload(portal, request, reader);
  if (!upload.sent) {
    await portal.app.files.drop(upload.stored);
    return askAgain(portal, request, response, reader);
  }
  showPage(portal, request, response, reader, await actOn(portal, reader, upload.sent, upload));
}

function askToSignIn({ base }: Portal, response: Response): void {
  const main = html`<h1>You are signed out</h1><p>Nothing was done. <a href="${base}/sign-in">Sign in</a>, and do it again.</p>`;
  sendPage(response, base, { status: 403, title: 'You are signed out', firm: null, main });
}

/** A form of another session, or of another site: the home, and nothing done. */
async function askAgain(portal: Portal, request: Request, response: Response, reader: SignedIn): Promise<void> {
  const shown = await lookAtPress(portal, reader, HOME);
  const notice = noticeHtml('attention', 'Nothing was done', [
    'That page was of another sign-in. Please open it again, and press the button there.',
  ]);
  showPage(portal, request, response, reader, { ...shown, status: 403, notice });
}
