import type { Person, Who } from '../core/kernel/actor.ts';
import type { Card, Press } from '../core/kernel/card.ts';
import { withActor } from '../core/kernel/context.ts';
import { DomainError } from '../core/kernel/errors.ts';
import type { ActionLink } from '../core/kernel/links.ts';
import { readLink } from '../core/kernel/links.ts';
import type { App } from '../core/kernel/registry.ts';
import { showView } from '../core/kernel/registry.ts';

/** A link that can be used, and by whom. */
export interface Opened {
  link: ActionLink;
  token: string;
  who: Who;
  person: Person;
  firm: string;
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
      return { link, token, who, person: actor as Person, firm: firm?.name ?? 'Parley' };
    });
  } catch (error) {
    // The person does not work there any more.
    if (error instanceof DomainError && error.code === 'not_found') return 'revoked';
    throw error;
  }
}

/** The request id of the link's own press: whoever uses the link again gets the first outcome. */
export function requestIdOf({ nonce }: ActionLink): string {
  return `link:${nonce}`;
}

/** The card that the first use of the link was answered with; null while it was not used. */
export async function firstOutcome(app: App, { link, person }: Opened): Promise<Card | null> {
  const [used] = await withActor(
    app,
    { kind: 'system', tenantId: link.tenantId, reason: 'opening a link' },
    ({ sql }) =>
      sql<{ command: string; outcome: unknown }>`
      select command, outcome from request where tenant_id = ${link.tenantId} and request_id = ${requestIdOf(link)} and outcome is not null`,
  );
  const command = used && used.command === link.press.target ? app.registry.commands.get(used.command) : undefined;
  return command ? command.reply(used?.outcome, person) : null;
}

/** The view of the thing that a press is about: the first of its values that is named like a thing which can be shown. */
export function viewAbout(app: App, press: Press): Press | null {
  if (app.registry.views.has(press.target)) return press;
  for (const [entity, id] of Object.entries(press.input)) {
    const view = app.registry.areas.map((area) => area.shows[entity]).find(Boolean);
    if (view) return { target: view, input: { [entity]: id } };
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

/** Shows a view to the holder of a link; null when they may not see it. */
export async function cardFor(app: App, who: Who, view: Press | null): Promise<Card | null> {
  if (!view) return null;
  try {
    return await showView(app, who, view);
  } catch (error) {
    if (error instanceof DomainError && error.code !== 'unavailable') return null;
    throw error;
  }
}
