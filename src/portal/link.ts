import { createHash } from 'node:crypto';
import type { Person, Who } from '../core/kernel/actor.ts';
import type { Card, Press } from '../core/kernel/card.ts';
import { encodePress } from '../core/kernel/card.ts';
import { withActor } from '../core/kernel/context.ts';
import { DomainError } from '../core/kernel/errors.ts';
import type { ActionLink } from '../core/kernel/links.ts';
import { readLink } from '../core/kernel/links.ts';
import type { App } from '../core/kernel/registry.ts';
import { showView } from '../core/kernel/registry.ts';
import { readRequest } from '../core/kernel/request.ts';

/** Who looks at a page, and how its forms come back. */
export interface Reader {
  who: Who;
  person: Person;
  firm: string;
  /** Where the forms and files of their pages are, below the portal's own path. */
  path: string;
  /** The session of a browser that is signed in; null for the holder of a link. */
  session: string | null;
  /** The id under which a press of a page runs: pressed twice on one page it is the same. */
  requestId(press: Press, once: string): string;
  /** A member of the team looks: through whose eyes, and until when. Nothing can be done on such a page. */
  look?: { of: string; until: string };
}

/** A link that can be used, and by whom. */
export interface Opened extends Reader {
  link: ActionLink;
}

/** Why a link cannot be used. */
export type Closed = 'damaged' | 'expired' | 'revoked';

/** Who holds this link? Reads only. */
export async function openLink(app: App, token: string): Promise<Opened | Closed> {
  const link = readLink(app.secrets, token, app.clock.now());
  if (!link) return 'damaged';
  if (link.expired) return 'expired';
  const who: Who = {
    kind: 'person',
    tenantId: link.tenantId,
    personId: link.personId,
    channel: 'email',
    assurance: 'link',
  };
  try {
    return await withActor(app, who, async ({ actor, sql }) => {
      const [firm] = await sql<{ name: string }>`select name from firm where id = ${link.tenantId}`;
      return {
        link,
        who,
        person: actor as Person,
        firm: firm?.name ?? 'Parley',
        path: `/l/${token}`,
        session: null,
        requestId: (press, once) => requestId(link, press, once),
      };
    });
  } catch (error) {
    // The person does not work there any more.
    if (error instanceof DomainError && error.code === 'not_found') return 'revoked';
    throw error;
  }
}

/** The request id of the link's own press: whoever uses the link again gets the first outcome. */
function requestIdOf({ nonce }: ActionLink): string {
  return `link:${nonce}`;
}

/** The link's own press has one id for good; another button of the page has one for each time the page was shown. */
function requestId(link: ActionLink, press: Press, once: string): string {
  if (encodePress(press) === encodePress(link.press)) return requestIdOf(link);
  return `${requestIdOf(link)}:${shownOnce(press, once)}`;
}

/** A press on one showing of a page, in 22 characters. */
export function shownOnce(press: Press, once: string): string {
  return createHash('sha256')
    .update(`${encodePress(press)} ${once}`)
    .digest('base64url')
    .slice(0, 22);
}

/** The card that the first use of the link was answered with; null while it was not used. */
export function firstOutcome(app: App, { link, person }: Opened): Promise<Card | null> {
  return outcomeOf(app, person, requestIdOf(link), link.press.target);
}

/** The card that a request was answered with; null while it was not done. */
export async function outcomeOf(app: App, person: Person, requestId: string, name: string): Promise<Card | null> {
  const done = await readRequest(app, person.tenantId, requestId);
  const command = done?.command === name ? app.registry.commands.get(name) : undefined;
  return command ? command.reply(done?.outcome, person) : null;
}

/** The view of the thing that a press is about: the first of its values that is named like a thing which can be shown. */
export function viewAbout(app: App, press: Press): Press | null {
  if (app.registry.views.has(press.target)) return press;
  for (const [entity, id] of Object.entries(press.input)) {
    const thing = app.registry.things.get(entity);
    if (thing) return thing.showing(id);
  }
  return null;
}

/** The same beside an answer, which stands whether or not it can be drawn just now. */
export function cardBeside(app: App, who: Who, view: Press | null): Promise<Card | null> {
  return cardFor(app, who, view).catch((error: unknown) => {
    app.log.warn({ err: error }, 'a card could not be drawn below an answer');
    return null;
  });
}

/** Shows a view, or the form of a command, to the reader of a page; null when they may not see it. */
export async function cardFor(app: App, who: Who, view: Press | null): Promise<Card | null> {
  return view ? orNull(showView(app, who, view)) : null;
}

/** What is there for a reader; null where it is not, or not for them. */
export async function orNull<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof DomainError && error.code !== 'unavailable') return null;
    throw error;
  }
}
