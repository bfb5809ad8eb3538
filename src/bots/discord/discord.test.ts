import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import express from 'express';
import { pino } from 'pino';
import { areas } from '../../core/areas.ts';
import type { Answer } from '../../core/kernel/answer.ts';
import type { Card, Field } from '../../core/kernel/card.ts';
import { formOf } from '../../core/kernel/card.ts';
import { buildRegistry } from '../../core/kernel/registry.ts';
import type { DiscordStandIn } from '../../simulator/discord/index.ts';
import { startDiscordStandIn } from '../../simulator/discord/index.ts';
import type { Channel as Place } from '../../simulator/discord/state.ts';
import { textsOn } from '../../simulator/discord/state.ts';
import { sampleCards } from '../../testing/cards.ts';
import type { Listening } from '../../testing/listen.ts';
import { listen } from '../../testing/listen.ts';
import { bodyFaults } from '../../testing/openapi.ts';
import { specFile } from '../../testing/specs.ts';
import type { Channel, ChannelTools, Inbound, Pressed, Room } from '../channel.ts';
import { INTERACTIONS_PATH, openDiscord } from './index.ts';

// What is Discord's own; what every channel must do stands in contract.test.ts.

const plain = sampleCards.plain as Card;
const text = (name: string, more: Partial<Field> = {}): Field =>
  ({ kind: 'text', name, label: `The ${name}`, required: false, multiline: true, maxLength: 4_000, ...more }) as Field;
const options = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ value: `value-${at}`, label: `Choice ${at}` }));
const form = (fields: Field[]): Card => ({
  ...plain,
  title: 'Report a bug',
  blocks: [{ kind: 'form', submit: { label: 'Report', press: { target: 'ticket.file-bug', input: {} } }, fields }],
});
/** Seven inputs: two modals. */
const long = form([
  { kind: 'choice', name: 'project', label: 'Project', required: true, options: options(2), value: 'value-1' },
  ...['title', 'what', 'steps', 'expected', 'links'].map((name) => text(name)),
  { kind: 'date', name: 'due', label: 'Needed by', required: false },
]);

let discord: DiscordStandIn;
let channel: Channel;
let server: Listening;
let room: Place;
let ada: string;
const pressed: Pressed[] = [];
let answer: (given: Pressed) => Promise<Answer> | Answer;
const lines: string[] = [];
const inbound: Inbound = {
  press: async (given) => {
    pressed.push(given);
    return answer(given);
  },
  say: async () => ({ kind: 'unmatched' }),
  redraw: async () => null,
  store: async () => 'stored',
};
const tools = () =>
  ({
    app: {
      log: pino({ level: 'info' }, { write: (line: string) => lines.push(line) }),
      registry: buildRegistry(areas),
    },
    inbound,
    publicUrl: 'https://parley.example.com',
  }) as unknown as ChannelTools;
const config = () => {
  const { botToken, publicKey, applicationId, apiUrl } = discord;
  return { botToken, publicKey, applicationId, apiUrl };
};
const done: Answer = { kind: 'done', card: plain, replayed: false } as unknown as Answer;
const PATIENCE = 150;

beforeAll(async () => {
  const web = express();
  server = await listen(web);
  const door = `${server.url}${INTERACTIONS_PATH}`;
  discord = await startDiscordStandIn({ interactionsUrl: door });
  const guild = discord.addGuild('Northwind', ['Ada Admin']);
  ada = guild.members[0]?.id ?? '';
  room = discord.addChannel(guild, 'acme');
  channel = await openDiscord(config(), tools(), PATIENCE);
  channel.mount?.(web);
});
afterAll(async () => {
  await discord.stop();
  await server.stop();
});
beforeEach(() => {
  room.messages = [];
  discord.state().modals = [];
  pressed.length = 0;
  answer = () => ({ kind: 'card', card: plain });
});
afterEach(() => {
  expect(discord.complaints.splice(0)).toEqual([]);
});

const send = (card: Card) =>
  channel.send({ address: room.id, id: 'room' } as Room, card, { cardId: crypto.randomUUID(), thread: null });
const own = () => room.messages.filter(({ onlyFor }) => onlyFor === ada);
const last = () => textsOn(own().at(-1) ?? { content: '', embeds: [], components: [] });
const modal = () => discord.modalOf(ada)?.id ?? '';

describe('/parley', () => {
  test('opens what its word says, with the title behind it', async () => {
    await discord.command('bug', ada, room.id, 'The pay button does nothing');

    expect(pressed).toMatchObject([
      { press: { target: 'ticket.file-bug', input: { title: 'The pay button does nothing' } } },
    ]);
    expect(last()).toContain('All caught up.');
  });

  test('in a chat with the bot alone says where it answers', async () => {
    const { answer: told } = await discord.deliver({
      ...{ type: 2, id: '5', token: 't', channel_id: '7', user: { id: ada } },
      data: { name: 'parley', type: 1, options: [] },
    });

    expect(JSON.stringify(told)).toContain('Parley answers in a server.');
    expect(pressed).toEqual([]);
  });

  test('is told to Discord when the hub starts, with a sentence for every word', async () => {
    const stop = await channel.listen?.();
    const [command] = await discord.until(() => (discord.state().commands.length ? discord.state().commands : null));
    await discord.until(() => discord.connected() === 1, 'the gateway');
    await stop?.();

    expect(command).toMatchObject({ name: 'parley', contexts: [0] });
    const words = (command?.options ?? []) as { name: string }[];
    expect(words.map(({ name }) => name)).toEqual(
      [...tools().app.registry.words.values()].map(({ say }) => say).filter((say, at, all) => all.indexOf(say) === at),
    );
  });
});

test('a button for which the row has no place is chosen from a list', async () => {
  const { id } = await send(sampleCards.enormous as Card);

  await discord.press(id, 'Action 8', ada);

  expect(pressed).toMatchObject([{ press: { target: 'home.work', input: { page: '8' } } }]);
});

describe('a form of more fields than a modal takes', () => {
  const open = async () => {
    answer = () => ({ kind: 'form', card: long });
    await discord.command('bug', ada, room.id);
    await discord.submit(modal(), { Project: 'Choice 0', title: 'Pay', what: 'Nothing happens' }, ada);
  };

  test('keeps the first page in a message, and sends both', async () => {
    await open();
    expect(last()).toMatch(/Project\nChoice 0\nThe title\nPay/);

    await discord.press(own().at(-1)?.id ?? '', 'More fields (2 of 2)…', ada);
    answer = ({ form: given }) => (given ? done : { kind: 'form', card: long });
    await discord.submit(modal(), { links: 'https://a.example', due: '2026-12-01' }, ada);

    expect(pressed.at(-1)).toMatchObject({
      press: { target: 'ticket.file-bug' },
      form: {
        ...{ project: 'value-0', title: 'Pay', what: 'Nothing happens' },
        ...{ links: 'https://a.example', due: '2026-12-01' },
      },
    });
    expect(own()).toHaveLength(1);
    expect(last()).toContain('All caught up.');
  });

  test('is sent without the second page where nothing is needed of it', async () => {
    await open();
    answer = ({ form: given }) => (given ? done : { kind: 'form', card: long });

    await discord.press(own().at(-1)?.id ?? '', 'Report', ada);

    expect(pressed.at(-1)).toMatchObject({ form: { project: 'value-0', title: 'Pay', what: 'Nothing happens' } });
  });

  test('comes back with everything that was typed when something is wrong with it', async () => {
    await open();
    answer = ({ form: given }) =>
      given ? { kind: 'invalid', say: 'Look again.', fields: { title: 'is too short' } } : { kind: 'form', card: long };
    await discord.press(own().at(-1)?.id ?? '', 'Report', ada);
    expect(last()).toContain('The title: is too short');

    await discord.press(own().at(-1)?.id ?? '', 'Fill in (1 of 2)…', ada);

    const values = JSON.stringify(discord.modalOf(ada)?.data);
    expect(values).toContain('"value":"Nothing happens"');
    expect(values).toContain('"value":"value-0","default":true');
  });
});

test('of more choices than a list takes, each list offers a part', async () => {
  answer = () => ({
    kind: 'form',
    card: form([{ kind: 'choice', name: 'project', label: 'Project', required: true, options: options(60) }]),
  });
  await discord.command('bug', ada, room.id);
  answer = () => done;

  await discord.submit(modal(), { 'Project (3 of 3)': 'Choice 59' }, ada);

  expect(pressed.at(-1)).toMatchObject({ form: { project: 'value-59' } });
});

describe('boxes', () => {
  const boxes = (count: number, more: Partial<Field> = {}): Field =>
    ({
      ...{ kind: 'several', name: 'parts', label: 'Parts', required: false, needed: true, least: 0, most: 100 },
      ...{ options: options(count), ...more },
    }) as Field;
  const sent = async (fields: Field[], typed: Record<string, string>, given: Answer = done) => {
    const card = form(fields);
    answer = ({ form: filled }) => (filled ? given : { kind: 'form', card });
    await discord.command('bug', ada, room.id);
    const lists = (discord.modalOf(ada)?.data.components ?? []).map(({ component }) => component);
    await discord.submit(modal(), typed, ada);
    return { lists, form: pressed.findLast((one) => one.form)?.form };
  };

  test('are a list in which several are chosen, with what is ticked', async () => {
    const { lists, form: filled } = await sent([boxes(3, { value: 'value-2' })], { parts: 'Choice 0, value-1' });

    expect(lists).toMatchObject([
      { type: 3, required: false, min_values: 0, max_values: 3, options: [{}, {}, { default: true }] },
    ]);
    expect(filled).toEqual({ parts: 'value-0,value-1' });
    expect((await sent([boxes(3, { value: 'value-2' })], { parts: '' })).form).toEqual({ parts: '' });
    expect((await sent([boxes(3, { value: 'value-2' })], {})).form).toEqual({ parts: 'value-2' });
  });

  test('of which some are needed cannot be sent with fewer', async () => {
    const { lists } = await sent([boxes(4, { required: true, least: 2, most: 3 })], { parts: 'value-0,value-1' });

    expect(lists).toMatchObject([{ required: true, min_values: 2, max_values: 3 }]);
  });

  test('of more than a list takes stand in several lists of one page, and are one answer', async () => {
    const fields = [text('title'), text('what'), boxes(90, { value: 'value-89' })];
    await sent(fields, { title: 'Pay' });
    answer = ({ form: filled }) => (filled ? done : { kind: 'form', card: form(fields) });
    await discord.press(own().at(-1)?.id ?? '', 'More fields (2 of 2)…', ada);

    expect(discord.modalOf(ada)?.data.components).toMatchObject(
      [1, 2, 3, 4].map((part) => ({ label: `Parts (${part} of 4)` })),
    );
    await discord.submit(modal(), { 'Parts (1 of 4)': 'Choice 1', 'Parts (3 of 4)': 'Choice 60' }, ada);

    expect(pressed.at(-1)?.form).toEqual({ title: 'Pay', parts: 'value-1,value-60,value-89' });
  });

  test('stay ticked, or unticked, while another page is filled in or a mistake is mended', async () => {
    const fields = [boxes(3, { value: 'value-2' }), ...['a', 'b', 'c', 'd', 'e'].map((name) => text(name))];
    await sent(fields, { parts: '', a: 'words' });
    expect(last()).toContain('Parts\n–');

    await discord.press(own().at(-1)?.id ?? '', 'Fill in (1 of 2)…', ada);
    expect(JSON.stringify(discord.modalOf(ada)?.data)).not.toContain('"default":true');
    await discord.submit(modal(), { parts: 'Choice 0, Choice 1' }, ada);
    expect(last()).toContain('Parts\nChoice 0\nChoice 1');
    answer = ({ form: filled }) => (filled ? done : { kind: 'form', card: form(fields) });
    await discord.press(own().at(-1)?.id ?? '', 'Report', ada);

    expect(pressed.at(-1)?.form).toEqual({ parts: 'value-0,value-1', a: 'words' });
  });

  test('of a page that nobody opened are not answered by sending the others', async () => {
    const texts = ['a', 'b', 'c', 'd', 'e'].map((name) => text(name));
    const report = async (field: Field) => {
      await sent([...texts, field], { a: 'words' });
      answer = ({ form: filled }) => (filled ? done : { kind: 'form', card: form([...texts, field]) });
      pressed.length = 0;
      await discord.press(own().at(-1)?.id ?? '', 'Report', ada);
      return pressed.find((one) => one.form)?.form;
    };

    expect(await report(boxes(3))).toBeUndefined();
    expect(last()).toContain('Parts: is on another page. Please look at it first.');
    expect(await report(boxes(3, { value: 'value-2' }))).toEqual({ a: 'words', parts: 'value-2' });
    expect(await report(boxes(3, { needed: false }))).toEqual({ a: 'words' });
  });

  test('of the same name are told apart in the message that keeps them', async () => {
    const same = [...options(2), { value: 'other', label: 'Choice 1' }];
    const fields = [boxes(3, { options: same }), ...['a', 'b', 'c', 'd', 'e'].map((name) => text(name))];
    await sent(fields, { parts: 'other, value-0' });
    expect(last()).toContain('Parts\nother\nChoice 0');
    answer = ({ form: filled }) => (filled ? done : { kind: 'form', card: form(fields) });
    await discord.press(own().at(-1)?.id ?? '', 'Report', ada);

    expect(pressed.at(-1)?.form).toEqual({ parts: 'other,value-0' });
  });

  test('in two lists of a field that takes one are refused in words that name both', async () => {
    const field: Field = { kind: 'choice', name: 'project', label: 'Project', required: true, options: options(60) };
    const given: Answer = { kind: 'invalid', say: 'Choose one.', fields: { project: 'choose a project' } };
    const { form: filled } = await sent(
      [field],
      { 'Project (1 of 3)': 'Choice 1', 'Project (3 of 3)': 'Choice 59' },
      given,
    );

    expect(filled).toEqual({ project: 'value-1,value-59' });
    expect(last()).toMatch(/choose a project[\s\S]*Choice 1\nChoice 59/);
  });
});

describe('an answer that takes long', () => {
  const slowly = (given: Answer) => {
    answer = async () => {
      await new Promise((resolve) => setTimeout(resolve, PATIENCE * 2));
      return given;
    };
  };

  test('is said to come later, and comes', async () => {
    slowly({ kind: 'card', card: plain });

    await discord.command('work', ada, room.id);
    expect(own()).toMatchObject([{ waiting: true }]);

    await discord.until(() => last().includes('All caught up.'), 'the answer');
    expect(own()).toMatchObject([{ waiting: false }]);
  });

  test('to a press leaves nothing behind when there is nothing to say', async () => {
    const { id } = await send(sampleCards['every-block'] as Card);
    slowly(done);

    await discord.press(id, 'Approve', ada);

    await discord.until(() => own().length === 0, 'the end of waiting');
  });

  test('that is a form comes as a button which opens it', async () => {
    slowly({ kind: 'form', card: long });
    await discord.command('bug', ada, room.id);
    await discord.until(() => last().includes('Report a bug'), 'the answer');
    answer = () => ({ kind: 'form', card: long });

    await discord.press(own().at(-1)?.id ?? '', 'Fill in (1 of 2)…', ada);

    expect(discord.modalOf(ada)?.data.title).toBe('Report a bug');
  });
});

test('without an address for interactions they come over the gateway, and are answered by a call', async () => {
  const over = await startDiscordStandIn({ interactionsUrl: null });
  const guild = over.addGuild('Northwind', ['Ada Admin']);
  const place = over.addChannel(guild, 'acme');
  const { botToken, publicKey, applicationId, apiUrl } = over;
  const stop = await (await openDiscord({ botToken, publicKey, applicationId, apiUrl }, tools())).listen?.();
  await over.until(() => over.connected() === 1, 'the gateway');

  const { status } = await over.command('work', guild.members[0]?.id ?? '', place.id);
  await stop?.();
  await over.stop();

  expect(status).toBe(200);
  expect(place.messages.map(textsOn).join()).toContain('All caught up.');
  expect(over.complaints).toEqual([]);
});

describe('opening the channel', () => {
  test.each([
    ['a token that Discord does not accept', { botToken: 'wrong' }, /DISCORD_BOT_TOKEN/],
    ['the id of another application', { applicationId: '123456789012345678' }, /DISCORD_APPLICATION_ID/],
    ['the key of another application', { publicKey: 'a'.repeat(64) }, /DISCORD_PUBLIC_KEY/],
  ])('refuses %s, and names the setting', async (_, wrong, words) => {
    await expect(openDiscord({ ...config(), ...wrong }, tools())).rejects.toThrow(words);
  });

  test('goes on while Discord cannot be reached, and writes no secret to the log', async () => {
    const opened = await openDiscord({ ...config(), apiUrl: 'http://127.0.0.1:9' }, tools());

    expect(opened.name).toBe('discord');
    expect(lines.join('')).toContain('Discord cannot be reached');
    expect(lines.join('')).not.toContain(discord.botToken);
  });
});

describe('Discord’s own description of its API', () => {
  test('allows everything that was sent, and nothing more is said', async () => {
    const path = specFile('discord.openapi.json');
    if (!path) return;
    const faultsOf = bodyFaults(path);
    for (const card of Object.values(sampleCards)) {
      const ref = await send(card);
      await channel.update({ address: room.id, id: 'room' } as Room, ref, card, { cardId: 'card', thread: null });
      answer = () => (formOf(card) ? { kind: 'form', card } : { kind: 'card', card });
      await discord.command('work', ada, room.id);
      // The library itself keeps to the fifty calls a second that Discord allows.
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const sent = discord.calls.filter(({ body, method }) => method !== 'GET' && method !== 'DELETE' && body);
    const faults = sent.map(({ method, path: at, body }) => faultsOf(method, at, body));
    const answers = discord.answers.map((given) => faultsOf('POST', '/interactions/1/token/callback', given));

    expect([...faults, ...answers].filter(Boolean)).toEqual([]);
    expect(
      new Set(sent.map(({ method, path: at }) => `${method} ${at.replaceAll(/\/(\d+|token-\d+)/g, '/*')}`)),
    ).toEqual(
      new Set([
        'PUT /applications/*/commands',
        'POST /channels/*/messages',
        'PATCH /channels/*/messages/*',
        'PATCH /webhooks/*/*/messages/@original',
      ]),
    );
    const [first] = sent.filter(({ path: at }) => at.endsWith('/messages'));
    expect(faultsOf('POST', '/channels/1/messages', { ...first?.body, surprise: 1 })).not.toBeNull();
  });
});
