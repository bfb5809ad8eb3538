import type { Express, Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import { nameOf } from '../core/kernel/actor.ts';
import type { Field, Press } from '../core/kernel/card.ts';
import { decodePress, encodePress } from '../core/kernel/card.ts';
import { withActor } from '../core/kernel/context.ts';
import { DomainError } from '../core/kernel/errors.ts';
import type { Html } from '../core/kernel/html.ts';
import { html } from '../core/kernel/html.ts';
import type { SignInLink } from '../core/kernel/links.ts';
import { readSignIn } from '../core/kernel/links.ts';
import { routeNamed } from '../core/kernel/route.ts';
import type { SignInJob } from './ask.ts';
import { faults, guard } from './guard.ts';
import { noticeHtml, sendPage } from './page.ts';
import type { Portal } from './portal.ts';
import { fieldHtml } from './render.ts';
import { isFromHere, openSeal, sealedForm, sealPage } from './seal.ts';
import { beginSession, browserKey, browserOf, keepBrowser, signedIn, takeStep } from './session.ts';

/** Where the form for a link is sent. */
const ASK = '/sign-in';
const ASK_PRESS: Press = { target: 'portal.ask-link', input: {} };
const BEGIN_PRESS: Press = { target: 'portal.sign-in', input: {} };

/** Signing in: by a link that is asked for here and comes by mail, or that a chat showed. Opening a link does nothing. */
export function mountSignIn(web: Express, portal: Portal, form: RequestHandler): void {
  const home: RequestHandler = async (request, response) => {
    if (await signedIn(portal, request)) response.redirect(303, `${portal.base}/app`);
    else askPage(portal, request, response, {});
  };
  web.get(
    '/',
    routeNamed('portal.home'),
    guard(portal, () => ''),
    home,
    faults(portal),
  );
  web.use(ASK, routeNamed('portal.sign-in'), guard(portal));
  web.get(ASK, (request, response) => askPage(portal, request, response, { back: wantedBy(request) }));
  web.post(ASK, form, (request, response) => takeAsked(portal, request, response));
  web.get(`${ASK}/:token`, (request, response) => confirmPage(portal, request, response));
  web.post(`${ASK}/:token`, form, (request, response) => begin(portal, request, response));
  web.use(ASK, faults(portal));
}

/** The page that somebody wanted before they were signed in; only one of ours can be named. */
function wantedBy(request: Request): Press | null {
  return typeof request.query.back === 'string' ? decodePress(request.query.back) : null;
}

interface Asking {
  back?: Press | null;
  typed?: string;
  fault?: string;
  notice?: Html;
  status?: number;
}

const EMAIL_FIELD: Field = {
  kind: 'text',
  name: 'email',
  label: 'Mail address',
  required: true,
  maxLength: 200,
  placeholder: 'you@company.com',
};

function askPage(portal: Portal, request: Request, response: Response, asking: Asking): void {
  const { app, base, secure } = portal;
  const { typed = '', fault, notice, status = 200, back = null } = asking;
  const seal = sealPage(request, response, { base, secure, path: ASK, view: back });
  const field = fieldHtml(EMAIL_FIELD, { typed: { email: typed }, faults: fault ? { email: fault } : {} });
  const content = html`${field}<button class="button primary">Send me a link</button>`;
  const form = app.platforms.has('email')
    ? html`<p>Type the mail address under which you are known to your firm, or to the firm that works for you. A link that signs you in is sent there.</p>
<div class="card">${sealedForm(app.secrets, base, seal, ASK_PRESS, content)}</div>`
    : html`<p>No mail is sent from here. In a chat in which you are linked, ask Parley for the <code>portal</code>: it shows you a link that signs you in.</p>`;
  const main = html`${notice}<h1>Sign in</h1>
${form}
<h2>Without a browser</h2>
<p>Clients and their firm agree here on what is done, from wherever they work:</p>
<ul class="ways">
<li><strong>In Slack</strong>, type <code>/parley work</code> in a channel that Parley is in, or <code>/parley portal</code> to come here signed in.</li>
<li><strong>In Teams</strong>, write <code>work</code> or <code>portal</code> to Parley.</li>
<li><strong>In Discord</strong>, type <code>/parley work</code> in a channel of the server, or <code>/parley portal</code>.</li>
<li><strong>By mail</strong>, use the buttons and links of the mails you got, or answer them.</li>
</ul>
<p class="subtle">Whether this hub is ready for work is told to machines at <code>/readyz</code>.</p>`;
  sendPage(response, base, { status, title: 'Sign in', firm: null, main });
}

const Email = z.email().max(200);

/** The answer is the same, and takes as long, for an address that is known and for one that is not. */
async function takeAsked(portal: Portal, request: Request, response: Response): Promise<void> {
  const { app, base } = portal;
  const sent = isFromHere(request, portal.origin) ? openSeal(app.secrets, request, ASK) : null;
  if (!sent) return askPage(portal, request, response, { status: 403, notice: ASK_AGAIN });
  const typed = (sent.typed.email ?? '').trim();
  const email = Email.safeParse(typed.toLowerCase());
  if (!email.success) {
    const fault = typed ? 'This does not look like a mail address.' : 'Please fill this in.';
    return askPage(portal, request, response, { back: sent.view, status: 422, typed, fault });
  }
  if (!portal.rate.allowsAsking(request.ip ?? '', app.clock.now().getTime()))
    return askPage(portal, request, response, { back: sent.view, status: 429, typed, notice: TOO_MANY });
  const browser = keepBrowser(portal, request, response);
  const back = sent.view ? encodePress(sent.view) : '';
  const data: SignInJob = { email: email.data, browser, ...browserOf(request), back };
  await app.jobs.ask([{ queue: 'sign-in', data }]);
  const main = html`<h1>Check your mail</h1>
<p>If <strong>${email.data}</strong> is known here, a link is on its way there. Open it in this browser, within ten minutes.</p>
<p class="subtle">Nothing came? Look among the unwanted mail, and whether the address is the one under which you were invited. Then <a href="${base}${ASK}">ask again</a>.</p>`;
  sendPage(response, base, { status: 200, title: 'Check your mail', firm: null, main });
}

const ASK_AGAIN = noticeHtml('attention', 'Nothing was done yet', [
  'This page was opened again in the meantime, or your browser keeps no cookies. Please press the button once more.',
]);
const TOO_MANY = noticeHtml('attention', 'Too many links were asked for', [
  'Please wait a few minutes before you ask for another one.',
]);

/** A link that can be used in this browser, and whose it is; or why not. */
type Usable = { link: SignInLink; name: string; firm: string } | { refused: string; say: string };

async function usable(portal: Portal, request: Request): Promise<Usable> {
  const { app } = portal;
  const { token } = request.params;
  const link = readSignIn(app.secrets, typeof token === 'string' ? token : '', app.clock.now());
  if (!link) return { refused: 'This link is not complete', say: 'Mail programs sometimes cut long links. ' };
  if (link.expired)
    return {
      refused: 'This link has expired',
      say: 'A link that you ask for counts for ten minutes, an invitation for a week. ',
    };
  if (link.browser && link.browser !== browserKey(portal, request))
    return {
      refused: 'This is another browser',
      say: 'The link works only in the browser in which you asked for it. Open it there, or ask for one here. ',
    };
  const { tenantId, personId } = link;
  try {
    const who = { kind: 'person', tenantId, personId, channel: 'portal', assurance: 'link' } as const;
    return await withActor(app, who, async ({ actor, sql }) => {
      const [firm] = await sql<{ name: string }>`select name from firm where id = ${tenantId}`;
      return { link, name: nameOf(actor), firm: firm?.name ?? 'Parley' };
    });
  } catch (error) {
    if (!(error instanceof DomainError && error.code === 'not_found')) throw error;
    return { refused: 'This link is not valid any more', say: 'Its person has no access any longer. ' };
  }
}

/** Mail scanners and previews open links too: signing in takes a press. */
async function confirmPage(portal: Portal, request: Request, response: Response): Promise<void> {
  const opened = await usable(portal, request);
  if ('refused' in opened) return refuse(portal, response, opened);
  const { app, base, secure } = portal;
  const path = `${ASK}/${String(request.params.token)}`;
  const seal = sealPage(request, response, { base, secure, path, view: null });
  const button = html`<button class="button primary">Sign in as ${opened.name}</button>`;
  const main = html`<section class="confirm" aria-label="Signing in"><h1>Sign in to ${opened.firm}?</h1>
<p>This browser will act as <strong>${opened.name}</strong>, until you sign out. On a device that others use too, sign out when you are done.</p>
${sealedForm(app.secrets, base, seal, BEGIN_PRESS, button)}</section>`;
  sendPage(response, base, { status: 200, title: 'Sign in', firm: opened.firm, main });
}

async function begin(portal: Portal, request: Request, response: Response): Promise<void> {
  const opened = await usable(portal, request);
  if ('refused' in opened) return refuse(portal, response, opened);
  const path = `${ASK}/${String(request.params.token)}`;
  const isOurs = isFromHere(request, portal.origin) && openSeal(portal.app.secrets, request, path) !== null;
  if (!isOurs) return confirmPage(portal, request, response);
  const { link } = opened;
  try {
    await beginSession(portal, request, response, link);
  } catch (error) {
    if (!(error instanceof DomainError && error.code === 'conflict')) throw error;
    // Pressed twice: the first press signed this browser in.
    const already = await signedIn(portal, request);
    if (already?.person.personId !== link.personId)
      return refuse(portal, response, { refused: 'This link was used already', say: 'Each link signs in once. ' });
  }
  const step = takeStep(portal, request, response, link);
  if (step) return response.redirect(303, `${portal.base}/l/${step}`);
  const back = decodePress(link.back);
  response.redirect(303, `${portal.base}/app${back ? `/${encodePress(back)}` : ''}`);
}

function refuse({ base }: Portal, response: Response, { refused, say }: { refused: string; say: string }): void {
  const main = html`<h1>${refused}</h1><p>${say}<a href="${base}${ASK}">Ask for a new link</a>; nothing was changed.</p>`;
  sendPage(response, base, { status: 403, title: refused, firm: null, main });
}
