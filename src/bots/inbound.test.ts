import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Press } from '../core/kernel/card.ts';
import { runCommand } from '../core/kernel/registry.ts';
import type { TestApp } from '../testing/app.ts';
import { testApp } from '../testing/app.ts';
import type { FakeChannel } from '../testing/channel.ts';
import { fakeChannel } from '../testing/channel.ts';
import { asOwner } from '../testing/database.ts';
import type { TestFirm } from '../testing/firm.ts';
import { as, makeFirm } from '../testing/firm.ts';
import { runJobs } from '../testing/worker.ts';
import type { Inbound, Sender } from './channel.ts';
import { inboundFor } from './inbound.ts';

let app: TestApp;
let firm: TestFirm;
let inbound: Inbound;
let slack: FakeChannel;
let ticket: string;
let count = 0;

const owner = (text: string, values?: unknown[]) => asOwner(app.database)(text, values);
const id = () => `inbound ${++count}`;

beforeAll(async () => {
  app = await testApp();
  inbound = inboundFor(app);
});
afterAll(() => app.close());

beforeEach(async () => {
  firm = await makeFirm(app.database);
  slack = fakeChannel('slack');
  ticket = await fileBug('Pay button');
});

async function fileBug(title: string): Promise<string> {
  const input = { project: firm.acme.project, title, description: 'It does nothing.' };
  const filed = await runCommand(app, as(firm, firm.acme.approver), {
    name: 'ticket.file-bug',
    input,
    requestId: id(),
  });
  return (filed.output as { id: string }).id;
}

/** That user of the firm's Slack. */
function from(user: string): Sender {
  const account = firm.tenantId;
  return { install: { tool: 'slack', account }, provider: 'slack', account, externalId: user, assurance: 'chat' };
}

const press = (user: string, pressed: Press, form?: Record<string, string>) =>
  inbound.press({ who: from(user), press: pressed, requestId: id(), ...(form ? { form } : {}) });

describe('a press', () => {
  test('is about the thing of its card, whatever was typed', async () => {
    const other = await fileBug('Another one');
    const pressed = { target: 'ticket.decline', input: { ticket, version: '1' } };

    const answer = await press(`U-${firm.admin}`, pressed, { reason: 'Out of scope', ticket: other });

    expect(answer.kind).toBe('done');
    const declined = await owner(`select id from ticket where status = 'declined' and tenant_id = $1`, [firm.tenantId]);
    expect(declined).toEqual([{ id: ticket }]);
  });

  test('that names a project files there, whatever the form says', async () => {
    const target = 'ticket.file-bug';
    const form = { project: firm.acme.otherProject, title: 'Where does it go', description: 'It does nothing.' };

    await press(`U-${firm.admin}`, { target, input: { project: firm.acme.project } }, form);

    const [filed] = await owner(`select project_id from ticket where title = 'Where does it go'`);
    expect(filed).toEqual({ project_id: firm.acme.project });
  });

  test('of somebody who is not linked is theirs by what the platform says, not by what the press says', async () => {
    const stranger = 'U-stranger';
    const forged = { provider: 'slack', account: firm.tenantId, externalId: `U-${firm.admin}` };

    await press(
      stranger,
      { target: 'identity.request-code', input: forged },
      { email: `${firm.acme.viewer}@example.com` },
    );

    const asked = await owner('select external_id from link_code where tenant_id = $1', [firm.tenantId]);
    expect(asked).toEqual([{ external_id: stranger }]);
  });

  test('of another firm’s workspace does not reach this firm', async () => {
    const elsewhere = await makeFirm(app.database);
    const who = { ...from(`U-${firm.admin}`), install: { tool: 'slack', account: elsewhere.tenantId } as const };

    const answer = await inbound.press({
      who,
      press: { target: 'ticket.approve', input: { ticket, version: '1' } },
      requestId: id(),
    });

    expect(answer.kind).not.toBe('done');
    expect(await owner('select status from ticket where id = $1', [ticket])).toEqual([{ status: 'new' }]);
  });
});

describe('words in answer to a card', () => {
  const messages = () => owner('select body, internal, by_name from ticket_message where ticket_id = $1', [ticket]);

  async function say(room: string, address: string, user: string, text: string) {
    await runJobs(app, new Map([['slack', slack]]));
    const [card] = slack.in(room);
    return inbound.say({
      who: from(user),
      requestId: id(),
      room: { channel: 'slack', account: firm.tenantId, address },
      inReplyTo: { messageId: card?.ref.id ?? '' },
      text,
    });
  }

  test('in triage stay with the team', async () => {
    await say(firm.triageRoom, `T-${firm.tenantId}`, `U-${firm.admin}`, 'They never pay on time.');

    expect(await messages()).toEqual([{ body: 'They never pay on time.', internal: true, by_name: 'Ada Admin' }]);
  });

  test('in the client’s room are an answer that both sides read', async () => {
    await say(firm.acme.room, `C-${firm.acme.id}`, `U-${firm.acme.approver}`, 'It is the blue one.');

    expect(await messages()).toEqual([{ body: 'It is the blue one.', internal: false, by_name: 'Acme Approver' }]);
  });

  test('to the message of another room match nothing, even where two messages have one id', async () => {
    await runJobs(app, new Map([['slack', slack]]));
    const [card] = slack.in(firm.triageRoom);

    // In Slack the time of a message is its id: only together with its channel does it name one.
    const answer = await inbound.say({
      who: from(`U-${firm.acme.approver}`),
      requestId: id(),
      room: { channel: 'slack', account: firm.tenantId, address: `C-${firm.acme.id}` },
      inReplyTo: { messageId: card?.ref.id ?? '' },
      text: 'Of what do you speak?',
    });

    expect(card).toBeDefined();
    expect(answer.kind).toBe('unmatched');
    expect(await messages()).toEqual([]);
  });

  test('to no card of ours match nothing', async () => {
    const answer = await inbound.say({
      who: from(`U-${firm.admin}`),
      requestId: id(),
      room: { channel: 'slack', account: firm.tenantId, address: `T-${firm.tenantId}` },
      inReplyTo: { messageId: 'nowhere' },
      text: 'Hello?',
    });

    expect(answer.kind).toBe('unmatched');
    expect(await messages()).toEqual([]);
  });
});
