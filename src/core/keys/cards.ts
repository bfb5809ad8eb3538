import type { Actor } from '../kernel/actor.ts';
import type { Card } from '../kernel/card.ts';
import { momentText } from '../kernel/dates.ts';
import { capital } from '../kernel/field.ts';
import type { Drawing } from '../kernel/view.ts';
import type { Key } from './key.ts';
import { key } from './key.ts';

/** Tells a person on every channel that a program can act as them now; and shows one key. */
export function keyCard(it: Key, actor: Actor): Card {
  const { id, name, seenAt, expiresAt, endedAt, version } = it;
  const moment = (at: Date) => momentText(at, actor.timezone);
  return {
    title: `API key “${name}”`,
    tone: endedAt ? 'neutral' : 'attention',
    status: endedAt ? 'Ended' : 'In use',
    blocks: [
      {
        kind: 'facts',
        facts: [
          { label: 'It may', value: mayText(it) },
          { label: 'Only for', value: forText(it) },
          { label: 'Last used', value: seenAt ? moment(seenAt) : 'never' },
          { label: endedAt ? 'Ended' : 'Ends', value: moment(endedAt ?? expiresAt) },
        ],
      },
      {
        kind: 'text',
        text: 'Whoever has this key acts as you, within your rights. If it was not you who made it, end it and tell the firm.',
      },
    ],
    actions: key.buttons(it, actor),
    fallback: `The API key “${name}” acts as you.`,
    about: { entity: 'key', id, version },
  };
}

/** One's own keys that count. */
export function keysCard(keys: readonly Key[], { newId, actor: { timezone }, publicUrl }: Drawing): Card {
  return {
    title: 'API keys',
    tone: 'neutral',
    blocks: keys.length
      ? [{ kind: 'list', items: keys.map((one) => keyItem(one, timezone)) }]
      : [{ kind: 'text', text: 'You have none. A key lets a program of yours read and do what you may, by the API.' }],
    actions: [
      { kind: 'button', label: 'Make a key…', word: 'MAKE', press: { target: 'key.make', input: {} } },
      { kind: 'link', label: 'What the API has', url: `${publicUrl}/api/v1/docs` },
    ],
    fallback: `${keys.length} API keys act as you.`,
    about: { entity: 'home', id: newId(), version: 0 },
  };
}

function keyItem(it: Key, timezone: string) {
  const used = it.seenAt ? `last used ${momentText(it.seenAt, timezone)}` : 'never used';
  return {
    text: it.name,
    detail: `${mayText(it)}, ${forText(it)}; ${used}; ends ${momentText(it.expiresAt, timezone)}`,
    button: key.opening(it.id),
  };
}

function mayText({ writes }: Key): string {
  return writes ? 'read and do what you may' : 'read';
}

function forText({ modules }: Key): string {
  return modules ? modules.map(capital).join(', ') : 'all that you see';
}
