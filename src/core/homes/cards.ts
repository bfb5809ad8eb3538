import type { Actor } from '../kernel/actor.ts';
import { reads, sideOf } from '../kernel/actor.ts';
import type { Button, Card } from '../kernel/card.ts';
import type { Said, WaitingItem } from './queries.ts';

const NEW_BUG: Button = {
  kind: 'button',
  label: 'Report a bug…',
  word: 'BUG',
  press: { target: 'ticket.file-bug', input: {} },
};
const NEW_CHANGE: Button = {
  kind: 'button',
  label: 'Ask for a change…',
  word: 'CHANGE',
  press: { target: 'ticket.file-change', input: {} },
};
const MY_WORK: Button = { kind: 'button', label: 'My work', word: 'WORK', press: { target: 'home.work', input: {} } };
const SET_UP: Button = { kind: 'button', label: 'Set up', word: 'SETUP', press: { target: 'home.setup', input: {} } };
const PROJECTS: Button = {
  kind: 'button',
  label: 'Projects',
  word: 'PROJECTS',
  press: { target: 'project.list', input: {} },
};

/** What can be done here, in a few lines. It shows no data, so anybody may open it. */
export function helpCard(id: string, words: readonly Said[]): Card {
  return {
    title: 'What you can do here',
    tone: 'info',
    blocks: [
      {
        kind: 'list',
        items: words.map(({ say, about }) => ({ text: say, detail: about })),
      },
      {
        kind: 'text',
        text: 'Cards bring their own buttons. Every mail from here can be answered by mail.',
        subtle: true,
      },
    ],
    actions: [MY_WORK, NEW_BUG, NEW_CHANGE],
    fallback: `You can say: ${words.map(({ say }) => say).join(', ')}.`,
    about: { entity: 'home', id, version: 0 },
  };
}

/** What waits for this person, the most pressing first. */
export function workCard(id: string, actor: Actor, waiting: WaitingItem[]): Card {
  const staff = sideOf(actor) === 'staff';
  return {
    title: 'My work',
    tone: waiting.length ? 'attention' : 'good',
    ...(waiting.length ? { status: `${waiting.length} waiting` } : {}),
    blocks: waiting.length
      ? [
          {
            kind: 'list',
            title: staff ? 'Waiting for the team' : 'Waiting for you',
            items: waiting.map(({ text, detail, view }) => ({
              text,
              detail,
              mark: 'open' as const,
              button: { kind: 'button' as const, label: 'Open', press: view },
            })),
          },
        ]
      : [{ kind: 'text', text: 'All caught up: nothing waits for you.' }],
    actions: [
      ...(reads(actor, 'projects') ? [PROJECTS] : []),
      ...(reads(actor, 'tickets') ? [NEW_BUG, NEW_CHANGE] : []),
      // A firm that begins has nothing waiting yet.
      ...(actor.kind === 'person' && actor.role === 'admin' && !waiting.length ? [SET_UP] : []),
    ],
    fallback: waiting.length ? `${waiting.length} things wait for you.` : 'Nothing waits for you.',
    about: { entity: 'home', id, version: 0 },
  };
}
