import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parseActivity } from './parse.ts';

const tenant = '72f988bf-0000-4000-8000-2d7cd011db47';
const channel = '19:6848757105754c8981c67612732d9aa7@thread.tacv2';
const chat = 'a:1pL6i0oY3C0K8oAj8';
const who = {
  install: { tool: 'teams', account: tenant },
  provider: 'teams',
  account: tenant,
  externalId: 'c0ffee00-1111-4222-8333-444455556666',
  assurance: 'chat',
  name: 'Acme Approver',
};

function fixture(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(import.meta.dirname, 'fixtures', `${name}.json`), 'utf8')) as Record<
    string,
    unknown
  >;
}

function parsed(name: string) {
  return parseActivity(fixture(name));
}

describe('a press', () => {
  test('becomes exactly the press on the card, by whoever Teams says, named after the activity', () => {
    expect(parsed('invoke-press')).toMatchObject({
      kind: 'press',
      messageId: '1763644991501',
      where: {
        room: { channel: 'teams', account: tenant, address: channel },
        thread: '1763644991501',
        personal: false,
      },
      form: null,
      from: null,
    });
    const press = parsed('invoke-press');
    expect(press.kind === 'press' && press.pressed).toEqual({
      who,
      press: {
        target: 'cycle.approve',
        input: { cycle: '0b9c1c1e-6c1f-4f43-9a52-0e3c1f0a7b11', hash: 'n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg' },
      },
      requestId: `teams:${channel}:f:622749630322482883`,
      place: { channel: 'teams', account: tenant, address: channel },
    });
  });

  test('brings what was typed, without fields left empty and without anything that no field of ours sent', () => {
    const press = parsed('invoke-form');

    expect(press).toMatchObject({
      kind: 'press',
      where: { personal: true },
      form: { target: 'ticket.new-bug', input: {} },
      from: { target: 'home.work', input: { page: '1' } },
    });
    expect(press.kind === 'press' && press.pressed).toEqual({
      who,
      press: { target: 'ticket.file-bug', input: {} },
      requestId: `teams:${chat}:f:7b1c9a40-6c1f-4f43`,
      form: { title: 'The pay button does nothing', description: 'I press it.\nNothing happens.' },
    });
  });

  test('by somebody without an Entra object id is known by the id of Teams', () => {
    const activity = fixture('invoke-press');
    const press = parseActivity({ ...activity, from: { id: '29:guest', name: 'A guest' } });

    expect(press).toMatchObject({ pressed: { who: { externalId: '29:guest' } } });
  });

  test('that nobody here made is unreadable, not a command', () => {
    expect(parsed('invoke-damaged')).toEqual({
      kind: 'unreadable',
      install: who.install,
      why: 'its press cannot be read',
    });
  });

  test('on a feature of Teams that Parley does not offer is unsupported', () => {
    expect(parsed('invoke-task-fetch')).toMatchObject({ kind: 'unsupported', name: 'task/fetch' });
  });

  test('of a client that refreshes a card asks to see it again', () => {
    expect(parsed('invoke-refresh')).toMatchObject({
      kind: 'show',
      messageId: '1763645120007',
      where: { room: { address: chat } },
    });
  });
});

describe('a message', () => {
  test('with a mention is said to us, and the mention is not part of it', () => {
    expect(parsed('message-mention')).toMatchObject({
      kind: 'message',
      who,
      text: 'Help',
      addressed: true,
      inReplyTo: null,
      deliveryId: `${channel}:1763645333001`,
    });
  });

  test('in a thread answers its first message; its words are kept, its files are named', () => {
    expect(parsed('message-in-thread')).toMatchObject({
      kind: 'message',
      text: 'Works on Safari & Chrome, not on <Edge>.\n[file in Teams: console.png]',
      inReplyTo: '1763644991501',
    });
  });

  test('in a personal chat is said to us without a mention', () => {
    expect(parsed('message-personal')).toMatchObject({
      kind: 'message',
      text: 'what is open?',
      addressed: true,
      where: {
        reference: {
          user: { id: '29:1a-Teams-user-of-acme' },
          conversation: { id: chat, conversationType: 'personal' },
        },
      },
    });
  });

  test('between other people is not ours to keep', () => {
    expect(parsed('message-to-others')).toMatchObject({ kind: 'ignored', why: 'said to others', others: true });
  });
});

describe('the app', () => {
  test('added to a team leaves what is needed to write there', () => {
    expect(parsed('bot-added')).toMatchObject({
      kind: 'installed',
      where: {
        install: { tool: 'teams', account: tenant },
        reference: {
          serviceUrl: `https://smba.trafficmanager.net/emea/${tenant}/`,
          channelId: 'msteams',
          tenantId: tenant,
          conversation: { id: channel, conversationType: 'channel', tenantId: tenant },
          bot: { id: '28:7f3c0a3e-0d57-4a0b-9a6e-1c2f5d8e9b10' },
        },
      },
    });
  });

  test('removed is noticed', () => {
    expect(parsed('bot-removed')).toMatchObject({ kind: 'removed', where: { room: { address: channel } } });
  });
});

test('what is not for us is ignored for a reason', () => {
  expect(parsed('member-added')).toMatchObject({ kind: 'ignored' });
  expect(parsed('reaction')).toMatchObject({ kind: 'ignored', why: 'reactions are not mirrored' });
});

test('what is not of a known form is kept for people to look at, under the firm it came to', () => {
  const activity = fixture('message-personal');

  expect(parseActivity({ ...activity, from: 'somebody' })).toEqual({
    kind: 'strange',
    install: { tool: 'teams', account: tenant },
    why: expect.stringContaining('from'),
  });
  expect(parseActivity({ ...activity, channelData: {}, conversation: { id: chat } })).toMatchObject({
    kind: 'strange',
    install: null,
    why: 'it names no organisation',
  });
  expect(parseActivity({ ...activity, channelData: {}, conversation: { id: chat } }, tenant)).toMatchObject({
    install: { tool: 'teams', account: tenant },
  });
  expect(parseActivity({ ...activity, type: 'hologram' })).toMatchObject({ kind: 'strange' });
});

test.each([
  [{ id: '1\u00002' }],
  [{ from: { id: '29:\u0000' } }],
  [{ conversation: { id: 'a:\u0000', tenantId: tenant } }],
  [{ replyToId: '\ud800' }],
])('an identifier that no database takes (%j) is of no known form', (part) => {
  expect(parseActivity({ ...fixture('message-personal'), ...part })).toMatchObject({
    kind: 'strange',
    install: { account: tenant },
  });
});
