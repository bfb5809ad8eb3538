import type { Who } from './actor.ts';
import type { Card, Press } from './card.ts';
import type { Context } from './context.ts';
import { DomainError } from './errors.ts';
import type { Fields } from './field.ts';

/** What a command says of where it is done. */
interface Placed {
  onPage?: true;
  form?: { fields: Fields };
}

/**
 * Is a command done on the pages of somebody who is signed in, and nowhere else? Where it says so, and where it asks for something
 * secret, or for files: what is typed into a chat or a mail is kept by others, and what is shown there too.
 */
export function isOnPage(command: Placed): boolean {
  let isSo = known.get(command);
  if (isSo === undefined) {
    const looks = Object.values(command.form?.fields ?? {}).map((field) => field.meta());
    isSo = command.onPage === true || looks.some((look) => look?.secret === true || look?.file !== undefined);
    known.set(command, isSo);
  }
  return isSo;
}

/** A command says it once; each press asks. */
const known = new WeakMap<Placed, boolean>();

/** Does somebody ask elsewhere than on such a page? The hub itself asks nowhere. */
export function isElsewhere(who: Who): boolean {
  return (who.kind === 'person' || who.kind === 'identity') && who.channel !== 'portal';
}

/** @throws DomainError forbidden, whatever door the request came through */
export function requirePage(command: Placed, who: Who): void {
  if (isOnPage(command) && isElsewhere(who))
    throw new DomainError('forbidden', 'This is done on a page of Parley where you are signed in, and nowhere else.');
}

/** Answers a press elsewhere: the way to the actor's page of it. */
export function wayToPage({ portalOf, newId }: Pick<Context, 'portalOf' | 'newId'>, press: Press): Card {
  const text = 'This is shown on a page of yours and not here, because others keep what stands in a chat or a mail.';
  const [entity = 'home', id = newId()] = Object.entries(press.input)[0] ?? [];
  return {
    title: 'On a page of yours',
    tone: 'info',
    blocks: [{ kind: 'text', text }],
    actions: [{ kind: 'link', label: 'Open the page', url: portalOf(press) }],
    fallback: text,
    about: { entity, id, version: 0 },
  };
}
