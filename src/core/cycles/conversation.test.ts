import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { announcementConsumer } from '../../bots/announce.ts';
import type { Inbound, Said } from '../../bots/channel.ts';
import { inboundFor } from '../../bots/inbound.ts';
import type { ChannelName } from '../../core/kernel/actor.ts';
import type { TestApp } from '../../testing/app.ts';
import { testApp } from '../../testing/app.ts';
import { asOwner } from '../../testing/database.ts';
import type { TestFirm } from '../../testing/firm.ts';
import { as, makeFirm } from '../../testing/firm.ts';
import type { Who } from '../kernel/actor.ts';
import type { Block } from '../kernel/card.ts';
import { withActor } from '../kernel/context.ts';
import { runCommand, showView } from '../kernel/registry.ts';

/** What every command on a cycle answers. */
interface Done {
  cycle: string;
  status: string;
  version: number;
  hash: string;
  say: string;
}

let app: TestApp;
let firm: TestFirm;
let staff: Who;
let approver: Who;
let viewer: Who;
let cycle: string;
let count = 0;

const owner = (text: string, values?: unknown[]) => asOwner(app.database)(text, values);

beforeAll(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
  staff = as(firm, firm.admin);
  approver = as(firm, firm.acme.approver, 'mail', 'email');
  viewer = as(firm, firm.acme.viewer);
  const typed = { name: 'Checkout', startsOn: '2026-11-02', endsOn: '2026-11-27', deliverables: 'Basket page' };
  cycle = ((await run(staff, 'cycle.plan', { project: firm.acme.project, ...typed })) as Done).cycle;
});
afterAll(() => app.close());

async function run(who: Who, name: string, input: Record<string, unknown>, requestId = `said ${++count}`) {
  return (await runCommand(app, who, { name, input, requestId })).output as Done;
}

const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'was allowed',
    (error: { code: string }) => error.code,
  );
const textOf = (blocks: Block[]) => JSON.stringify(blocks);
const messages = () =>
  owner('select internal, side, by_name, channel, body, quoted from message order by created_at, id');
async function lastEvent() {
  const [row] = await owner('select name, data from event order by seq desc limit 1');
  return row as { name: string; data: { message: string } };
}

describe('what is said about a cycle', () => {
  test('by its client is kept with who said it, told to the team and shown on the card; nothing is decided by it', async () => {
    const { version } = await run(approver, 'cycle.reply', {
      cycle,
      body: 'Approve, but only with a bigger logo.',
      quoted: '> Checkout',
    });

    expect(version).toBe(1);
    expect(await messages()).toEqual([
      {
        internal: false,
        side: 'contact',
        by_name: 'Acme Approver',
        channel: 'email',
        body: 'Approve, but only with a bigger logo.',
        quoted: '> Checkout',
      },
    ]);
    expect(await lastEvent()).toMatchObject({ name: 'cycle.replied', data: { side: 'contact', internal: false } });
    for (const who of [staff, viewer]) {
      const card = await showView(app, who, { target: 'cycle.show', input: { cycle } });
      expect(card.blocks.at(-1)).toMatchObject({
        kind: 'timeline',
        title: 'Conversation',
        items: [{ who: 'Acme Approver', text: 'Approve, but only with a bigger logo.' }],
      });
    }
    expect(await owner('select from approval')).toEqual([]);
  });

  test('a second time under the same request is said once', async () => {
    const input = { cycle, body: 'Once.' };
    await run(approver, 'cycle.reply', input, 'the same');
    await run(approver, 'cycle.reply', input, 'the same');

    expect((await messages()).filter(({ body }) => body === 'Once.')).toHaveLength(1);
  });

  test('as a note is the team’s alone: on no card, in no view and in no row of a contact', async () => {
    await run(staff, 'cycle.note', { cycle, body: 'They never pay in time.' });
    const [note] = await owner('select id from message where internal');

    for (const target of ['cycle.show', 'cycle.thread', 'cycle.history'])
      expect(textOf((await showView(app, approver, { target, input: { cycle } })).blocks)).not.toContain('never pay');
    expect(textOf((await showView(app, staff, { target: 'cycle.show', input: { cycle } })).blocks)).toContain(
      'never pay',
    );
    expect(
      await refusal(showView(app, approver, { target: 'cycle.message', input: { message: String(note?.id) } })),
    ).toBe('not_found');
    expect(await withActor(app, approver, ({ sql }) => sql`select from message where internal`)).toEqual([]);
  });

  test('is refused to those who may only read, and a note to every contact', async () => {
    expect(await refusal(run(viewer, 'cycle.reply', { cycle, body: 'Hello' }))).toBe('forbidden');
    expect(await refusal(run(approver, 'cycle.note', { cycle, body: 'Hello' }))).toBe('forbidden');
    expect(await refusal(run(as(firm, firm.globex.approver), 'cycle.reply', { cycle, body: 'Hello' }))).toBe(
      'not_found',
    );
    expect(await refusal(run(approver, 'cycle.reply', { cycle, body: ' \0 ' }))).toBe('invalid');
  });

  test('can be read a page at a time, and each message with the mail it quoted', async () => {
    for (let number = 1; number <= 25; number += 1)
      await run(approver, 'cycle.reply', { cycle, body: `Number ${number}.` });
    const page = await showView(app, approver, { target: 'cycle.thread', input: { cycle } });
    const card = await showView(app, approver, { target: 'cycle.show', input: { cycle } });
    const [quoting] = await owner('select id from message where quoted is not null');
    const input = { message: String(quoting?.id) };

    expect(textOf(page.blocks)).toContain('Number 25.');
    const earlier = page.actions.find(({ label }) => label === 'Earlier messages');
    const before = earlier?.kind === 'button' ? await showView(app, approver, earlier.press) : null;
    expect(textOf(before?.blocks ?? [])).toContain('Number 15.');
    expect(textOf(page.blocks)).not.toContain('Number 15.');
    expect(card.actions.map(({ label }) => label)).toEqual(expect.arrayContaining(['Reply…', 'Earlier…']));
    expect(textOf((await showView(app, approver, { target: 'cycle.message', input })).blocks)).not.toContain(
      '> Checkout',
    );
    expect(
      textOf((await showView(app, approver, { target: 'cycle.message', input: { ...input, quoted: 'yes' } })).blocks),
    ).toContain('> Checkout');
  });
});

describe('a contact’s database role', () => {
  const insert = (who: Who, side: string, person: string, name: string, internal = false) =>
    withActor(
      app,
      who,
      ({
        sql,
      }) => sql`insert into message (tenant_id, id, client_id, project_id, cycle_id, internal, person_id, by_name, side, channel, body)
        values (${firm.tenantId}, gen_random_uuid(), ${firm.acme.id}, ${firm.acme.project}, ${cycle}, ${internal}, ${person}, ${name}, ${side}, 'email', 'Forged')`,
    );

  test('writes in its own name, for its own side, for everybody to read', async () => {
    await expect(insert(approver, 'staff', firm.acme.approver, 'Acme Approver')).rejects.toThrow();
    await expect(insert(approver, 'contact', firm.admin, 'Acme Approver')).rejects.toThrow();
    await expect(insert(approver, 'contact', firm.acme.approver, 'Ada Admin')).rejects.toThrow();
    await expect(insert(approver, 'contact', firm.acme.approver, 'Acme Approver', true)).rejects.toThrow();
    await expect(insert(approver, 'contact', firm.acme.approver, 'Acme Approver')).resolves.toBeDefined();
  });

  test('changes and removes nothing that was said, and neither do staff', async () => {
    for (const who of [approver, staff]) {
      await expect(withActor(app, who, ({ sql }) => sql`update message set body = 'Other'`)).rejects.toThrow();
      await expect(withActor(app, who, ({ sql }) => sql`delete from message`)).rejects.toThrow();
    }
  });
});

describe('free text in answer to a cycle’s card', () => {
  let inbound: Inbound;
  const rooms: Record<string, string> = {};

  async function post(channel: ChannelName, audience: string, address: string): Promise<string> {
    const [room] = await owner(
      `insert into room (tenant_id, id, channel, account, address, name, audience, client_id) values ($1, gen_random_uuid(), $2, 'W1', $3, 'Room', $4, $5) returning id`,
      [firm.tenantId, channel, address, audience, firm.acme.id],
    );
    await owner(
      `insert into posted_card (tenant_id, id, key, room_id, channel, ref, view, entity, entity_id, state) values ($1, gen_random_uuid(), $2, $3, $4, $5, '{}', 'cycle', $6, 'posted')`,
      [firm.tenantId, `${channel} ${address}`, room?.id, channel, { id: 'm1' }, cycle],
    );
    return String(room?.id);
  }

  const saying = (channel: ChannelName, address: string, person: string, text: string): Said => ({
    who: {
      install: { tool: channel, account: 'W1' },
      provider: channel,
      account: 'W1',
      externalId: person,
      assurance: 'chat',
    },
    requestId: `${channel} said ${++count}`,
    room: { channel, account: 'W1', address },
    inReplyTo: { messageId: 'm1' },
    text,
  });

  beforeAll(async () => {
    inbound = inboundFor(app);
    for (const channel of ['slack', 'teams', 'email'] as const) {
      await owner(`insert into connection (tenant_id, id, tool, account) values ($1, gen_random_uuid(), $2, 'W1')`, [
        firm.tenantId,
        channel,
      ]);
      for (const [person, name] of [
        [firm.acme.approver, 'bob'],
        [firm.admin, 'ada'],
      ])
        await owner(
          `insert into identity (tenant_id, id, person_id, provider, account, external_id, proof) values ($1, gen_random_uuid(), $2, $3, 'W1', $4, 'code')`,
          [firm.tenantId, person, channel, name],
        );
      rooms[channel] = await post(channel, 'client', 'C1');
      rooms[`${channel} internal`] = await post(channel, 'internal', 'C2');
    }
  });

  test.each(['slack', 'teams', 'email'] as const)('becomes a message of its thread: %s', async (channel) => {
    const answer = await inbound.say(saying(channel, 'C1', 'bob', `Only if the header is fixed, by ${channel}.`));

    expect(answer.kind).toBe('done');
    const event = await lastEvent();
    expect(event).toMatchObject({
      name: 'cycle.replied',
      data: { body: `Only if the header is fixed, by ${channel}.`, side: 'contact', saidIn: rooms[channel] },
    });
    const told = await announced(event.data.message);
    expect(told).toContain(rooms['slack internal']);
    expect(told).not.toContain(rooms[channel]);
  });

  test.each(['slack', 'teams', 'email'] as const)('of the team in its own room is a note: %s', async (channel) => {
    const answer = await inbound.say(saying(channel, 'C2', 'ada', `Careful, by ${channel}.`));

    expect(answer.kind).toBe('done');
    const event = await lastEvent();
    expect(event).toMatchObject({ name: 'cycle.noted', data: { internal: true } });
    expect(await announced(event.data.message)).not.toContain(rooms.slack);
  });

  /** The rooms that are told of the message. */
  async function announced(message: string): Promise<unknown[]> {
    const [row] = await owner(`select * from event where data ->> 'message' = $1`, [message]);
    const event = {
      ...row,
      tenantId: firm.tenantId,
      id: row?.id,
      name: row?.name,
      about: { entity: 'cycle', id: cycle },
      clientId: row?.client_id,
      projectId: row?.project_id,
      data: row?.data,
      actor: row?.actor,
    } as never;
    const channels = new Map(['slack', 'teams', 'email'].map((name) => [name, { name, can: { edit: true } } as never]));
    const consumer = announcementConsumer(app, channels);
    const system: Who = { kind: 'system', tenantId: firm.tenantId, reason: 'test' };
    return withActor(app, system, async ({ sql }) => {
      await consumer.jobs(event, sql, new Date());
      const cards = await sql<{ room_id: string }>`
        select room_id from posted_card where tenant_id = ${firm.tenantId} and position(${row?.id}::text in key) > 0`;
      return cards.map(({ room_id }) => room_id);
    });
  }
});

describe('a dispute', () => {
  test('is talked about in the cycle’s thread by both sides, beside its reason, and what is said resolves nothing', async () => {
    const typed = { name: 'Search', startsOn: '2026-11-02', endsOn: '2026-11-27', deliverables: 'Search page' };
    const { cycle: disputed, hash } = await run(staff, 'cycle.plan', { project: firm.acme.project, ...typed });
    for (const who of [staff, approver]) await run(who, 'cycle.approve', { cycle: disputed, hash });
    await run(staff, 'cycle.start', { cycle: disputed });
    const { version } = await run(staff, 'cycle.open-review', { cycle: disputed });
    await run(approver, 'cycle.dispute', { cycle: disputed, version, reason: 'It finds nothing in German.' });

    await run(staff, 'cycle.reply', { cycle: disputed, body: 'Which words did you look for?' });
    expect(await lastEvent()).toMatchObject({ name: 'cycle.replied', data: { side: 'staff', internal: false } });
    await run(approver, 'cycle.reply', { cycle: disputed, body: 'Schuhe.' });

    for (const who of [staff, approver]) {
      const card = await showView(app, who, { target: 'cycle.show', input: { cycle: disputed } });
      expect(card).toMatchObject({
        status: 'Disputed',
        actions: expect.arrayContaining([expect.objectContaining({ label: 'Reply…' })]),
      });
      const said = [{ text: 'Which words did you look for?' }, { text: 'Schuhe.' }];
      expect(card.blocks.at(-1)).toMatchObject({ kind: 'timeline', title: 'Conversation', items: said });
      expect(textOf(card.blocks)).toContain('It finds nothing in German.');
    }
    expect(await owner('select status from cycle where id = $1', [disputed])).toEqual([{ status: 'disputed' }]);
  });
});
