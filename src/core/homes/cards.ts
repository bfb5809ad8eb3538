import type { Actor } from '../kernel/actor.ts';
import { reads, sideOf } from '../kernel/actor.ts';
import type { Block, Button, Card, ListItem } from '../kernel/card.ts';
import { capital } from '../kernel/field.ts';
import { leads } from '../people/index.ts';
import { project } from '../projects/index.ts';
import type { HomeFigure, HomeProject, Said, WaitingItem } from './queries.ts';

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

const CLIENTS: Button = {
  kind: 'button',
  label: 'How clients stand',
  word: 'CLIENTS',
  press: { target: 'home.clients', input: {} },
};
const TEAM: Button = { kind: 'button', label: 'Workload', word: 'TEAM', press: { target: 'home.team', input: {} } };

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

/** What stands on somebody's home. */
interface Home {
  waiting: WaitingItem[];
  figures: HomeFigure[];
  projects: HomeProject[];
}

/** What waits for this person, the most pressing first; then what is counted for them, and the projects they work in. */
export function workCard(id: string, actor: Actor, { waiting, figures, projects }: Home): Card {
  return {
    title: 'My work',
    tone: waiting.length ? 'attention' : 'good',
    ...(waiting.length ? { status: `${waiting.length} waiting` } : {}),
    blocks: [waitingBlock(waiting, actor), ...figureBlocks(figures), ...projectBlocks(projects, actor)],
    actions: [
      ...(reads(actor, 'projects') ? [PROJECTS] : []),
      ...(reads(actor, 'tickets') ? [NEW_BUG, NEW_CHANGE] : []),
      ...(sideOf(actor) === 'staff' ? [CLIENTS] : []),
      ...(leads(actor) ? [TEAM] : []),
      // A firm that begins has nothing waiting yet.
      ...(actor.kind === 'person' && actor.role === 'admin' && !waiting.length ? [SET_UP] : []),
    ],
    fallback: waiting.length ? `${waiting.length} things wait for you.` : 'Nothing waits for you.',
    about: { entity: 'home', id, version: 0 },
  };
}

function waitingBlock(waiting: WaitingItem[], actor: Actor): Block {
  if (!waiting.length) return { kind: 'text', text: 'All caught up: nothing waits for you.' };
  const items = waiting.map(
    ({ text, detail, view }): ListItem => ({ text, detail, mark: 'open', button: opening(view) }),
  );
  return { kind: 'list', title: sideOf(actor) === 'staff' ? 'Waiting for the team' : 'Waiting for you', items };
}

function figureBlocks(figures: HomeFigure[]): Block[] {
  if (!figures.length) return [];
  const items = figures.map(
    ({ label, value, view }): ListItem => ({ text: `${label}: ${value}`, ...(view ? { button: opening(view) } : {}) }),
  );
  return [{ kind: 'list', title: 'At a glance', items }];
}

function projectBlocks(projects: HomeProject[], actor: Actor): Block[] {
  if (!projects.length) return [];
  const items = projects.map(({ id, name, clientName, stage, percent, stands }): ListItem => {
    const whose = sideOf(actor) === 'staff' ? [clientName] : [];
    const far = percent === null ? [] : [`${percent}% done`];
    const detail = [...whose, capital(stage), ...far, ...stands.map(({ text }) => text)].join(' · ');
    return { text: name, detail, button: project.opening(id) };
  });
  return [{ kind: 'list', title: 'Projects', items }];
}

function opening(press: Button['press']): Button {
  return { kind: 'button', label: 'Open', press };
}
