import { z } from 'zod';
import { connectedTools } from '../connections/index.ts';
import { sideOf } from '../kernel/actor.ts';
import type { Card, Link, ListItem } from '../kernel/card.ts';
import { DomainError } from '../kernel/errors.ts';
import type { Drawing } from '../kernel/view.ts';
import { view } from '../kernel/view.ts';
import { countPeople } from '../people/index.ts';
import { countRooms } from '../projects/index.ts';

const There = z.strictObject({
  tools: z.array(z.string()).describe('What is connected'),
  clients: z.int(),
  staff: z.int(),
  contacts: z.int(),
  projects: z.int(),
  clientRooms: z.int().describe('Rooms that clients read'),
  firmRooms: z.int().describe('Rooms of the firm alone'),
});
type There = z.infer<typeof There>;

/** What a firm begins with: what is done, what is missing, and the ways there. Read from what is, not from steps taken. */
export const setup = view({
  name: 'home.setup',
  module: null,
  word: { say: 'setup', label: 'Set up the firm', about: 'for the firm: what is still missing' },
  input: z.strictObject({}),
  output: There,
  read: async (context) => {
    if (sideOf(context.actor) !== 'staff') throw new DomainError('forbidden', 'This is for the firm.');
    return { ...(await countPeople(context)), ...(await countRooms(context)), tools: await connectedTools(context) };
  },
  card: (there, drawing) => setupCard(drawing, stepsOf(drawing, there)),
});

interface Step {
  text: string;
  done: boolean;
  detail: string;
  /** What does it, on the pages. */
  way?: { label: string; target: string };
}

function stepsOf({ actor }: Drawing, there: There): Step[] {
  const admin = actor.kind === 'person' && actor.role === 'admin';
  const leads = admin || (actor.kind === 'person' && actor.role === 'partner');
  const { tools, clients, staff, contacts, projects, clientRooms, firmRooms } = there;
  const way = (may: boolean, label: string, target: string) => (may ? { way: { label, target } } : {});
  return [
    {
      text: 'Connect a tool',
      done: tools.length > 0,
      detail: tools.length ? tools.join(', ') : 'none yet: an administrator connects it on a page',
      ...way(admin, 'Connect a tool', 'connection.new'),
    },
    {
      text: 'Add a client',
      done: clients > 0,
      detail: counted(clients, 'client'),
      ...way(leads, 'Add a client…', 'people.add-client'),
    },
    {
      text: 'Invite your team',
      done: staff > 1,
      detail: `${counted(staff, 'person', 'people')} of the firm`,
      ...way(admin, 'Add to the team…', 'people.add-staff'),
    },
    {
      text: 'Invite the people of a client',
      done: contacts > 0,
      detail: clients ? `${counted(contacts, 'person', 'people')} of clients` : 'once there is a client',
      ...way(clients > 0, 'Invite a contact…', 'people.add-contact'),
    },
    {
      text: 'Open a project',
      done: projects > 0,
      detail: clients ? counted(projects, 'project') : 'once there is a client',
      ...way(clients > 0, 'Open a project…', 'project.open'),
    },
    {
      text: 'Bind a channel for a client, and one for triage',
      done: clientRooms > 0 && firmRooms > 0,
      detail: `${clientRooms} for clients, ${firmRooms} for the firm. Write /parley bind inside a channel (in Teams, mention Parley and write bind).`,
    },
  ];
}

function counted(count: number, one: string, many = `${one}s`): string {
  return count === 0 ? `no ${one} yet` : `${count} ${count === 1 ? one : many}`;
}

function setupCard({ newId, portalOf }: Drawing, steps: Step[]): Card {
  const missing = steps.filter(({ done }) => !done);
  const items = steps.map(({ text, done, detail }): ListItem => ({ text, detail, mark: done ? 'done' : 'open' }));
  const links = steps.flatMap(({ way }): Link[] =>
    way ? [{ kind: 'link', label: way.label, url: portalOf({ target: way.target, input: {} }) }] : [],
  );
  const left = missing.length ? `${missing.length} to do` : 'All done';
  return {
    title: 'Set up your firm',
    tone: missing.length ? 'attention' : 'good',
    status: left,
    blocks: [
      { kind: 'list', items },
      { kind: 'text', text: 'What you type is typed on a page of yours, never in a chat.', subtle: true },
    ],
    actions: links,
    fallback: `Set up your firm: ${left.toLowerCase()}.`,
    about: { entity: 'home', id: newId(), version: 0 },
  };
}
