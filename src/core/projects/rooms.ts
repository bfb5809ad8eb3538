import { z } from 'zod';
import { sideOf } from '../kernel/actor.ts';
import type { Context } from '../kernel/context.ts';
import { DomainError } from '../kernel/errors.ts';
import { choice, optional } from '../kernel/field.ts';
import { list } from '../kernel/list.ts';
import type { Page } from '../kernel/list-page.ts';
import { when } from '../kernel/list-page.ts';

const AUDIENCES = ['client', 'internal', 'triage'] as const;

const Room = z.strictObject({
  id: z.uuid().describe('The room’s id'),
  channel: z.string().describe('The platform, like slack or email'),
  account: z.string().describe('The workspace or mailbox through which it is reached'),
  address: z.string().describe('What the platform calls it'),
  name: z.string().describe('What people call it'),
  audience: z.enum([...AUDIENCES, 'person']).describe('Who reads it; one person’s own mailbox or chat'),
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
  order: { by: { name: 'looked up', id: 'id' }, of: 'room' },
  rows: (context, page, { audience }) => pageOfRooms(context, page, audience),
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

function pageOfRooms({ actor }: Context, page: Page, audience: string | undefined): Promise<Room[]> {
  if (sideOf(actor) !== 'staff') throw new DomainError('forbidden', 'This is for the firm.');
  return page<Room>`
    select r.id, r.channel, r.account, r.address, r.name, r.audience,
      (select c.name from client c where c.tenant_id = r.tenant_id and c.id = r.client_id) as client,
      (select p.name from project p where p.tenant_id = r.tenant_id and p.id = r.project_id) as project, r.fault
    from room r
    where r.tenant_id = ${actor.tenantId} and r.unbound_at is null
      ${when(audience !== undefined)`and r.audience = ${audience}`}`;
}
