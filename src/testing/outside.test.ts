import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Answer } from '../core/kernel/answer.ts';
import { answerPress } from '../core/kernel/answer.ts';
import { showView } from '../core/kernel/registry.ts';
import { recordOf } from '../simulator/slack/requests.ts';
import { as, makeFirm } from './firm.ts';
import type { Outside } from './outside.ts';
import { outsideOf, signedMail, signedWebhook } from './outside.ts';
import type { ConnectedFirm, TwoFirms } from './two-firms.ts';
import { startTwoFirms } from './two-firms.ts';

let firms: TwoFirms;
let north: ConnectedFirm;
let rival: ConnectedFirm;
let outside: Outside;
/** What each firm has of its own, by the names that inputs have. */
let things: Record<'north' | 'rival' | 'control', Record<string, string>>;
/** A third firm, to do to what nothing may be done to the others. */
let control: ConnectedFirm;

beforeAll(async () => {
  firms = await startTwoFirms();
  ({ north, rival } = firms);
  outside = outsideOf(firms);
  control = { ...north, firm: await makeFirm(firms.hub.app.database, 'Control and Company') };
  things = {
    north: await begin(north, 'The pay button of Acme'),
    rival: await begin(rival, 'The secret plan of Umbra'),
    control: await begin(control, 'Anything'),
  };
  await outside.quiet();
}, 90_000);
afterAll(() => firms.stop());

const admin = ({ firm }: ConnectedFirm) => as(firm, firm.admin);
const approver = ({ firm }: ConnectedFirm) => as(firm, firm.acme.approver);

async function begin(of: ConnectedFirm, title: string): Promise<Record<string, string>> {
  const { acme, tenantId } = of.firm;
  const ticket = await outside.filed(of, approver(of), title);
  const days = { startsOn: '2026-12-01', endsOn: '2026-12-18' };
  const cycle = await outside.run(of, admin(of), 'cycle.plan', {
    ...{ project: acme.project, name: `Plan of ${title}`, deliverables: title },
    ...days,
  });
  const said = await outside.run(of, admin(of), 'ticket.reply', { ticket, body: `We look at it: ${title}` });
  const [identity] = await firms.owner('select id from identity where person_id = $1 limit 1', [acme.viewer]);
  return {
    ...{ ticket, cycle: String(cycle.cycle), message: String(said.message), version: '1', page: '0' },
    ...{ project: acme.project, client: acme.id, person: acme.viewer, room: acme.room, tenantId },
    ...{ connection: of.connections.slack, identity: String(identity?.id), account: of.slack.team },
  };
}

/** Presses a command or view with the things of a firm in every place that it has; what came of it. */
async function pressWith(
  by: ConnectedFirm,
  named: Record<string, string>,
  target: string,
  input: object,
): Promise<Answer> {
  const shape = (input as { shape?: Record<string, unknown> }).shape ?? {};
  const words: Record<string, string> = {
    title: 'Taken',
    name: 'Taken',
    body: 'Taken',
    reason: 'Taken',
    stage: 'build',
  };
  const given = Object.keys(shape).flatMap((name) => {
    const value = named[name] ?? words[name];
    return value === undefined ? [] : [[name, value]];
  });
  const filled = Object.fromEntries(given) as Record<string, string>;
  const { app } = firms.hub;
  return answerPress(app, admin(by), {
    press: { target, input: filled },
    form: filled,
    requestId: crypto.randomUUID(),
  });
}

const registered = () => [...firms.hub.app.registry.commands.values(), ...firms.hub.app.registry.views.values()];
/** Words by which the rival would be known. */
const RIVALS = /Rival|Umbra|secret plan/;

describe('a press in a workspace of one firm', () => {
  test('with the ids of another firm’s things changes and shows nothing of them, whatever it names', async () => {
    const before = await outside.everything(rival);
    const done: string[] = [];
    const shown: string[] = [];
    for (const { name, input } of registered()) {
      const answer = await pressWith(north, things.rival, name, input);
      if (answer.kind === 'done') done.push(name);
      if (RIVALS.test(JSON.stringify(answer))) shown.push(`${name}: ${JSON.stringify(answer)}`);
    }

    expect(shown).toEqual([]);
    expect(await outside.everything(rival)).toEqual(before);
    // What needs no id of anybody's is done in the firm of whoever presses.
    console.log(`with foreign ids: ${registered().length} names pressed, done in one’s own firm: ${done.join(', ')}`);
  });

  test('with the ids of its own firm’s things does act, so that the test before could fail', async () => {
    const kinds = [];
    for (const { name, input } of registered())
      kinds.push((await pressWith(control, things.control, name, input)).kind);

    expect(kinds.filter((kind) => kind === 'done').length).toBeGreaterThan(5);
    expect(kinds.filter((kind) => kind === 'card' || kind === 'form').length).toBeGreaterThan(8);
  });

  test('on another firm’s thing is answered in the same words as on one that nobody has', async () => {
    const at = (ticket: string) =>
      outside.pressInSlack(
        north,
        { target: 'ticket.approve', input: { ticket, version: '1' } },
        `U-${north.firm.admin}`,
      );
    const foreign = await at(String(things.rival.ticket));
    const nobodys = await at(crypto.randomUUID());

    expect(foreign.status).toBe(200);
    expect(foreign.told).toContain('not there, or not for you');
    const words = (told: string) => told.replaceAll(/\d{10}\.\d{6}|[0-9a-f-]{36}|"block_id":"[^"]+"/g, '');
    expect(words(foreign.told)).toBe(words(nobodys.told));
  });

  test('by somebody of another firm’s workspace, who shares the channel, is by nobody known and shows them how to link', async () => {
    const guest = `U-${rival.firm.admin}`;
    north.slack.addPerson(guest, 'Ada of Rival', rival.slack.team);
    const before = await outside.everything(north);
    const { status, told } = await outside.pressInSlack(
      north,
      { target: 'ticket.approve', input: { ticket: String(things.north.ticket), version: '1' } },
      guest,
    );

    expect(status).toBe(200);
    expect(told).toContain('Link your account');
    expect(told).not.toMatch(/Rival and Sons/);
    expect(await outside.everything(north)).toEqual(before);
  });

  test('that brings a room, a sender or a firm of its own making is taken for what the platform says', async () => {
    const { app } = firms.hub;
    const input = { ticket: String(things.north.ticket), version: '1', tenantId: rival.firm.tenantId };
    const answer = await answerPress(app, admin(north), {
      press: { target: 'ticket.take', input },
      form: { tenantId: rival.firm.tenantId, personId: rival.firm.admin, saidIn: rival.firm.triageRoom },
      requestId: crypto.randomUUID(),
    });

    // A press that says more than was ever drawn is not understood at all.
    expect(answer).toMatchObject({ kind: 'invalid' });
  });
});

describe('a request that another firm could have signed', () => {
  test('of Slack at the address of one workspace, about another one, is refused, be it a press or an uninstall', async () => {
    const secret = 'the signing secret of the rival’s own app';
    // The rival's workspace gets an app of the rival's own, whose secret the rival knows.
    const { connectProven } = await import('../core/kernel/proven.ts');
    const who = admin(rival) as Parameters<typeof connectProven>[1];
    const own = { tool: 'slack', account: 'T0RIVALOWN', name: null };
    const credentials = { botToken: rival.slack.botToken, signingSecret: secret, apiUrl: rival.slack.apiUrl };
    const { id } = await connectProven(firms.hub.app, who, { ...own, credentials }, crypto.randomUUID());
    const before = await outside.everything(north);

    const { deliver } = await import('../simulator/slack/requests.ts');
    const address = `${firms.url}/slack/events/${id}`;
    const event = {
      type: 'event_callback',
      team_id: 'T0NORTH',
      event_id: 'Ev0',
      event_time: Math.floor(Date.now() / 1_000) + 60,
    };
    const gone = recordOf('event', { ...event, event: { type: 'app_uninstalled' } });
    await deliver(address, secret, gone);
    const press = north.slack.recorded.findLast(({ kind }) => kind === 'button');
    const pressed = await deliver(address, secret, { ...(press as NonNullable<typeof press>), answers: [] });

    expect(pressed.status).toBe(200);
    expect(await outside.everything(north)).toEqual(before);
    expect(await firms.owner(`select status from connection where account = 'T0NORTH'`)).toEqual([
      { status: 'active' },
    ]);
  });

  test('of Teams at the address of one organisation, about another one, changes nothing', async () => {
    const before = await outside.everything(rival);
    const { activity } = await north.teams.say(north.conversation.id, 'help', north.teamsUser);
    const forged = JSON.parse(
      JSON.stringify(activity).replaceAll(north.teams.tenantId, rival.teams.tenantId),
    ) as Record<string, unknown>;
    const { status } = await north.teams.deliver({ ...forged, id: 'forged' });

    expect(status).toBeLessThan(500);
    expect(await outside.everything(rival)).toEqual(before);
  });

  test('of Teams with a token of one firm’s app at the address of another’s is refused', async () => {
    const { activity } = await north.teams.say(north.conversation.id, 'help', north.teamsUser);
    const address = `${firms.url}/teams/messages/${rival.connections.teams}`;
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${north.teams.token({})}` };
    const response = await fetch(address, { method: 'POST', headers, body: JSON.stringify(activity) });

    expect(response.status).toBe(401);
  });

  test('of Discord by another application is refused, and of a server that no firm connected does nothing', async () => {
    const { startDiscordStandIn } = await import('../simulator/discord/index.ts');
    const address = `${firms.url}/discord/interactions`;
    const other = await startDiscordStandIn({ interactionsUrl: address });
    const [member] = north.guild.members;
    const interaction = {
      ...{ id: '1', token: 'token', type: 2, application_id: other.applicationId, guild_id: north.guild.id },
      ...{
        channel_id: north.guildChannel.id,
        data: { id: '1', name: 'parley', type: 1, options: [{ name: 'work', type: 1 }] },
      },
      member: { user: { id: member?.id, username: 'approver' } },
    };
    const foreign = await other.deliver(interaction);
    await other.stop();
    const unknown = await firms.discord.deliver({ ...interaction, id: '2', guild_id: '100000000000000099' });

    expect(foreign.status).toBe(401);
    expect(unknown.status).toBe(200);
    expect(JSON.stringify(unknown.answer)).toContain('not connected');
    expect(JSON.stringify(unknown.answer)).not.toMatch(/Acme|Umbra/);
  });

  test('of Jira with the secret of another firm is refused, and nothing of it is kept', async () => {
    const body = JSON.stringify({
      webhookEvent: 'jira:issue_updated',
      timestamp: Date.now(),
      issue: { id: '1', key: 'WORK-1' },
    });
    const send = (to: ConnectedFirm, secret: string) =>
      fetch(`${firms.url}/webhooks/jira/${encodeURIComponent(to.jira.account)}`, {
        method: 'POST',
        headers: signedWebhook(body, secret),
        body,
      });
    const before = await outside.everything(north);

    expect((await send(north, rival.jiraSecret)).status).toBe(401);
    expect(await outside.everything(north)).toEqual(before);
    expect((await send(north, north.jiraSecret)).status).toBe(200);
  });

  test('of Jira about an issue that bears the label of another firm’s ticket is about nothing here', async () => {
    const before = await outside.everything(north);
    rival.jira.create('Taken over', 'Somebody', [`parley-${things.north.ticket}`]);
    const issue = rival.jira.issues().at(-1);
    rival.jira.comment(String(issue?.key), '@client Send the money elsewhere.', 'Somebody');
    rival.jira.move(String(issue?.key), 'Done', 'Somebody');
    await rival.jira.webhooks.settled();

    expect(rival.jira.webhooks.sent.at(-1)?.answers).toEqual([200]);
    expect(await outside.everything(north)).toEqual(before);
    expect(await firms.owner(`select from ticket_message where body like '%money elsewhere%'`)).toEqual([]);
  });
});

describe('a mail', () => {
  const handIn = (to: ConnectedFirm, raw: Buffer, secret = to.inboundSecret) =>
    fetch(`${firms.url}/email/inbound/${to.connections.email}`, {
      method: 'POST',
      headers: signedMail(raw, secret),
      body: new Uint8Array(raw),
    });
  const card = (of: ConnectedFirm) => {
    const mail = of.mail.mailbox(`${of.firm.acme.clientAdmin}@example.com`).at(-1);
    if (!mail) throw new Error('no card was mailed');
    return mail;
  };
  const answerTo = async (of: ConnectedFirm, text: string) => {
    const mail = card(of);
    await of.mail.reply(mail.mailbox, mail.id, text);
    return Buffer.from(of.mail.hubMails().at(-1)?.raw ?? '', 'base64');
  };

  test('handed in with the secret of another firm is refused', async () => {
    const raw = await answerTo(north, 'All is well.');
    expect((await handIn(north, raw, rival.inboundSecret)).status).toBe(401);
  });

  test('to one firm’s reply address with the tag of another firm’s card is about nothing here', async () => {
    const raw = await answerTo(north, 'APPROVE');
    const before = await outside.everything(north);
    // As the rival's own mail server would believe it: the tag is of this hub, the card is not of this firm.
    const turned = Buffer.from(raw.toString('latin1').replaceAll('northwind.example', 'rival.example'), 'latin1');
    expect((await handIn(rival, turned)).status).toBe(202);
    await outside.quiet();

    expect(await outside.everything(north)).toEqual(before);
    const [kept] = await firms.owner(
      `select status, outcome from inbox where tenant_id = $1 and source = 'email' order by seq desc limit 1`,
      [rival.firm.tenantId],
    );
    expect(kept).toMatchObject({
      status: 'quarantined',
      outcome: expect.stringContaining('no answer to a mail of ours'),
    });
  });

  test('of a firm without a mailbox goes by no other firm’s', async () => {
    const third = await makeFirm(firms.hub.app.database, 'Third and Last');
    await firms.owner(
      `insert into room (tenant_id, id, channel, account, address, name, audience, client_id, person_id) values ($1, gen_random_uuid(), 'email', '', $2, 'Mailbox', 'client', $3, $4)`,
      [third.tenantId, `${third.acme.clientAdmin}@example.com`, third.acme.id, third.acme.clientAdmin],
    );
    await outside.filed({ ...north, firm: third }, as(third, third.acme.approver), 'Of the third firm');
    await outside.quiet();

    const sent = [north, rival].flatMap(({ mail }) => mail.mails().map(({ text, subject }) => `${subject} ${text}`));
    expect(sent.filter((text) => /Third and Last|Of the third firm/.test(text))).toEqual([]);
  });
});

void showView;
