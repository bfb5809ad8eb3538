import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { workDelivery } from '../../core/kernel/inbox.ts';
import type { TeamsSetUp } from '../../simulator/teams/set-up.ts';
import { buttonsOn, inputOn, setUpTeams, textsOn } from '../../simulator/teams/set-up.ts';
import type { Conversation, User } from '../../simulator/teams/state.ts';

let setUp: TeamsSetUp;
beforeAll(async () => {
  setUp = await setUpTeams();
});
afterAll(() => setUp.close());

async function say(conversation: Conversation, text: string, by: User, replyTo: string | null = null): Promise<void> {
  await setUp.teams.say(conversation.id, text, by, replyTo);
  await setUp.workInbox();
}

function lastIn(conversation: Conversation) {
  const last = conversation.messages.at(-1);
  if (!last) throw new Error('nothing was posted');
  return last;
}

describe('a word to the bot', () => {
  test('opens a view in its chat, and what that opens knows the way back', async () => {
    await say(setUp.chat, 'Work', setUp.ada);
    const { id } = lastIn(setUp.chat);
    const seen = () => textsOn(setUp.teams.seen(setUp.chat.id, id, setUp.ada));

    await setUp.teams.pressButton(setUp.chat.id, id, 'Open', setUp.ada);
    const opened = seen();
    await setUp.teams.pressButton(setUp.chat.id, id, 'Back', setUp.ada);

    expect(opened).toEqual(['Acme website']);
    expect(seen()).toEqual(['Your work']);
  });

  test('in a room opens the view for whoever presses, not for everybody', async () => {
    await say(setUp.acme, 'work', setUp.ada);
    const { id } = lastIn(setUp.acme);

    await setUp.teams.pressButton(setUp.acme.id, id, 'Show my work', setUp.ada);

    expect(textsOn(setUp.teams.seen(setUp.acme.id, id, setUp.ada))).toContain('Your work');
    expect(textsOn(setUp.teams.seen(setUp.acme.id, id, setUp.anton))).not.toContain('Your work');
  });

  test('that opens a form in its chat ends with what was done in the place of the form', async () => {
    await say(setUp.chat, 'bug', setUp.ada);
    const { id } = lastIn(setUp.chat);

    await setUp.teams.pressButton(setUp.chat.id, id, 'Rename', setUp.ada, { name: 'By a message' });

    expect(lastIn(setUp.chat)).toMatchObject({ id, edited: true, summary: 'Called By a message.' });
  });

  test('with a title behind it opens the form with the title filled in, also when the form comes back', async () => {
    await say(setUp.chat, 'Bug  it IS broken', setUp.ada);
    const { id } = lastIn(setUp.chat);
    const value = () => inputOn(setUp.teams.seen(setUp.chat.id, id, setUp.ada), 'field:name')?.value;
    const opened = value();

    await setUp.teams.pressButton(setUp.chat.id, id, 'Rename', setUp.ada, { name: 'x' });

    expect([opened, value()]).toEqual(['it IS broken', 'x']);
  });

  test('with a title longer than a button can carry opens the form with as much as fits', async () => {
    await say(setUp.acme, `change ${'very '.repeat(100)}`, setUp.ada);

    expect(buttonsOn(lastIn(setUp.acme).card)).toEqual(['Ask for a change…']);
    expect(JSON.stringify(lastIn(setUp.acme).card)).toMatch(/ticket\.file-change\?title=very%20very%20/);
  });

  test('in the thread of a card is an answer when more follows', async () => {
    const { messageId } = await setUp.post('Website');

    const { activity } = await setUp.teams.say(setUp.acme.id, 'bug is gone, thank you', setUp.ada, messageId);
    await setUp.workInbox();

    expect(await setUp.eventsOf(activity)).toMatchObject([{ data: { body: 'bug is gone, thank you' } }]);
  });

  test('that it does not know gets the help', async () => {
    await say(setUp.chat, 'what can you do?', setUp.ada);

    expect(textsOn(lastIn(setUp.chat).card)).toEqual(['Help']);
  });
});

describe('a message in the thread of a card', () => {
  test('is stored before Teams hears 200, and worked into an answer to the thing', async () => {
    const { messageId } = await setUp.post('Website');

    const { status, activity } = await setUp.teams.say(setUp.acme.id, 'Looks good & works', setUp.ada, messageId);
    const stored = await setUp.inbox();
    await setUp.workInbox();

    expect({ status, stored }).toMatchObject({ status: 200, stored: [{ kind: 'message', status: 'waiting' }] });
    expect(await setUp.eventsOf(activity)).toMatchObject([
      { name: 'test.noted', data: { body: 'Looks good & works' } },
    ]);
  });

  test('by somebody unknown is answered there with how to link, and not taken down', async () => {
    const { messageId } = await setUp.post('Website');

    const { activity } = await setUp.teams.say(setUp.acme.id, 'It is me', setUp.stranger, messageId);
    await setUp.workInbox();

    expect(lastIn(setUp.acme)).toMatchObject({ thread: messageId });
    expect(buttonsOn(lastIn(setUp.acme).card)).toEqual(['Link my account…']);
    expect(await setUp.eventsOf(activity)).toEqual([]);
  });
});

test.each(['constructor', '__proto__'])('the word “%s” is none of ours, and gets the help', async (word) => {
  await say(setUp.chat, word, setUp.ada);

  expect(textsOn(lastIn(setUp.chat).card)).toEqual(['Help']);
});

test('what people say to one another is counted, and its words are not kept', async () => {
  const { status } = await setUp.teams.say(setUp.acme.id, 'Shall we have lunch?', setUp.anton, null, false);

  expect({ status, stored: await setUp.inbox() }).toMatchObject({ status: 200, stored: [{ kind: 'ignored' }] });
  const [row] = await setUp.owner(`select convert_from(body, 'UTF8') as body from inbox`);
  expect(row?.body).not.toMatch(/lunch|Approver/);
  await setUp.workInbox();
});

test.each([
  ['messageUpdate', 'edits are not mirrored yet'],
  ['messageDelete', 'deletions are not mirrored yet'],
  ['messageReaction', 'reactions are not mirrored'],
  ['typing', 'somebody writes'],
])('a %s is counted beside the message that has the same id', async (type, why) => {
  const { activity } = await setUp.teams.say(setUp.chat.id, 'help', setUp.ada);

  expect(await setUp.teams.deliver({ ...activity, type })).toMatchObject({ status: 200 });

  const { id } = (await setUp.inbox()).find(({ kind }) => kind === 'ignored') ?? {};
  await workDelivery(setUp.app, setUp.sources, { tenantId: setUp.firm.tenantId, id: id ?? '' }, 0);
  expect(await setUp.owner('select status, outcome from inbox where id = $1', [id])).toEqual([
    { status: 'applied', outcome: `ignored: ${why}` },
  ]);
  await setUp.workInbox();
});

describe('where Parley cannot write any more', () => {
  test.each([
    [403, 'BotNotInConversationRoster'],
    [404, 'ConversationNotFound'],
  ])('(%i) a message is worked at once, and not tried for minutes', async (status, code) => {
    const { messageId } = await setUp.post('Website');
    await setUp.teams.say(setUp.acme.id, 'It is me', setUp.stranger, messageId);
    setUp.teams.failNext({ status, code });
    const [{ id } = { id: '' }] = await setUp.inbox();

    await workDelivery(setUp.app, setUp.sources, { tenantId: setUp.firm.tenantId, id }, 0);

    expect(await setUp.owner('select status, outcome from inbox where id = $1', [id])).toEqual([
      { status: 'applied', outcome: expect.stringMatching(`they could not be told: .*${code}`) },
    ]);
    await setUp.workInbox();
  });
});

describe('the app', () => {
  const faultOf = async () => (await setUp.owner('select fault from room where id = $1', [setUp.room.id]))[0]?.fault;

  test('taken out stops the room, added again starts it', async () => {
    await setUp.teams.uninstall(setUp.acme.id, setUp.ada);
    await setUp.workInbox();
    const taken = await faultOf();
    // It was the last room of the firm's there.
    expect(setUp.absent.splice(0)).toEqual([setUp.teams.tenantId]);
    await setUp.teams.install(setUp.acme.id, setUp.ada);
    await setUp.workInbox();

    expect(taken).toBe('Parley was removed from this Teams conversation. Add the app there again.');
    expect(await faultOf()).toBeNull();
  });

  test('taken out and added again does not start a room that staff took off', async () => {
    const room = randomUUID();
    const { tenant_id: tenantId } =
      (await setUp.owner('select tenant_id from room where id = $1', [setUp.room.id]))[0] ?? {};
    await setUp.owner(
      `insert into room (tenant_id, id, channel, account, address, name, audience) values ($1, $2, 'teams', $3, $4, 'Acme', 'internal')`,
      [tenantId, room, setUp.teams.tenantId, setUp.acme.id],
    );
    await setUp.owner(`update room set fault = 'unbound' where id = $1`, [room]);

    await setUp.teams.uninstall(setUp.acme.id, setUp.ada);
    await setUp.teams.install(setUp.acme.id, setUp.ada);
    await setUp.workInbox();

    setUp.absent.length = 0;
    const [row] = await setUp.owner('select fault, unbound_at from room where id = $1', [room]);
    expect(row).toEqual({ fault: 'unbound', unbound_at: expect.any(Date) });
    expect(await faultOf()).toBeNull();
    await setUp.owner('delete from room where id = $1', [room]);
  });

  test('taken out of one room of several leaves the organisation connected', async () => {
    const room = randomUUID();
    await setUp.owner(
      `insert into room (tenant_id, id, channel, account, address, name, audience) values ($1, $2, 'teams', $3, '19:other@thread.tacv2', 'Other', 'internal')`,
      [setUp.firm.tenantId, room, setUp.teams.tenantId],
    );
    await setUp.teams.uninstall(setUp.acme.id, setUp.ada);
    await setUp.teams.install(setUp.acme.id, setUp.ada);
    await setUp.workInbox();

    expect(setUp.absent).toEqual([]);
    await setUp.owner('delete from room where id = $1', [room]);
  });

  test('leaves what is needed to write to its room', async () => {
    expect(setUp.room.reference).toEqual({
      serviceUrl: `${setUp.teams.url}/`,
      channelId: 'msteams',
      tenantId: setUp.teams.tenantId,
      conversation: { id: setUp.acme.id, conversationType: 'channel', tenantId: setUp.teams.tenantId },
      bot: { id: `28:${setUp.appId}` },
    });
  });

  describe('in an organisation that no firm connected', () => {
    const elsewhere = async (text: string, conversation = setUp.chat, addressed = true) => {
      const { activity } = await setUp.teams.say(conversation.id, text, setUp.ada, null, addressed);
      await setUp.workInbox();
      return { ...activity, id: randomUUID(), channelData: { tenant: { id: randomUUID() } } };
    };
    const notices = () =>
      [...setUp.chat.messages, ...setUp.acme.messages].filter(
        (message) => message.text === 'This Teams organisation is not connected to Parley yet.',
      ).length;

    test('answers so', async () => {
      const before = notices();

      await setUp.teams.deliver(await elsewhere('hello'));

      expect(notices()).toBe(before + 1);
      expect(await setUp.inbox()).toEqual([]);
    });

    test('acknowledges the message when it cannot say so', async () => {
      const activity = await elsewhere('hello');
      setUp.teams.failNext({ status: 403, code: 'BotNotInConversationRoster' });

      expect(await setUp.teams.deliver(activity)).toMatchObject({ status: 200 });
    });

    test('keeps quiet while colleagues answer one another', async () => {
      const { messageId } = await setUp.post('Website');
      const before = notices();
      const activity = await elsewhere('I think so too', setUp.acme, false);

      const { status } = await setUp.teams.deliver({ ...activity, replyToId: messageId });

      expect({ status, said: notices() - before }).toEqual({ status: 200, said: 0 });
    });
  });
});

test('something of an unknown form is kept, for people to look at', async () => {
  const { activity } = await setUp.teams.say(setUp.chat.id, 'hello', setUp.ada);
  await setUp.workInbox();

  const { status } = await setUp.teams.deliver({ ...activity, id: 'strange', from: 'somebody' });

  expect(status).toBe(200);
  expect(await setUp.inbox()).toMatchObject([{ kind: 'strange', status: 'waiting' }]);
  await expect(setUp.workInbox()).rejects.toThrow(/in quarantine: .*not of a form we know/);
  await setUp.owner('delete from inbox');
});

test('a NUL in an identifier is kept for people to look at, not a fault of ours', async () => {
  const { activity } = await setUp.teams.say(setUp.chat.id, 'hello', setUp.ada);
  await setUp.workInbox();

  const { status } = await setUp.teams.deliver({ ...activity, id: 'nul\u0000' });

  expect(status).toBe(200);
  expect(await setUp.inbox()).toMatchObject([{ kind: 'strange', status: 'waiting' }]);
});
