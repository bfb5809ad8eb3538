import type { Express, Request, Response } from 'express';
import { z } from 'zod';
import type { Person, Who } from '../core/kernel/actor.ts';
import type { Press } from '../core/kernel/card.ts';
import { encodePress } from '../core/kernel/card.ts';
import { withActor } from '../core/kernel/context.ts';
import { momentText } from '../core/kernel/dates.ts';
import { html } from '../core/kernel/html.ts';
import { isFile, readView, runCommand, shows } from '../core/kernel/registry.ts';
import { routeNamed } from '../core/kernel/route.ts';
import { HOME, NOTHING, pressOf } from './address.ts';
import { handOut, handOutMade } from './file.ts';
import type { Reader } from './link.ts';
import { cardFor, orNull, viewAbout } from './link.ts';
import { menuHtml } from './navigation.ts';
import { noticeHtml, sendPage } from './page.ts';
import type { Portal } from './portal.ts';
import type { SignedIn } from './session.ts';
import { signedIn } from './session.ts';
import type { Shown } from './show.ts';
import { gone, showPage } from './show.ts';

/** The view that tells whose eyes somebody of the team looks through, and until when. */
const LOOK = 'people.look';
const Found = z.object({ person: z.uuid(), name: z.string(), client: z.string(), until: z.date() });

/**
 * What a contact sees, shown to a member of the team (feature A9): the same views, run as the contact. Nothing can be done there, and
 * each page is on record before it is shown.
 */
export function mountLook(web: Express, portal: Portal): void {
  const named = routeNamed('portal.look');
  web.get('/app/as/:look', named, (request, response) =>
    look(portal, request, response, encodePress(HOME), async (reader) =>
      showPage(portal, request, response, reader, {
        ...(await shownTo(portal, reader, HOME)),
        more: html`<h2>What they can do</h2>${menuHtml(portal, reader)}`,
      }),
    ),
  );
  web.get('/app/as/:look/files/:message/:number', named, (request, response) => {
    const place = { message: String(request.params.message), number: String(request.params.number) };
    return look(portal, request, response, `file ${place.number} of ${place.message}`, (reader) =>
      handOut(portal, response, reader, place),
    );
  });
  web.get('/app/as/:look/:press', named, (request, response) => {
    const press = pressOf(request) ?? NOTHING;
    return look(portal, request, response, encodePress(press), async (reader) =>
      isFile(portal.app.registry, press)
        ? handOutMade(portal, response, reader, press)
        : showPage(portal, request, response, reader, await shownTo(portal, reader, press)),
    );
  });
}

/** The page of a look, if that is what a press shows. */
export function lookPath(press: Press | null): string | null {
  return press?.target === LOOK && press.input.look ? `/app/as/${press.input.look}` : null;
}

/** Shows a page of a look to whoever began it, and records that before. */
async function look(
  portal: Portal,
  request: Request,
  response: Response,
  page: string,
  show: (reader: Reader) => Promise<void>,
): Promise<void> {
  const id = String(request.params.look);
  const staff = await signedIn(portal, request);
  if (!staff) {
    const back = z.uuid().safeParse(id).success ? encodePress({ target: LOOK, input: { look: id } }) : '';
    return response.redirect(303, `${portal.base}/sign-in${back ? `?back=${encodeURIComponent(back)}` : ''}`);
  }
  const reader = await readerOf(portal, staff, id);
  if (!reader || !(await isNoted(portal, staff, id, page))) return sayOver(portal, response, staff);
  await show(reader);
}

/** The contact, as they would be signed in; null when the look is over, or is not this person's. */
async function readerOf({ app }: Portal, staff: SignedIn, look: string): Promise<Reader | null> {
  const found = await orNull(readView(app, staff.who, { target: LOOK, input: { look } }));
  if (!found) return null;
  const { person, name, client, until } = Found.parse(found);
  const { tenantId, timezone } = staff.person;
  const who: Who = { kind: 'person', tenantId, personId: person, channel: 'portal', assurance: 'mail', look };
  const seen = await orNull(withActor(app, who, async ({ actor }) => actor as Person));
  const { firm, session, requestId } = staff;
  return (
    seen && {
      ...{ who, person: seen, firm, path: `/app/as/${look}`, session, requestId },
      look: { of: `${name} of ${client}`, until: momentText(until, timezone) },
    }
  );
}

/** False when the look ended a moment ago. */
async function isNoted({ app }: Portal, { person }: SignedIn, look: string, page: string): Promise<boolean> {
  const who = { kind: 'system', tenantId: person.tenantId, reason: 'showing what a contact sees' } as const;
  const requestId = `look ${crypto.randomUUID()}`;
  return (await orNull(runCommand(app, who, { name: 'people.note-look', input: { look, page }, requestId }))) !== null;
}

/** What only shows something is shown; of what would be done, the thing that it is about. */
async function shownTo({ app }: Portal, { who }: Reader, press: Press): Promise<Shown> {
  const view = shows(app.registry, press) ? press : viewAbout(app, press);
  const card = await cardFor(app, who, view);
  return card ? { status: 200, notice: null, card, view } : gone();
}

function sayOver({ base }: Portal, response: Response, { firm }: SignedIn): void {
  const main = noticeHtml(
    'attention',
    'You do not see this any more',
    ['What a contact sees is shown for half an hour, to whoever began it on the contact’s card.'],
    true,
  );
  const back = html`<p><a href="${base}/app">Your own pages</a></p>`;
  sendPage(response, base, { status: 410, title: 'You do not see this any more', firm, main: html`${main}${back}` });
}
