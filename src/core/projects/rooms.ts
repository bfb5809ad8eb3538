import { z } from 'zod';
import { sideOf } from '../kernel/actor.ts';
import type { Context } from '../kernel/context.ts';
import { DomainError } from '../kernel/errors.ts';
import { choice, optional } from '../kernel/field.ts';
import type { Turn } from '../kernel/list.ts';
import { list } from '../kernel/list.ts';

const AUDIENCES = ['client', 'internal', 'triage'] as const;

const Room = z.strictObject({
  id: z.uuid().describe('The room’s id'),
  channel: z.string().describe('The platform, like slack or email'),
  account: z.string().describe('The workspace or mailbox through which it is reached'),
  address: z.string().describe('What the platform calls it'),
  name: z.string().describe('What people call it'),
  audience: z.enum(AUDIENCES).describe('Who reads it'),
  client: z.string().nullable().describe('The client whom it is about'),
  project: z.string().nullable().describe('The project that it is about'),
  fault: z.string().nullable().describe('Why nothing can be sent there'),
});
type Room = z.infer<typeof Room>;

/** The channels and mailboxes that cards are posted to, for the firm's people. */
export const listRooms = list({
  name: 'room.list',
  module: 'projects',
  filters: { audience: optional(choice(AUDIENCES, { label: 'Read by' })) },
  item: Room,
  summary: z.strictObject({}),
  key: { id: 'id' },
  placeOf: ({ id }) => ({ id }),
  rows: (context, turn, { audience }) => pageOfRooms(context, turn, audience ?? null),
  summarize: async () => ({}),
  face: ({ items }) => ({
    title: 'Channels',
    line: ({ name, channel, audience, client, project, fault }) => ({
      text: name,
      detail: [channel, project ?? client ?? audience, ...(fault ? ['cannot be reached'] : [])].join(' · '),
      mark: fault ? 'open' : 'done',
    }),
    empty: 'No channels yet. Write /parley bind inside one (in Teams, mention Parley and write bind).',
    fallback: `${items.length} channels`,
  }),
});

function pageOfRooms(context: Context, turn: Turn<{ id: 'id' }>, audience: string | null): Promise<Room[]> {
  const { sql, actor } = context;
  if (sideOf(actor) !== 'staff') throw new DomainError('forbidden', 'This is for the firm.');
  const { from, isBack, limit } = turn;
  const id = from?.id ?? null;
  return sql<Room>`
    select r.id, r.channel, r.account, r.address, r.name, r.audience, c.name as client, p.name as project, r.fault from room r
    left join client c on c.tenant_id = r.tenant_id and c.id = r.client_id
    left join project p on p.tenant_id = r.tenant_id and p.id = r.project_id
    where r.tenant_id = ${actor.tenantId} and r.unbound_at is null and (${audience}::text is null or r.audience = ${audience})
      and (${id}::uuid is null or case when ${isBack}
        then (r.name, r.id) < (select a.name, a.id from room a where a.tenant_id = r.tenant_id and a.id = ${id})
        else (r.name, r.id) > (select a.name, a.id from room a where a.tenant_id = r.tenant_id and a.id = ${id}) end)
    order by case when ${isBack} then r.name end desc, case when ${isBack} then r.id end desc, r.name, r.id limit ${limit}`;
}
