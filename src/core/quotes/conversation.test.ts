import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { inboundFor } from '../../bots/inbound.ts';
import type { TestApp } from '../../testing/app.ts';
import { testApp } from '../../testing/app.ts';
import { asOwner } from '../../testing/database.ts';
import type { TestFirm } from '../../testing/firm.ts';
import { as, makeFirm } from '../../testing/firm.ts';
import type { Who } from '../kernel/actor.ts';
import { withActor } from '../kernel/context.ts';
import { runCommand, showView } from '../kernel/registry.ts';

interface Done {
  quote: string;
  version: number;
  status: string;
  say: string;
}

let app: TestApp;
let firm: TestFirm;
let staff: Who;
let approver: Who;
let viewer: Who;
let clientAdmin: Who;
let draft: string;
let quote: string;
let ofAll: string;
let count = 0;

const owner = (text: string, values: unknown[] = []) => asOwner(app.database)(text, values);
const LINE = { quantity: '2', price: '600.00', vat: '19' };

beforeAll(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
  staff = as(firm, firm.admin);
  approver = as(firm, firm.acme.approver, 'mail', 'email');
  viewer = as(firm, firm.acme.viewer);
  clientAdmin = as(firm, firm.acme.clientAdmin);
  app.clock.jump(Date.parse('2026-11-26T12:00:00Z') - app.clock.now().getTime());
  draft = (await drafted(firm.acme.project)).quote;
  quote = await sent(firm.acme.project);
  ofAll = await sent(undefined);
});
afterAll(() => app.close());

async function run(who: Who, name: string, input: Record<string, unknown>): Promise<Done> {
  return (await runCommand(app, who, { name, input, requestId: `said ${++count}` })).output as Done;
}

function drafted(project: string | undefined): Promise<Done> {
  const place = { client: firm.acme.id, project };
  return run(staff, 'quote.draft', { ...place, title: 'Shop', currency: 'EUR', text: 'Checkout', ...LINE });
}

async function sent(project: string | undefined): Promise<string> {
  const { quote: id, version } = await drafted(project);
  await run(staff, 'quote.send', { quote: id, version });
  return id;
}

const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'was allowed',
    (error: { code: string }) => error.code,
  );
const seen = async (who: Who, target: string, id = quote) =>
  JSON.stringify(await showView(app, who, { target, input: { quote: id } }));

describe('what is said about a quote', () => {
  test('by its client is kept, stands on the card of both sides, and neither accepts nor declines', async () => {
    const { say } = await run(approver, 'quote.reply', { quote, body: 'Accept, but only with hosting.' });

    expect(say).toContain('Northwind');
    const [message] = await owner('select side, by_name, channel, body, internal from message where quote_id = $1', [
      quote,
    ]);
    expect(message).toEqual({
      ...{ side: 'contact', by_name: 'Acme Approver', channel: 'email', internal: false },
      body: 'Accept, but only with hosting.',
    });
    for (const who of [staff, approver])
      for (const target of ['quote.show', 'quote.thread'])
        expect(await seen(who, target)).toContain('only with hosting');
    expect(await owner('select status from quote where id = $1', [quote])).toEqual([{ status: 'sent' }]);
  });

  test('as a note is the team’s alone: on no card, in no view and in no row of a contact', async () => {
    await run(staff, 'quote.note', { quote, body: 'They never pay in time.' });
    const [note] = await owner('select id from message where internal and quote_id = $1', [quote]);
    const input = { message: String(note?.id) };

    for (const target of ['quote.show', 'quote.thread']) {
      expect(await seen(staff, target)).toContain('never pay');
      expect(await seen(approver, target)).not.toContain('never pay');
    }
    expect(await refusal(showView(app, approver, { target: 'quote.message', input }))).toBe('not_found');
    expect(await withActor(app, approver, ({ sql }) => sql`select from message where internal`)).toEqual([]);
  });

  test('while it is a draft is a note, because the client sees nothing of it', async () => {
    await run(staff, 'quote.note', { quote: draft, body: 'Ask about hosting first.' });

    expect(await refusal(run(staff, 'quote.reply', { quote: draft, body: 'Hello' }))).toBe('conflict');
    expect(await refusal(run(approver, 'quote.reply', { quote: draft, body: 'Hello' }))).toBe('not_found');
  });

  test('is refused to those who may only read, and to everybody who does not see the quote', async () => {
    expect(await refusal(run(viewer, 'quote.reply', { quote, body: 'Hello' }))).toMatch(/forbidden|not_found/);
    expect(await refusal(run(approver, 'quote.note', { quote, body: 'Hello' }))).toBe('forbidden');
    expect(await refusal(run(as(firm, firm.globex.approver), 'quote.reply', { quote, body: 'Hello' }))).toBe(
      'not_found',
    );
    expect(await refusal(run(approver, 'quote.reply', { quote: ofAll, body: 'Hello' }))).toBe('not_found');
  });

  test('about a quote for the whole client is for those who see all of the client', async () => {
    await run(clientAdmin, 'quote.reply', { quote: ofAll, body: 'For both shops?' });
    const [message] = await owner('select id, project_id from message where quote_id = $1', [ofAll]);

    expect(message?.project_id).toBeNull();
    expect(await seen(staff, 'quote.show', ofAll)).toContain('For both shops?');
    expect(
      await refusal(showView(app, approver, { target: 'quote.message', input: { message: String(message?.id) } })),
    ).toBe('not_found');
    expect(await withActor(app, approver, ({ sql }) => sql`select from message where quote_id = ${ofAll}`)).toEqual([]);
  });

  test('is no message about a cycle, whatever view is asked', async () => {
    const [message] = await owner('select id from message where quote_id = $1 limit 1', [quote]);
    const input = { message: String(message?.id) };

    expect(await refusal(showView(app, staff, { target: 'cycle.message', input }))).toBe('not_found');
    expect((await showView(app, staff, { target: 'quote.message', input })).title).toContain('Acme Approver on Q-');
  });
});

describe('a contact’s database role', () => {
  const insert = (who: Who, about: string, project: string | null, name: string, person: string) =>
    withActor(
      app,
      who,
      ({
        sql,
      }) => sql`insert into message (tenant_id, id, client_id, project_id, quote_id, internal, person_id, by_name, side, channel, body)
        values (${firm.tenantId}, gen_random_uuid(), ${firm.acme.id}, ${project}, ${about}, false, ${person}, ${name}, 'contact', 'email', 'Forged')`,
    );
  const asApprover = (about: string, project: string | null) =>
    insert(approver, about, project, 'Acme Approver', firm.acme.approver);

  test('says something about what it sees: not about a draft, a quote of another project, or one for the whole client', async () => {
    const elsewhere = await sent(firm.acme.otherProject);

    await expect(asApprover(draft, firm.acme.project)).rejects.toThrow();
    await expect(asApprover(elsewhere, firm.acme.project)).rejects.toThrow();
    await expect(asApprover(ofAll, firm.acme.project)).rejects.toThrow();
    await expect(asApprover(quote, null)).rejects.toThrow();
    await expect(asApprover(quote, firm.acme.project)).resolves.toBeDefined();
  });
});

describe('free text in answer to a quote’s card', () => {
  test('becomes a message of its thread', async () => {
    const [room] = await owner(
      `insert into room (tenant_id, id, channel, account, address, name, audience, client_id)
       values ($1, gen_random_uuid(), 'slack', 'W1', 'C1', 'Room', 'client', $2) returning id`,
      [firm.tenantId, firm.acme.id],
    );
    await owner(
      `insert into posted_card (tenant_id, id, key, room_id, channel, ref, view, entity, entity_id, state)
       values ($1, gen_random_uuid(), 'slack C1', $2, 'slack', '{"id":"m1"}', '{}', 'quote', $3, 'posted')`,
      [firm.tenantId, room?.id, quote],
    );
    await owner(`insert into connection (tenant_id, id, tool, account) values ($1, gen_random_uuid(), 'slack', 'W1')`, [
      firm.tenantId,
    ]);
    await owner(
      `insert into identity (tenant_id, id, person_id, provider, account, external_id, proof)
       values ($1, gen_random_uuid(), $2, 'slack', 'W1', 'bob', 'code')`,
      [firm.tenantId, firm.acme.approver],
    );
    const install = { tool: 'slack', account: 'W1' } as const;
    const answer = await inboundFor(app).say({
      who: { install, provider: 'slack', account: 'W1', externalId: 'bob', assurance: 'chat' },
      requestId: 'slack said',
      room: { channel: 'slack', account: 'W1', address: 'C1' },
      inReplyTo: { messageId: 'm1' },
      text: 'Is hosting part of it?',
    });

    expect(answer.kind).toBe('done');
    const [event] = await owner('select name, data, entity_id from event order by seq desc limit 1');
    expect(event).toMatchObject({
      ...{ name: 'quote.replied', entity_id: quote },
      data: { body: 'Is hosting part of it?', side: 'contact', saidIn: room?.id },
    });
  });
});
