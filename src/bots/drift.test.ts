import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { runCommand } from '../core/kernel/registry.ts';
import type { AnyView } from '../core/kernel/view.ts';
import type { TestApp } from '../testing/app.ts';
import { testApp } from '../testing/app.ts';
import type { FakeChannel } from '../testing/channel.ts';
import { fakeChannel } from '../testing/channel.ts';
import { asOwner } from '../testing/database.ts';
import type { TestFirm } from '../testing/firm.ts';
import { as, makeFirm } from '../testing/firm.ts';
import { runJobs } from '../testing/worker.ts';
import { deliverJob } from './announce.ts';
import { driftingCards } from './drift.ts';

let app: TestApp;
let firm: TestFirm;
let channels: Map<string, FakeChannel>;
let count = 0;

beforeEach(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
  channels = new Map([['slack', fakeChannel('slack')]]);
});
afterEach(() => app.close());

const owner = (text: string, values?: unknown[]) => asOwner(app.database)(text, values);

async function fileBug(title: string): Promise<string> {
  const { output } = await runCommand(app, as(firm, firm.acme.approver), {
    name: 'ticket.file-bug',
    input: { project: firm.acme.project, title, description: 'It does nothing.' },
    requestId: `test ${++count}`,
  });
  return (output as { id: string }).id;
}

/** Rooms of the team, in each of which stands what stands in triage. */
async function roomsLikeTriage(rooms: number): Promise<void> {
  await owner(
    `with r as (
       insert into room (tenant_id, id, channel, account, address, name, audience)
       select $1::uuid, gen_random_uuid(), 'slack', $1::uuid::text, 'I-' || n, '#team-' || n, 'internal' from generate_series(1, $3::int) n returning tenant_id, id)
     insert into posted_card (tenant_id, id, key, room_id, channel, ref, view, entity, entity_id, state, render_hash)
     select r.tenant_id, gen_random_uuid(), p.key || r.id, r.id, 'slack', p.ref, p.view, p.entity, p.entity_id, 'posted', p.render_hash
     from r, posted_card p where p.tenant_id = r.tenant_id and p.room_id = $2`,
    [firm.tenantId, firm.triageRoom, rooms],
  );
}

/** How often a connection was taken for a transaction while something ran. */
async function transactionsOf<T>(run: () => Promise<T>): Promise<{ result: T; transactions: number }> {
  let transactions = 0;
  const noted = () => {
    transactions += 1;
  };
  app.database.pool.on('acquire', noted);
  try {
    return { result: await run(), transactions };
  } finally {
    app.database.pool.off('acquire', noted);
  }
}

test('a hundred cards are compared in a few transactions, and what the same readers see is drawn once', async () => {
  for (const title of ['One', 'Two', 'Three', 'Four', 'Five']) await fileBug(title);
  await runJobs(app, channels);
  await roomsLikeTriage(18);
  const [{ cards } = {}] = await owner('select count(*)::int as cards from posted_card');
  const show = app.registry.views.get('ticket.show') as AnyView;
  let drawn = 0;
  const counted: AnyView = {
    ...show,
    read: (...of) => {
      drawn += 1;
      return show.read(...of);
    },
  };
  (app.registry.views as Map<string, AnyView>).set('ticket.show', counted);

  const { result, transactions } = await transactionsOf(() => driftingCards(app, firm.tenantId));

  expect({ cards, result }).toEqual({ cards: 100, result: [] });
  expect(transactions).toBeLessThanOrEqual(5);
  // For the client's room, for triage, and for the rooms of the team.
  expect(drawn).toBe(15);
});

test('every card is compared, however many there are and in whatever rooms', async () => {
  await fileBug('One');
  await runJobs(app, channels);
  await roomsLikeTriage(600);
  await owner(
    `update posted_card set render_hash = 'another' where id in (select id from posted_card order by room_id, id offset 598)`,
  );

  expect((await driftingCards(app, firm.tenantId)).length).toBe(4);
});

test('one card that cannot be drawn is told, and takes none of the others along', async () => {
  const broken = await fileBug('Broken');
  await fileBug('Whole');
  await runJobs(app, channels);
  const show = app.registry.views.get('ticket.show') as AnyView;
  // What the policies refuse ends the transaction that it was asked in.
  const refused: AnyView = {
    ...show,
    read: async (context, input, registry) => {
      if (input.ticket === broken) await context.sql`select from pg_authid`;
      return show.read(context, input, registry);
    },
  };
  (app.registry.views as Map<string, AnyView>).set('ticket.show', refused);

  const drifting = await driftingCards(app, firm.tenantId);

  const cards = await owner('select id from posted_card where entity_id = $1', [broken]);
  expect(drifting.map(({ cardId }) => cardId).sort()).toEqual(cards.map(({ id }) => id).sort());
});

test('a card for one person is compared with what that person sees', async () => {
  await fileBug('One');
  await runJobs(app, channels);
  for (const [name, person] of [
    ['Approver', firm.acme.approver],
    ['Viewer', firm.acme.viewer],
  ]) {
    const [room] = await owner(
      `with r as (
         insert into room (tenant_id, id, channel, account, address, name, audience, client_id, person_id)
         values ($1, gen_random_uuid(), 'slack', $1::uuid::text, $2, $2, 'client', $3, $4) returning tenant_id, id)
       insert into posted_card (tenant_id, id, key, room_id, channel, view, entity, entity_id, state)
       select p.tenant_id, gen_random_uuid(), p.key || r.id, r.id, 'slack', p.view, p.entity, p.entity_id, 'sending'
       from r, posted_card p where p.tenant_id = r.tenant_id and p.room_id = $5 returning room_id`,
      [firm.tenantId, name, firm.acme.id, person, firm.acme.room],
    );
    app.asked.push(deliverJob(firm.tenantId, String(room?.room_id)));
  }
  const differing = async () => (await driftingCards(app, firm.tenantId)).map(({ room }) => room).sort();

  expect(await differing()).toEqual(['Approver', 'Viewer']);
  await runJobs(app, channels);
  expect(await differing()).toEqual([]);

  await owner('update person set active = false where id = $1', [firm.acme.viewer]);
  expect(await differing()).toEqual(['Viewer']);
});
