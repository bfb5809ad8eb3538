import { z } from 'zod';
import { sideOf } from '../kernel/actor.ts';
import type { ListItem } from '../kernel/card.ts';
import { DomainError } from '../kernel/errors.ts';
import { capital } from '../kernel/field.ts';
import { list } from '../kernel/list.ts';
import { allow } from '../kernel/thing-definition.ts';
import { client, leads, person } from '../people/index.ts';
import { Stand, standingsOf } from './queries.ts';

const stands = z.array(Stand).describe('How it stands, as each area says it');

const StandingClient = z.strictObject({
  id: z.uuid().describe('The client’s id'),
  name: z.string().describe('What it is called'),
  stands,
});

const byName = (of: string) => ({ by: { name: 'looked up', id: 'id' }, of }) as const;

/** How the clients stand that somebody of the firm works for: what is open, what waits, what is late (H2). */
export const showClients = list({
  name: 'home.clients',
  module: null,
  word: { say: 'clients', label: 'Show how clients stand', about: 'for the firm: how each client stands' },
  item: StandingClient,
  summary: z.strictObject({}),
  order: byName('client'),
  rows: async (context, page, _input, { standings }) => {
    if (sideOf(context.actor) !== 'staff') throw new DomainError('forbidden', 'This is for the firm.');
    const { tenantId } = context.actor;
    const rows = await page<{ id: string; name: string }>`select id, name from client where tenant_id = ${tenantId}`;
    const ids = rows.map(({ id }) => id);
    const all = await standingsOf(context, standings, 'client', ids);
    return rows.map((row) => ({ ...row, stands: all.get(row.id) ?? [] }));
  },
  summarize: async () => ({}),
  face: ({ items }) => ({
    title: 'How clients stand',
    line: ({ id, name, stands }) => ({ ...lineOf(name, [], stands), button: client.opening(id) }),
    empty: 'No clients yet. “Set up” says how the first one is added.',
    fallback: `${items.length} clients`,
  }),
});

const Loaded = z.strictObject({
  id: z.uuid().describe('The person’s id'),
  name: z.string().describe('What they are called'),
  role: z.string().describe('Their part in the firm'),
  stands,
});

/** What each of the team has to do, for those who lead the firm (H2). */
export const showTeam = list({
  name: 'home.team',
  module: null,
  item: Loaded,
  summary: z.strictObject({}),
  order: byName('person'),
  rows: async (context, page, _input, { standings }) => {
    allow(leads(context.actor));
    const { tenantId } = context.actor;
    const rows = await page<{ id: string; name: string; role: string }>`
      select id, name, role from person where tenant_id = ${tenantId} and side = 'staff' and active`;
    const ids = rows.map(({ id }) => id);
    const all = await standingsOf(context, standings, 'person', ids);
    return rows.map((row) => ({ ...row, stands: all.get(row.id) ?? [] }));
  },
  summarize: async () => ({}),
  face: ({ items }) => ({
    title: 'Workload',
    line: ({ id, name, role, stands }) => ({ ...lineOf(name, [capital(role)], stands), button: person.opening(id) }),
    empty: 'Nobody is on the team yet. “Set up” says how people are added.',
    fallback: `${items.length} people`,
  }),
});

function lineOf(name: string, about: string[], stands: Stand[]): ListItem {
  const said = stands.length ? stands.map(({ text }) => text) : ['nothing open'];
  return {
    text: name,
    detail: [...about, ...said].join(' · '),
    mark: stands.some(({ isLate }) => isLate) ? 'open' : 'done',
  };
}
