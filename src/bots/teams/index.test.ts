import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { encodePress } from '../../core/kernel/card.ts';
import type { TeamsSetUp } from '../../simulator/teams/set-up.ts';
import { buttonsOn, cardOf, inputOn, projectCard, setUpTeams, textsOn } from '../../simulator/teams/set-up.ts';
import { withoutView } from '../../testing/app.ts';
import type { Room } from '../channel.ts';
import { Undeliverable } from '../channel.ts';
import { refresh } from '../deliver.ts';

let setUp: TeamsSetUp;
beforeAll(async () => {
  setUp = await setUpTeams();
});
afterAll(() => setUp.close());

function send(room: Room = setUp.room, thread: string | null = null) {
  const card = projectCard({ id: setUp.firm.acme.project, name: 'News', version: 1 });
  return setUp.channel.send(room, card, { cardId: randomUUID(), thread: thread ? { id: thread } : null });
}

describe('a posted card', () => {
  test('is sent once, updated in place, and read by everybody in the room', async () => {
    const { cardId, messageId } = await setUp.post('Website');
    const sent = setUp.acme.messages.length;
    await setUp.rename('Website two');

    await refresh(setUp.app, new Map([['teams', setUp.channel]]), { tenantId: setUp.firm.tenantId, cardId });

    expect(setUp.acme.messages).toHaveLength(sent);
    expect(setUp.acme.messages.find(({ id }) => id === messageId)).toMatchObject({
      thread: null,
      edited: true,
      summary: 'Website two',
    });
    expect(textsOn(setUp.teams.seen(setUp.acme.id, messageId, setUp.anton))).toContain('Website two');
  });

  test('goes into the thread of the card it belongs to', async () => {
    const { messageId } = await setUp.post('Website');

    const { id } = await send(setUp.room, messageId);

    expect(setUp.acme.messages.find((message) => message.id === id)).toMatchObject({ thread: messageId });
  });

  test('in a group chat, which has no threads, follows as an ordinary message', async () => {
    const group = setUp.teams.addConversation({ kind: 'groupChat', name: 'A few people', members: [setUp.ada] });
    group.installed = true;
    const room = { ...setUp.room, address: group.id, reference: null };
    const first = await send(room);

    const second = await send(room, first.id);

    expect(group.messages).toMatchObject([{ id: first.id }, { id: second.id, thread: null }]);
  });

  test('asks for its present state in a personal chat alone, where its reader is known', async () => {
    const conversation = { id: setUp.chat.id, conversationType: 'personal', tenantId: setUp.teams.tenantId };
    const reference = { ...setUp.room.reference, conversation, user: { id: setUp.ada.id } };

    const personal = await send({ ...setUp.room, address: setUp.chat.id, reference });
    const shared = await send();

    expect(setUp.teams.seen(setUp.chat.id, personal.id, setUp.ada)).toMatchObject({
      refresh: { userIds: [setUp.ada.id], action: { verb: 'show' } },
    });
    expect(setUp.teams.seen(setUp.acme.id, shared.id, setUp.ada)).not.toHaveProperty('refresh');
  });

  test('is shown as it is now when a client asks for its present state', async () => {
    const { messageId } = await setUp.post('Website');
    await setUp.rename('Website, an hour later');

    const { body } = await setUp.teams.pressAction(
      setUp.acme.id,
      messageId,
      { verb: 'show', data: {}, trigger: 'automatic' },
      setUp.anton,
    );

    expect(textsOn(cardOf(body))).toEqual(['Website, an hour later']);
  });

  test('reaches another channel of the organisation, of which only the name is known', async () => {
    const other = setUp.teams.addConversation({
      kind: 'channel',
      name: 'Another channel of the team',
      members: [setUp.ada],
    });
    other.installed = true;

    await send({ ...setUp.room, address: other.id, reference: null });

    expect(other.messages).toHaveLength(1);
  });
});

describe('what Teams refuses', () => {
  test('for good (403, 404) is for staff to mend', async () => {
    const update = setUp.channel.update(setUp.room, { id: '1' }, projectCard({ id: '', name: '', version: 1 }), {
      cardId: '',
      thread: null,
    });
    await expect(update).rejects.toThrow(Undeliverable);

    setUp.teams.failNext({ status: 403, code: 'BotNotInConversationRoster' });
    await expect(send()).rejects.toThrow(
      new Undeliverable(
        'Parley may not write in this Teams conversation (BotNotInConversationRoster). Add the app there again, or bind another room.',
      ),
    );
  });

  test('in a room that waits for the app is tried again soon, and told to staff when it takes long', async () => {
    const waiting = { ...setUp.room, reference: null };
    const refused = async () => {
      setUp.teams.failNext({ status: 403, code: 'BotNotInConversationRoster' });
      const card = projectCard({ id: '', name: '', version: 1 });
      return setUp.channel.send(waiting, card, { cardId: '', thread: null });
    };
    const [{ reference } = { reference: null }] = await setUp.owner('select reference from room where id = $1', [
      setUp.room.id,
    ]);
    await setUp.owner('update room set reference = null where id = $1', [setUp.room.id]);

    await expect(refused()).rejects.toMatchObject({ name: 'RetryLater' });
    await setUp.owner(`update room set created_at = now() - interval '11 minutes' where id = $1`, [setUp.room.id]);
    await expect(refused()).rejects.toThrow(Undeliverable);
    await setUp.owner('update room set reference = $2 where id = $1', [setUp.room.id, JSON.stringify(reference)]);
  });

  test('for now (429) says when to come back, and is not tried again before', async () => {
    const sent = setUp.acme.messages.length;
    setUp.teams.failNext({ status: 429, retryAfter: 17 });

    await expect(send()).rejects.toMatchObject({ name: 'RetryLater', seconds: 17 });
    expect(setUp.acme.messages).toHaveLength(sent);
  });

  test('by a fault of its own is tried again by the job, not here', async () => {
    setUp.teams.failNext({ status: 502, code: 'BadGateway' });

    await expect(send()).rejects.toThrow('Teams answered 502 BadGateway');
    expect((await send()).id).toMatch(/^\d+$/);
  });
});

describe('a press', () => {
  test('is committed, then answered with the card as it is now', async () => {
    const { messageId } = await setUp.post('Website');

    const { status, body, activity } = await setUp.teams.pressButton(
      setUp.acme.id,
      messageId,
      'Call it Quick',
      setUp.ada,
    );

    expect(status).toBe(200);
    expect(textsOn(cardOf(body))).toEqual(['Quick']);
    expect(await setUp.eventsOf(activity)).toMatchObject([{ name: 'test.renamed', channel: 'teams' }]);
  });

  test('that leads on to something else shows the way there to its presser, and Back brings the card back', async () => {
    const { messageId } = await setUp.post('Website');
    const data = { press: encodePress({ target: 'test.link', input: { project: setUp.firm.acme.project } }) };
    const seen = () => setUp.teams.seen(setUp.acme.id, messageId, setUp.anton);

    await setUp.teams.pressAction(setUp.acme.id, messageId, { data }, setUp.anton);
    expect([textsOn(seen()), buttonsOn(seen())]).toEqual([['The link is there.'], ['Open the link', 'Back']]);
    await setUp.teams.pressButton(setUp.acme.id, messageId, 'Back', setUp.anton);

    expect(textsOn(seen())).toEqual(['Website']);
  });

  test('that was done is answered as done, even if its card cannot be drawn just then', async () => {
    const { messageId } = await setUp.post('Website');

    const { status, body, activity } = await withoutView(setUp.app, 'test.show', () =>
      setUp.teams.pressButton(setUp.acme.id, messageId, 'Call it Quick', setUp.ada),
    );

    expect(status).toBe(200);
    expect(textsOn(cardOf(body))).toEqual(['Called Quick.']);
    expect(await setUp.eventsOf(activity)).toHaveLength(1);
  });

  test('that is delivered twice acts once and is answered alike', async () => {
    const { messageId } = await setUp.post('Website');
    const first = await setUp.teams.pressButton(setUp.acme.id, messageId, 'Call it Quick', setUp.ada);

    const second = await setUp.teams.resend(first);

    expect(second.body).toEqual(first.body);
    expect(await setUp.eventsOf(first.activity)).toHaveLength(1);
  });

  test('on an old card changes nothing and shows what changed above the present card', async () => {
    const { messageId } = await setUp.post('Website');
    await setUp.rename('Website by Mia');

    const { body, activity } = await setUp.teams.pressButton(setUp.acme.id, messageId, 'Call it Quick', setUp.ada);

    expect(textsOn(cardOf(body))).toEqual([
      'This is not the newest card.',
      'It is called Website by Mia now.',
      'Website by Mia',
    ]);
    expect(await setUp.eventsOf(activity)).toEqual([]);
  });

  test('of somebody unknown shows how to link, and mending that form never does what was pressed', async () => {
    const { messageId } = await setUp.post('Website');

    const { body } = await setUp.teams.pressButton(setUp.acme.id, messageId, 'Call it Quick', setUp.stranger);
    const again = await setUp.teams.pressButton(setUp.acme.id, messageId, 'Send code', setUp.stranger, {
      email: 'no address',
    });

    expect(textsOn(cardOf(body))).toContain('Link your account');
    expect(JSON.stringify(body)).toContain('"form":"identity.link"');
    expect(textsOn(cardOf(again.body))).toContain('Link your account');
    expect(inputOn(cardOf(again.body), 'field:email')).toMatchObject({ value: 'no address' });
  });

  test('that cannot be read is answered and kept for staff, and does nothing', async () => {
    const { messageId } = await setUp.post('Website');

    const { status, body } = await setUp.teams.pressAction(
      setUp.acme.id,
      messageId,
      { data: { press: 'not a press' } },
      setUp.ada,
    );

    expect({ status, body }).toMatchObject({ status: 200, body: { value: expect.stringContaining('too old') } });
    expect(await setUp.inbox()).toMatchObject([{ kind: 'unreadable' }]);
    await setUp.owner('delete from inbox');
  });

  test.each([
    ['task/fetch', 200, { task: { type: 'message', value: expect.stringContaining('does not offer') } }],
    ['composeExtension/query', 200, { composeExtension: { type: 'message', text: expect.any(String) } }],
    ['fileConsent/invoke', 200, {}],
    ['signin/verifyState', 200, {}],
    ['signin/tokenExchange', 412, { id: 'x1', failureDetail: expect.any(String) }],
    ['hologram/open', 501, null],
  ])('on %s, which Parley does not offer, is refused as Teams knows it, and counted', async (name, status, body) => {
    const { messageId } = await setUp.post('Website');
    const { activity } = await setUp.teams.pressButton(setUp.acme.id, messageId, 'Rename…', setUp.ada);
    const value = { id: 'x1', token: 'eyJhbGciOi', state: '123456', uploadInfo: { uploadUrl: 'https://up.example' } };

    const answer = await setUp.teams.deliver({ ...activity, id: name, name, value });

    expect(answer).toMatchObject({ status, body });
    const [row] = await setUp.owner(
      `select kind, convert_from(body, 'UTF8') as body from inbox where convert_from(body, 'UTF8') like '%"name":"' || $1 || '"%'`,
      [name],
    );
    expect(row?.kind).toBe(status === 501 ? 'strange' : 'unsupported');
    expect(row?.body).not.toMatch(/eyJhbGciOi|123456|up\.example/);
    await setUp.owner('delete from inbox');
  });
});

describe('a form', () => {
  test('opens in place of the card for its presser alone, and Cancel brings the card back', async () => {
    const { messageId } = await setUp.post('Website');
    const seenBy = (user: typeof setUp.ada) => textsOn(setUp.teams.seen(setUp.acme.id, messageId, user));

    await setUp.teams.pressButton(setUp.acme.id, messageId, 'Rename…', setUp.ada);
    const [form, others] = [seenBy(setUp.ada), seenBy(setUp.anton)];
    await setUp.teams.pressButton(setUp.acme.id, messageId, 'Cancel', setUp.ada);

    expect({ form, others, after: seenBy(setUp.ada) }).toEqual({
      form: ['Rename the project'],
      others: ['Website'],
      after: ['Website'],
    });
  });

  test('with a faulty field comes back with the reason and what was typed', async () => {
    const { messageId } = await setUp.post('Website');
    await setUp.teams.pressButton(setUp.acme.id, messageId, 'Rename…', setUp.ada);

    const { body } = await setUp.teams.pressButton(setUp.acme.id, messageId, 'Rename', setUp.ada, { name: 'ab' });

    expect(textsOn(cardOf(body))).toContain('New name: must have at least three letters');
    expect(inputOn(cardOf(body), 'field:name')).toMatchObject({ value: 'ab' });
    expect(buttonsOn(cardOf(body))).toEqual(['Rename', 'Cancel']);
  });

  test('that was mended is done, and the card is back', async () => {
    const { messageId } = await setUp.post('Website');
    await setUp.teams.pressButton(setUp.acme.id, messageId, 'Rename…', setUp.ada);
    await setUp.teams.pressButton(setUp.acme.id, messageId, 'Rename', setUp.ada, { name: 'ab' });

    const { body, activity } = await setUp.teams.pressButton(setUp.acme.id, messageId, 'Rename', setUp.ada, {
      name: 'Third time',
    });

    expect(textsOn(cardOf(body))).toEqual(['Third time']);
    expect(await setUp.eventsOf(activity)).toHaveLength(1);
  });
});
