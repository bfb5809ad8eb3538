import type { Express, Request, RequestHandler, Response } from 'express';
import type { Field, Press } from '../core/kernel/card.ts';
import { DomainError } from '../core/kernel/errors.ts';
import type { Html } from '../core/kernel/html.ts';
import { html } from '../core/kernel/html.ts';
import { routeNamed } from '../core/kernel/route.ts';
import { oneLine } from '../core/kernel/text.ts';
import { found, isOffered } from './founding.ts';
import { faults, guard } from './guard.ts';
import { noticeHtml, sendPage } from './page.ts';
import type { Portal } from './portal.ts';
import { fieldHtml } from './render.ts';
import { isFromHere, openSeal, sealedForm, sealPage } from './seal.ts';
import { beginSession } from './session.ts';

const FOUND: Press = { target: 'portal.found', input: {} };

/** The first page of a firm: the address that the start printed, or whoever runs the hub, makes it and its first administrator, once. */
export function mountFounding(web: Express, portal: Portal, form: RequestHandler): void {
  web.use('/begin', routeNamed('portal.found'), guard(portal));
  web.get('/begin/:token', (request, response) => show(portal, request, response, {}));
  web.post('/begin/:token', form, (request, response) => post(portal, request, response));
  web.use('/begin', faults(portal));
}

const text = (name: string, label: string, more: Partial<Field> = {}) =>
  ({ kind: 'text', name, label, required: true, maxLength: 120, ...more }) as Field;
const FIELDS: readonly Field[] = [
  text('firm', 'Name of your firm'),
  text('name', 'Your name'),
  text('email', 'Your mail address', { hint: 'You sign in with it from the next time on.' }),
  text('timezone', 'Time zone', { hint: 'As in Europe/Berlin or America/New_York.' }),
];

interface Shown {
  status?: number;
  notice?: Html;
  typed?: Record<string, string>;
  faults?: Readonly<Record<string, string>>;
}

async function show(portal: Portal, request: Request, response: Response, shown: Shown): Promise<void> {
  const { app, base, secure } = portal;
  const token = String(request.params.token);
  if (!(await isOffered(app, token))) return over(portal, response);
  const seal = sealPage(request, response, { base, secure, path: `/begin/${token}`, view: null });
  const { typed = {}, faults: wrong = {}, status = 200, notice } = shown;
  const fields = FIELDS.map((field) => fieldHtml(field, { typed, faults: wrong }));
  const main = html`${notice}<h1>Begin with Parley</h1>
<p>Here you make your firm, and yourself its first administrator. You are signed in at once, and this address is worth nothing any more.</p>
<div class="card">${sealedForm(app.secrets, base, seal, FOUND, html`${fields}<button class="button primary">Make the firm</button>`)}</div>`;
  sendPage(response, base, { status, title: 'Begin with Parley', firm: null, main });
}

async function post(portal: Portal, request: Request, response: Response): Promise<void> {
  const { app } = portal;
  const token = String(request.params.token);
  const sent = isFromHere(request, portal.origin) ? openSeal(app.secrets, request, `/begin/${token}`) : null;
  if (!sent) return show(portal, request, response, { status: 403, notice: ASK_AGAIN });
  const { firm = '', name = '', email = '', timezone = '' } = sent.typed;
  try {
    const founder = { firm: oneLine(firm), name, email: email.trim(), timezone: timezone.trim() };
    const first = await found(app, token, founder);
    if (!first) return over(portal, response);
    await beginSession(portal, request, response, { ...first, shown: 'terminal' });
    response.redirect(303, `${portal.base}/app/home.setup`);
  } catch (error) {
    if (!(error instanceof DomainError) || error.code === 'unavailable') throw error;
    // Somebody with the same address was faster, or pressed twice.
    if (error.code === 'conflict') return over(portal, response);
    const { fields = {} } = error.detail;
    return show(portal, request, response, { status: 422, typed: sent.typed, faults: fields });
  }
}

const ASK_AGAIN = noticeHtml('attention', 'Nothing was done yet', [
  'This page was opened again in the meantime, or your browser keeps no cookies. Please press the button once more.',
]);

function over({ base }: Portal, response: Response): void {
  const main = html`<h1>This address does not count any more</h1>
<p>It was used, or it is too old. If your firm is here, <a href="${base}/sign-in">sign in</a>. If it is not, ask whoever runs this hub for a new address; where there is no firm at all, each start prints one.</p>`;
  sendPage(response, base, { status: 410, title: 'This address does not count any more', firm: null, main });
}
