import type { Express, Request, RequestHandler, Response } from 'express';
import type { Who } from '../core/kernel/actor.ts';
import { withActor } from '../core/kernel/context.ts';
import { DomainError } from '../core/kernel/errors.ts';
import { html } from '../core/kernel/html.ts';
import type { StopLink } from '../core/kernel/links.ts';
import { readStop } from '../core/kernel/links.ts';
import { runCommand } from '../core/kernel/registry.ts';
import { routeNamed } from '../core/kernel/route.ts';
import { faults, guard } from './guard.ts';
import { sendPage } from './page.ts';
import type { Portal } from './portal.ts';

/**
 * Stops optional mails: GET shows a button and changes nothing, since scanners open links before people do; POST stops them, from
 * this page or from a mail program (RFC 8058), without signing in. The token is for this alone. It can be undone there.
 */
export function mountStop(web: Express, portal: Portal, form: RequestHandler): void {
  web.use('/stop', routeNamed('portal.stop'), guard(portal));
  web.get('/stop/:token', (request, response) => show(portal, request, response));
  web.post('/stop/:token', form, (request, response) => stop(portal, request, response));
  web.use('/stop', faults(portal));
}

/** Somebody who holds a token, and the firm whose mails they are. */
interface Holder {
  link: StopLink;
  who: Who;
  firm: string;
  token: string;
}

async function show(portal: Portal, request: Request, response: Response): Promise<void> {
  const holder = await holderOf(portal, request);
  if (!holder) return notThere(portal, response);
  const { link, firm } = holder;
  page(portal, response, holder, {
    heading: `Stop ${nameOf(link)}?`,
    say: `Press the button, and ${firm} sends it to you no more. What cannot wait comes all the same: who acts in your name, and approvals that run out.`,
    button: 'Stop it',
    undo: false,
  });
}

async function stop(portal: Portal, request: Request, response: Response): Promise<void> {
  const holder = await holderOf(portal, request);
  if (!holder) return notThere(portal, response);
  const { link, who } = holder;
  const undo = (request.body as { undo?: unknown } | undefined)?.undo === 'yes';
  const name = undo ? 'notice.resubscribe' : 'notice.unsubscribe';
  const input = { what: link.what };
  // Whoever presses twice is told the same.
  await runCommand(portal.app, who, { name, input, requestId: crypto.randomUUID() });
  const mails = nameOf(link);
  page(
    portal,
    response,
    holder,
    undo
      ? { heading: 'It comes again', say: `You are sent ${mails} again, as before.`, button: 'Stop it', undo: false }
      : { heading: 'It is stopped', say: `You are not sent ${mails} any more.`, button: 'Undo', undo: true },
  );
}

/** Who holds the token; null for a token of nobody, or of somebody who has no access any more. */
async function holderOf({ app }: Portal, request: Request): Promise<Holder | null> {
  const { token } = request.params;
  const link = typeof token === 'string' ? readStop(app.secrets, token) : null;
  if (!link || typeof token !== 'string') return null;
  const { tenantId, personId } = link;
  const who: Who = { kind: 'person', tenantId, personId, channel: 'email', assurance: 'link' };
  try {
    return await withActor(app, who, async ({ sql }) => {
      const [firm] = await sql<{ name: string }>`select name from firm where id = ${tenantId}`;
      return { link, who, firm: firm?.name ?? 'Parley', token };
    });
  } catch (error) {
    if (error instanceof DomainError && error.code === 'not_found') return null;
    throw error;
  }
}

function nameOf({ what }: StopLink): string {
  return what === 'digest' ? 'your digest' : `news of ${what}`;
}

function page(
  { base }: Portal,
  response: Response,
  { firm, token }: Holder,
  said: { heading: string; say: string; button: string; undo: boolean },
): void {
  const main = html`<h1>${said.heading}</h1>
<p>${said.say}</p>
<form method="post" action="${base}/stop/${token}">
<input type="hidden" name="${said.undo ? 'undo' : 'List-Unsubscribe'}" value="${said.undo ? 'yes' : 'One-Click'}">
<button class="button primary">${said.button}</button>
</form>`;
  sendPage(response, base, { status: 200, title: said.heading, firm, main });
}

function notThere({ base }: Portal, response: Response): void {
  const title = 'This link is not complete';
  const main = html`<h1>${title}</h1><p>Nothing was changed. Mail programs sometimes cut long links: copy the whole link out of the mail.</p>`;
  sendPage(response, base, { status: 404, title, firm: null, main });
}
