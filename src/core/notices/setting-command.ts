import type { Person } from '../kernel/actor.ts';
import type { Card } from '../kernel/card.ts';
import type { Context } from '../kernel/context.ts';
import type { Decision } from '../kernel/event.ts';
import { sentence } from '../kernel/thing-definition.ts';
import { changed } from './events.ts';
import { PREFERENCES } from './presses.ts';
import type { Settings } from './schema.ts';
import { changeSettings } from './settings.ts';

/** What a command about one's own settings answers. */
interface Done {
  person: string;
  say: string;
}

/** Changes how the actor is told, and says what is different in one sentence. */
export async function set(
  context: Context,
  change: (before: Settings) => Settings,
  { what, say }: { what: string; say: string },
): Promise<Decision<Done>> {
  const { personId, clientId } = context.actor as Person;
  await changeSettings(context, personId, change);
  return {
    events: [changed.of({ entity: 'person', id: personId }, { what }, clientId ? { clientId } : {})],
    output: { person: personId, say },
  };
}

/** The answer, with the way back to the card on which all of it stands. */
export function setReply({ person, say }: Done): Card {
  return { ...sentence('person', person, say), actions: [PREFERENCES] };
}
