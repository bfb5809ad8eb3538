import type { Actor } from '../kernel/actor.ts';
import type { Card } from '../kernel/card.ts';
import { momentText } from '../kernel/dates.ts';
import { POSTED_MINUTES } from '../kernel/posted-code.ts';
import { sentence } from '../kernel/thing-definition.ts';
import { mends } from './rules.ts';
import type { Connection, Posted } from './schema.ts';
import { TOOLS } from './schema.ts';

export function codeMade(id: string): Card {
  return {
    ...sentence('connect-code', id, `A code was made. It counts for ${POSTED_MINUTES} minutes, and once.`),
    actions: [
      {
        kind: 'button',
        label: 'Show the code',
        style: 'primary',
        press: { target: 'connection.code', input: { code: id } },
      },
    ],
  };
}

/** The code, and how it is posted. */
export function codeCard(id: string, tool: string, code: string, how: string): Card {
  const title = `Your code for ${TOOLS[tool] ?? tool} is ${code}`;
  return {
    ...sentence('connect-code', id, title),
    tone: 'info',
    blocks: [
      { kind: 'text', text: how },
      {
        kind: 'text',
        text: `What is said to Parley there belongs to your firm from then on. The code counts for ${POSTED_MINUTES} minutes, and once. Your firm is told who posted it.`,
        subtle: true,
      },
    ],
  };
}

/** Tells the firm that a code was posted: by whom, where and when. One press takes back what it connected. */
export function postedCard(posted: Posted, connection: Connection | null, code: string, actor: Actor): Card {
  const { called, by, externalId, place, at, madeBy } = posted;
  const stands = connection !== null && posted.isLast;
  const title = stands ? `${called} was connected by a code` : `The code for ${called} does not count any more`;
  const poster = by ? `${by} (${externalId})` : externalId;
  const facts = [
    { label: 'Posted by', value: poster },
    { label: 'Where', value: `${called}, ${place ? `channel ${place}` : 'in a chat with Parley alone'}` },
    { label: 'When', value: momentText(at, actor.timezone) },
    { label: 'Whose code', value: madeBy },
  ];
  const text = stands
    ? 'Whoever may write there could post it. If it was nobody of yours, undo it: nothing more is sent there and nothing more comes in.'
    : 'What it connected was disconnected, or connected again since.';
  return {
    title,
    tone: stands ? 'attention' : 'neutral',
    blocks: [
      { kind: 'facts', facts },
      { kind: 'text', text },
    ],
    actions:
      stands && mends(actor)
        ? [
            {
              kind: 'button',
              label: 'Undo',
              word: 'UNDO',
              style: 'danger',
              press: {
                target: 'connection.undo',
                input: { connection: connection.id, version: String(connection.version), code },
              },
            },
          ]
        : [],
    fallback: `${title}: posted by ${poster}.`,
    about: { entity: 'connection', id: posted.connection, version: connection?.version ?? 0 },
  };
}
