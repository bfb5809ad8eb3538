import { z } from 'zod';
import { sideOf } from '../kernel/actor.ts';
import type { Context } from '../kernel/context.ts';
import { DomainError } from '../kernel/errors.ts';
import { capital, choice, optional } from '../kernel/field.ts';
import type { Turn } from '../kernel/list.ts';
import { list } from '../kernel/list.ts';
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

type ByName = Turn<{ id: 'id' }>;

/** The clients of the firm, for its people. */
export const listClients = list({
  name: 'client.list',
  module: null,
  item: Client,
  summary: z.strictObject({}),
  key: { id: 'id' },
  placeOf: ({ id }) => ({ id }),
  rows: (context, turn) => clients(staffOnly(context), turn),
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
  key: { id: 'id' },
  placeOf: ({ id }) => ({ id }),
  rows: (context, turn, { side }) => {
    allow(managesTeams(context.actor));
    return people(context, turn, side ?? null);
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

function staffOnly(context: Context): Context {
  if (sideOf(context.actor) !== 'staff') throw new DomainError('forbidden', 'This is for the firm.');
  return context;
}

function clients({ sql, actor }: Context, { from, isBack, limit }: ByName): Promise<Client[]> {
  const id = from?.id ?? null;
  return sql<Client>`
    select c.id, c.name, c.timezone, c.version from client c
    where c.tenant_id = ${actor.tenantId} and (${id}::uuid is null or case when ${isBack}
      then (c.name, c.id) < (select a.name, a.id from client a where a.tenant_id = c.tenant_id and a.id = ${id})
      else (c.name, c.id) > (select a.name, a.id from client a where a.tenant_id = c.tenant_id and a.id = ${id}) end)
    order by case when ${isBack} then c.name end desc, case when ${isBack} then c.id end desc, c.name, c.id limit ${limit}`;
}

function people({ sql, actor }: Context, { from, isBack, limit }: ByName, side: string | null): Promise<Listed[]> {
  const id = from?.id ?? null;
  return sql<Listed>`
    select p.id, p.name, p.side, p.role, c.name as client, p.active,
      (select string_agg(i.provider || ' ' || i.external_id, ', ' order by i.provider, i.external_id) from identity i
        where i.tenant_id = p.tenant_id and i.person_id = p.id) as linked
    from person p left join client c on c.tenant_id = p.tenant_id and c.id = p.client_id
    where p.tenant_id = ${actor.tenantId} and (${side}::text is null or p.side = ${side}) and (${id}::uuid is null or case when ${isBack}
      then (p.name, p.id) < (select a.name, a.id from person a where a.tenant_id = p.tenant_id and a.id = ${id})
      else (p.name, p.id) > (select a.name, a.id from person a where a.tenant_id = p.tenant_id and a.id = ${id}) end)
    order by case when ${isBack} then p.name end desc, case when ${isBack} then p.id end desc, p.name, p.id limit ${limit}`;
}
