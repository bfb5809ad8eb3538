import { z } from 'zod';
import { sideOf } from '../kernel/actor.ts';
import type { Context } from '../kernel/context.ts';
import { momentText } from '../kernel/dates.ts';
import { DomainError } from '../kernel/errors.ts';
import { capital, choice, optional } from '../kernel/field.ts';
import { instant } from '../kernel/instant.ts';
import { list } from '../kernel/list.ts';
import type { Page } from '../kernel/list-page.ts';
import { when } from '../kernel/list-page.ts';
import { counted } from '../kernel/standing.ts';
import { allow } from '../kernel/thing-definition.ts';
import { client } from './client.ts';
import { person } from './person.ts';
import { managesTeams } from './rules.ts';
import { Client } from './schema.ts';

const Listed = z.strictObject({
  id: z.uuid().describe('The person’s id'),
  name: z.string().describe('What they are called'),
  side: z.enum(['staff', 'contact']).describe('Of the firm, or of a client'),
  role: z.string().describe('What they may do where nothing else is said'),
  client: z.string().nullable().describe('The company of a contact'),
  active: z.boolean().describe('Whether they still work there'),
  linked: z.string().nullable().describe('The accounts in which they are known'),
});
type Listed = z.infer<typeof Listed>;

const byName = (of: string) => ({ by: { name: 'looked up', id: 'id' }, of }) as const;

/** The clients of the firm, for its people. */
export const listClients = list({
  name: 'client.list',
  module: null,
  item: Client,
  summary: z.strictObject({}),
  order: byName('client'),
  rows: (context, page) => clients(staffOnly(context), page),
  summarize: async () => ({}),
  face: ({ items }) => ({
    title: 'Clients',
    line: ({ id, name, timezone }) => ({ text: name, detail: timezone, button: client.opening(id) }),
    empty: 'No clients yet. “Set up” says how the first one is added.',
    fallback: `${items.length} clients`,
  }),
});

/** Staff and contacts, with where they are known; for the firm's people, and of their own client for its administrator. */
export const listPeople = list({
  name: 'person.list',
  module: null,
  filters: { side: optional(choice(['staff', 'contact'], { label: 'Side' })) },
  item: Listed,
  summary: z.strictObject({}),
  order: byName('person'),
  rows: (context, page, { side }) => {
    allow(managesTeams(context.actor));
    return people(context, page, side);
  },
  summarize: async () => ({}),
  face: ({ items }) => ({
    title: 'People',
    line: ({ id, name, role, client, active, linked }) => ({
      text: name,
      button: person.opening(id),
      detail: [
        ...(client ? [client] : []),
        capital(role.replaceAll('_', ' ')),
        ...(active ? [] : ['inactive']),
        linked ?? 'not linked yet',
      ].join(' · '),
    }),
    empty: 'Nobody is here yet. “Set up” says how people are invited.',
    fallback: `${items.length} people`,
  }),
});

const Seen = z.strictObject({
  id: z.uuid().describe('The look'),
  byName: z.string().describe('Who of the team it was'),
  name: z.string().describe('Whose view they were shown'),
  client: z.string().describe('Of which client'),
  begunAt: instant().describe('When they began'),
  pages: z.int().describe('How many pages they opened'),
});
type Seen = z.infer<typeof Seen>;

/** Who of the team was shown what a contact sees, and when: for the firm, and of their own client for its administrator. */
export const listLooks = list({
  name: 'people.looks',
  module: null,
  item: Seen,
  summary: z.strictObject({}),
  order: { by: { begunAt: 'instant', id: 'id' }, isDown: true },
  rows: (context, page) => {
    allow(managesTeams(context.actor));
    return looks(context, page);
  },
  summarize: async () => ({}),
  face: ({ items }, { actor }) => ({
    title: 'Who saw what a contact sees',
    line: ({ byName, name, client, begunAt, pages }) => ({
      text: `${byName} saw what ${name} of ${client} sees`,
      detail: `${momentText(begunAt, actor.timezone)} · ${counted(pages, 'page')}`,
    }),
    empty: 'Nobody of the team did. They begin it on the card of a contact, and it is recorded here.',
    fallback: `${items.length} times somebody of the team saw what a contact sees`,
  }),
});

function staffOnly(context: Context): Context {
  if (sideOf(context.actor) !== 'staff') throw new DomainError('forbidden', 'This is for the firm.');
  return context;
}

function clients({ actor }: Context, page: Page): Promise<Client[]> {
  return page<Client>`select id, name, timezone, version from client where tenant_id = ${actor.tenantId}`;
}

function looks({ actor }: Context, page: Page): Promise<Seen[]> {
  return page<Seen>`
    select l.id, l.by_name as "byName", (select p.name from person p where p.tenant_id = l.tenant_id and p.id = l.person_id) as name,
      (select c.name from client c where c.tenant_id = l.tenant_id and c.id = l.client_id) as client, l.begun_at as "begunAt", l.pages
    from look l where l.tenant_id = ${actor.tenantId}`;
}

function people({ actor }: Context, page: Page, side: string | undefined): Promise<Listed[]> {
  return page<Listed>`
    select p.id, p.name, p.side, p.role, (select c.name from client c where c.tenant_id = p.tenant_id and c.id = p.client_id) as client, p.active,
      (select string_agg(i.provider || ' ' || i.external_id, ', ' order by i.provider, i.external_id) from identity i
        where i.tenant_id = p.tenant_id and i.person_id = p.id) as linked
    from person p
    where p.tenant_id = ${actor.tenantId} ${when(side !== undefined)`and p.side = ${side}`}`;
}
