import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Who } from '../core/kernel/actor.ts';
import type { Answer } from '../core/kernel/answer.ts';
import { formOf } from '../core/kernel/card.ts';
import { DomainError } from '../core/kernel/errors.ts';
import type { Platforms } from '../core/kernel/platform.ts';
import { runCommand, showView } from '../core/kernel/registry.ts';
import type { TestApp } from '../testing/app.ts';
import { testApp } from '../testing/app.ts';
import { asOwner } from '../testing/database.ts';
import type { TestFirm } from '../testing/firm.ts';
import { as, makeFirm } from '../testing/firm.ts';
import type { Pressed } from './channel.ts';
import { inboundFor } from './inbound.ts';

let app: TestApp;
let firm: TestFirm;
let other: TestFirm;

const owner = (text: string, values?: unknown[]) => asOwner(app.database)(text, values);
const platforms: Platforms = {
  has: () => true,
  open: async () => ({
    checkAccount: async (account) => {
      if (account === 'G-away') throw new DomainError('conflict', 'Parley is not in that server.');
      return { name: `Server ${account}` };
    },
  }),
  posts: (tool) => (tool === 'discord' ? (code) => `/parley connect code:${code}` : null),
};

beforeAll(async () => {
  app = await testApp();
  Object.assign(app, { platforms });
  firm = await makeFirm(app.database);
  other = await makeFirm(app.database, 'Rival & Sons');
});
afterAll(() => app.close());
afterEach(async () => {
  await owner(`delete from connection where account like 'G-%'`);
  await owner('delete from gate.wrong_code');
});

/** A code as an administrator is shown it. */
async function codeOf(of: TestFirm, person = of.admin): Promise<string> {
  const { output } = await runCommand(app, as(of, person), {
    name: 'connection.make-code',
    input: { tool: 'discord' },
    requestId: crypto.randomUUID(),
  });
  const view = { target: 'connection.code', input: { code: String((output as { id: string }).id) } };
  const { fallback } = await showView(app, as(of, person), view);
  return /\d{4}-\d{4}/.exec(fallback)?.[0] ?? '';
}

const pressed = (code: string | null, account: string, more: Partial<Pressed['who']> = {}): Pressed => ({
  who: {
    install: { tool: 'discord', account },
    ...{ provider: 'discord', account, externalId: 'U1', assurance: 'chat', manages: true },
    ...more,
  },
  press: { target: 'connection.claim', input: code === null ? {} : { code } },
  requestId: `discord:${crypto.randomUUID()}`,
});
const post = (...given: Parameters<typeof pressed>): Promise<Answer> => inboundFor(app).press(pressed(...given));
const say = (answer: Answer) => ('say' in answer ? answer.say : answer.kind === 'not-linked' ? '' : answer.card.title);
const owners = (account: string) =>
  owner('select tenant_id, settings, status from connection where account = $1', [account]);

describe('a code that is posted in a workspace', () => {
  test('makes it the firm’s whose code it is, in the name of whoever had it made', async () => {
    const answer = await post(await codeOf(firm), 'G-new');

    expect(say(answer)).toBe('Discord Server G-new is connected.');
    expect(await owners('G-new')).toEqual([
      { tenant_id: firm.tenantId, settings: { name: 'Server G-new' }, status: 'active' },
    ]);
    expect(
      await owner('select from credentials c join connection d on d.id = c.connection_id and d.account = $1', [
        'G-new',
      ]),
    ).toEqual([]);
    const [audit] = await owner(
      `select person_id, channel from audit where command = 'connection.claim' order by at desc limit 1`,
    );
    expect(audit).toEqual({ person_id: firm.admin, channel: 'discord' });
  });

  test('is taken with or without its dash, from a form as well; without one it is asked for', async () => {
    const asked = await post(null, 'G-new');
    expect(asked.kind === 'form' && formOf(asked.card)?.fields.map(({ label }) => label)).toEqual(['Code']);

    const form = { code: ` ${(await codeOf(firm)).replace('-', ' ')} ` };
    const answer = await inboundFor(app).press({ ...pressed(null, 'G-new'), form });
    expect(answer.kind).toBe('done');
  });

  test('delivered twice connects once; used again elsewhere it connects nothing', async () => {
    const code = await codeOf(firm);
    const once = pressed(code, 'G-new');
    const [first, second] = [await inboundFor(app).press(once), await inboundFor(app).press(once)];

    expect([first.kind, second.kind]).toEqual(['done', 'done']);
    expect(second).toMatchObject({ replayed: true });
    expect(say(await post(code, 'G-second'))).toContain('used already');
    expect(await owners('G-second')).toEqual([]);
  });

  test('takes no account from another firm, and says nothing of it', async () => {
    await post(await codeOf(firm), 'G-theirs');
    const code = await codeOf(other);
    const answer = await post(code, 'G-theirs');

    expect(say(answer)).toBe(
      'Discord Server G-theirs is connected by another firm. An administrator there must disconnect it first.',
    );
    expect(JSON.stringify(answer)).not.toMatch(/Northwind|Rival/);
    expect(await owners('G-theirs')).toMatchObject([{ tenant_id: firm.tenantId }]);
    // It was not used up by that.
    expect((await post(code, 'G-own')).kind).toBe('done');
  });

  test('counts for a quarter of an hour', async () => {
    const code = await codeOf(firm);
    app.clock.jump(16 * 60_000);

    expect(await post(code, 'G-late')).toMatchObject({
      kind: 'invalid',
      fields: { code: expect.stringContaining('too old') },
    });
    expect(await owners('G-late')).toEqual([]);
  });

  test('is not guessed: ten wrong ones within an hour end it for that workspace, and for no other', async () => {
    const code = await codeOf(firm);
    const wrong = code === '0000-0000' ? '1111-1111' : '0000-0000';
    for (let time = 0; time < 10; time += 1) expect((await post(wrong, 'G-guess')).kind).toBe('invalid');

    expect(await post(code, 'G-guess')).toMatchObject({ kind: 'refused', code: 'rate_limited' });
    expect(await owners('G-guess')).toEqual([]);
    expect((await post(code, 'G-other')).kind).toBe('done');
  });

  test('is not taken from somebody who may not manage the server, nor where Parley is not', async () => {
    const code = await codeOf(firm);
    expect(await post(code, 'G-member', { manages: false })).toMatchObject({ kind: 'refused', code: 'forbidden' });
    expect(say(await post(code, 'G-away'))).toBe('Parley is not in that server.');
    expect(await owner(`select from connection where account in ('G-member', 'G-away')`)).toEqual([]);
  });

  test('of somebody who is no administrator any more connects nothing', async () => {
    const code = await codeOf(firm);
    await owner(`update person set role = 'member' where id = $1`, [firm.admin]);
    const answer = await post(code, 'G-former');
    await owner(`update person set role = 'admin' where id = $1`, [firm.admin]);

    expect(answer).toMatchObject({ kind: 'refused', code: 'forbidden' });
    expect(await owners('G-former')).toEqual([]);
  });
});

describe('once a code was posted', () => {
  beforeAll(() => app.clock.jump(3_600_000));

  /** Posts a code of the firm; the id of the code, and of what it connected. */
  async function posted(account: string, more: Partial<Pressed> = {}, of = firm) {
    const asked = pressed(await codeOf(of), account, { name: 'Mallory', externalId: 'U-mallory' });
    expect((await inboundFor(app).press({ ...asked, ...more })).kind).toBe('done');
    const [row] = await owner(
      `select c.id as code, k.id as connection, k.version from connect_code c join connection k on k.id = c.connection_id
       where k.account = $1 order by c.used_at desc limit 1`,
      [account],
    );
    return row as { code: string; connection: string; version: number };
  }
  const inTriage = (of = firm) => ({ kind: 'audience', tenantId: of.tenantId, roomId: of.triageRoom }) as const;
  const show = (who: Who, code: string) => showView(app, who, { target: 'connection.posted', input: { code } });
  /** Whom the announcement of a claim is for. */
  const told = async (account: string) => {
    const [event] = await owner(
      `select data, entity, entity_id as id from event where name = 'connection.claimed' and data ->> 'account' = $1`,
      [account],
    );
    const about = { entity: event?.entity, id: event?.id };
    return app.registry.areas
      .flatMap(({ announcements }) => announcements)
      .filter(({ on }) => on === 'connection.claimed')
      .map(({ as: how, audience }) => ({ how, audience: audience({ data: event?.data, about } as never) }));
  };
  const undo = (who: Who, { code, connection, version }: Awaited<ReturnType<typeof posted>>) =>
    runCommand(app, who, {
      name: 'connection.undo',
      input: { connection, version: String(version), code },
      requestId: crypto.randomUUID(),
    });

  test('the firm’s triage room is told who posted it, where and when, with one press that undoes it', async () => {
    const place = { channel: 'discord', account: 'G-new', address: 'C-general' };
    const { code } = await posted('G-new', { place });
    const card = await show(inTriage(), code);

    expect(await told('G-new')).toEqual([{ how: 'alert', audience: [{ audience: 'triage' }] }]);
    expect(card.title).toBe('Discord Server G-new was connected by a code');
    expect(card.blocks[0]).toMatchObject({
      facts: [
        { label: 'Posted by', value: 'Mallory (U-mallory)' },
        { label: 'Where', value: 'Discord Server G-new, channel C-general' },
        { label: 'When', value: expect.stringMatching(/\d{4}, \d\d:\d\d/) },
        { label: 'Whose code', value: 'Ada Admin' },
      ],
    });
    expect(card.actions.map(({ label }) => label)).toEqual(['Undo']);
  });

  test('the administrators are told by mail while no triage room hears of it', async () => {
    await owner('update room set unbound_at = now() where id = $1', [firm.triageRoom]);
    await posted('G-quiet');
    await owner('update room set unbound_at = null where id = $1', [firm.triageRoom]);

    expect(await told('G-quiet')).toEqual([
      { how: 'alert', audience: [{ audience: 'triage' }, { person: firm.admin }] },
    ]);
  });

  test('an administrator undoes it with that press, from a mail too, and the workspace is free for whose it is', async () => {
    for (const assurance of ['chat', 'link'] as const) {
      const claimed = await posted('G-undone');
      await undo(as(firm, firm.admin, assurance), claimed);

      expect(await owners('G-undone')).toEqual([]);
      const card = await show(inTriage(), claimed.code);
      expect(card).toMatchObject({
        title: 'The code for Discord Server G-undone does not count any more',
        actions: [],
      });
      await expect(undo(as(firm, firm.admin), claimed)).rejects.toMatchObject({ code: 'not_found' });
    }
    expect((await post(await codeOf(other), 'G-undone')).kind).toBe('done');
    expect(await owners('G-undone')).toMatchObject([{ tenant_id: other.tenantId }]);
  });

  test('nobody else undoes it or learns of it: no member, no client, no other firm', async () => {
    const claimed = await posted('G-held');
    const strangers = [as(firm, firm.member), as(firm, firm.acme.clientAdmin), as(other, other.admin), inTriage(other)];
    for (const who of strangers)
      await expect(show(who, claimed.code)).rejects.toMatchObject({
        code: expect.stringMatching(/not_found|forbidden/),
      });
    for (const who of [as(firm, firm.partner), ...strangers.slice(0, 3)])
      await expect(undo(who, claimed)).rejects.toMatchObject({ code: expect.stringMatching(/not_found|forbidden/) });
    const [theirs] = [await posted('G-theirs', {}, other)];
    await expect(undo(as(firm, firm.admin), { ...claimed, code: theirs.code })).rejects.toMatchObject({
      code: 'conflict',
    });

    expect(await owners('G-held')).toHaveLength(1);
  });

  test('an old card does not undo what another code connected since', async () => {
    const first = await posted('G-twice');
    app.clock.jump(1_000);
    const second = await posted('G-twice');
    expect(second.connection).toBe(first.connection);

    await expect(undo(as(firm, firm.admin), first)).rejects.toMatchObject({ code: 'stale' });
    await expect(undo(as(firm, firm.admin), { ...first, version: second.version })).rejects.toMatchObject({
      code: 'conflict',
    });
    expect((await show(inTriage(), first.code)).actions).toEqual([]);
    expect((await show(inTriage(), second.code)).actions).toHaveLength(1);
    expect(await owners('G-twice')).toHaveLength(1);
  });
});

describe('a code', () => {
  test('is made by administrators alone, and shown to nobody else', async () => {
    const input = { tool: 'discord' };
    for (const person of [firm.partner, firm.member, firm.acme.clientAdmin])
      await expect(
        runCommand(app, as(firm, person), { name: 'connection.make-code', input, requestId: crypto.randomUUID() }),
      ).rejects.toMatchObject({ code: 'forbidden' });
    await codeOf(firm);
    const [row] = await owner('select id from connect_code order by created_at desc limit 1');
    const view = { target: 'connection.code', input: { code: String(row?.id) } };
    for (const person of [firm.partner, firm.acme.clientAdmin])
      await expect(showView(app, as(firm, person), view)).rejects.toMatchObject({ code: expect.any(String) });
    await expect(showView(app, as(other, other.admin), view)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('is for a tool that takes codes, and stands readable nowhere', async () => {
    const input = { tool: 'jira' };
    const made = runCommand(app, as(firm, firm.admin), { name: 'connection.make-code', input, requestId: 'jira code' });
    await expect(made).rejects.toMatchObject({ code: 'conflict' });

    const code = (await codeOf(firm)).replace('-', '');
    const kept = JSON.stringify([
      await owner('select * from connect_code'),
      await owner('select * from request'),
      await owner('select * from event'),
      await owner('select * from audit'),
    ]);
    expect(kept).not.toContain(code);
  });

  test('is made ten times within an hour, and no more', async () => {
    await owner('delete from connect_code');
    for (let time = 0; time < 10; time += 1) await codeOf(firm);
    await expect(codeOf(firm)).rejects.toMatchObject({ code: 'rate_limited' });
    await owner('delete from connect_code');
  });
});
