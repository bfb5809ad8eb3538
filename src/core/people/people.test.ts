import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TestApp } from '../../testing/app.ts';
import { testApp } from '../../testing/app.ts';
import { asOwner } from '../../testing/database.ts';
import type { TestFirm } from '../../testing/firm.ts';
import { as, makeFirm } from '../../testing/firm.ts';
import type { Who } from '../kernel/actor.ts';
import { formOf } from '../kernel/card.ts';
import { runCommand, showView } from '../kernel/registry.ts';

let app: TestApp;
let firm: TestFirm;
let count = 0;

beforeAll(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
});
afterAll(() => app.close());

const run = (who: Who, name: string, input: Record<string, unknown>, requestId = `test ${++count}`) =>
  runCommand(app, who, { name, input, requestId });
const contact = (email: string) => ({
  client: firm.acme.id,
  name: 'Nora New',
  email,
  timezone: 'America/New_York',
});

describe('adding people', () => {
  test('staff add a contact, whose mailbox becomes a room of the client', async () => {
    const { output } = await run(as(firm, firm.member), 'people.add-contact', contact('Nora@Example.com'));

    const id = (output as { id: string }).id;
    const [identity] = await asOwner(app.database)(`select * from identity where person_id = '${id}'`);
    const [room] = await asOwner(app.database)(`select * from room where person_id = '${id}'`);
    expect(identity).toMatchObject({ provider: 'email', external_id: 'nora@example.com', proof: 'invitation' });
    expect(room).toMatchObject({ channel: 'email', address: 'nora@example.com', audience: 'client' });
  });

  test('a client admin adds a colleague, and sees no other identity by it', async () => {
    const admin = as(firm, firm.acme.clientAdmin);
    await run(admin, 'people.add-contact', { ...contact('colleague@example.com'), byMail: 'no' });

    expect(
      await asOwner(app.database)(`select audience from room where address = 'colleague@example.com'`),
    ).toMatchObject([{ audience: 'person' }]);
  });

  test('a word opens the form in any chat, for whoever may invite', async () => {
    const press = app.registry.words.get('invite')?.press ?? { target: '', input: {} };
    const chosen = async (person: string) => formOf(await showView(app, as(firm, person), press))?.fields[0];

    expect(await chosen(firm.acme.clientAdmin)).toMatchObject({
      options: [{ value: firm.acme.id }],
      value: firm.acme.id,
    });
    await expect(chosen(firm.acme.approver)).rejects.toMatchObject({ code: 'forbidden' });
  });

  test('a plain contact, and a client admin of another client, cannot', async () => {
    await expect(
      run(as(firm, firm.acme.approver), 'people.add-contact', contact('x@example.com')),
    ).rejects.toMatchObject({
      code: 'forbidden',
    });
    await expect(
      run(as(firm, firm.globex.clientAdmin), 'people.add-contact', contact('x@example.com')),
    ).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  test('a mail address names one person', async () => {
    await expect(run(as(firm, firm.admin), 'people.add-contact', contact('nora@example.com'))).rejects.toMatchObject({
      code: 'conflict',
      detail: { fields: { email: expect.any(String) } },
    });
  });

  test('nobody learns by adding somebody whose address is known here', async () => {
    const elsewhere = `${firm.globex.approver}@example.com`;
    for (const who of [as(firm, firm.acme.clientAdmin), as(firm, firm.member)]) {
      const free = await run(who, 'people.add-contact', contact(`free-${++count}@example.com`));
      const known = await run(who, 'people.add-contact', contact(elsewhere));

      const shown = ({ card }: typeof free) => ({ ...card, about: { ...card.about, id: '' } });
      expect(shown(known)).toEqual(shown(free));
    }

    expect(await asOwner(app.database)(`select person_id from identity where external_id = $1`, [elsewhere])).toEqual([
      { person_id: firm.globex.approver },
    ]);
    expect(await asOwner(app.database)(`select from event where data ->> 'address' = 'held'`)).toHaveLength(2);
  });

  test('of a colleague’s address a client admin is told that it is taken', async () => {
    await expect(
      run(as(firm, firm.acme.clientAdmin), 'people.add-contact', contact(`${firm.acme.viewer}@example.com`)),
    ).rejects.toMatchObject({ code: 'conflict' });
  });

  test('faulty input is told field by field', async () => {
    const faulty = { ...contact('not an address'), timezone: 'Mars/Olympus', name: ' ' };
    await expect(run(as(firm, firm.admin), 'people.add-contact', faulty)).rejects.toMatchObject({
      code: 'invalid',
      detail: { fields: { email: expect.any(String), timezone: expect.any(String), name: expect.any(String) } },
    });
  });

  test('only an admin adds staff', async () => {
    const staff = { name: 'Sam', email: 'sam@example.com', role: 'member', timezone: 'Europe/Berlin' };
    await expect(run(as(firm, firm.partner), 'people.add-staff', staff)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(run(as(firm, firm.admin, 'link'), 'people.add-staff', staff)).rejects.toMatchObject({
      code: 'forbidden',
    });
    await run(as(firm, firm.admin), 'people.add-staff', staff);
  });
});

describe('what a mail link is not enough for', () => {
  const client = () => firm.acme.id;
  const person = () => firm.acme.viewer;
  test.each<[string, () => Record<string, unknown>]>([
    ['people.add-client', () => ({ name: 'Initech', timezone: 'Europe/Berlin' })],
    ['identity.issue-code', () => ({ person: person() })],
    ['people.add-staff', () => ({ name: 'Sam', email: 's@example.com', role: 'admin', timezone: 'Europe/Berlin' })],
    ['people.add-contact', () => contact('by-link@example.com')],
    ['people.change-role', () => ({ person: person(), role: 'client_admin' })],
    ['people.set-grant', () => ({ person: person(), module: 'tickets', level: 'edit' })],
    ['people.deactivate', () => ({ person: person() })],
    ['people.assign', () => ({ person: firm.member, client: client() })],
    ['people.unassign', () => ({ person: firm.member, client: client() })],
    ['people.join-project', () => ({ person: person(), project: firm.acme.otherProject, role: 'viewer' })],
    ['people.leave-project', () => ({ person: person(), project: firm.acme.project })],
    [
      'project.bind-room',
      () => ({ channel: 'slack', account: firm.tenantId, address: 'C1', name: 'Room', audience: 'triage' }),
    ],
    ['project.unbind-room', () => ({ room: firm.acme.room })],
  ])('%s', async (name, input) => {
    for (const assurance of ['link', 'mail'] as const)
      await expect(run(as(firm, firm.admin, assurance, 'email'), name, input())).rejects.toMatchObject({
        code: 'forbidden',
        say: expect.stringContaining('surer sign'),
      });
  });
});

describe('the card of a client', () => {
  const show = (who: Who, client = firm.acme.id) => showView(app, who, { target: 'client.show', input: { client } });
  const listsOn = ({ blocks }: Awaited<ReturnType<typeof show>>) =>
    blocks.flatMap((block) => (block.kind === 'list' ? [block] : []));

  test('shows the firm its projects, people and channels, and is found in the list', async () => {
    for (const person of [firm.admin, firm.partner, firm.member]) {
      const lists = listsOn(await show(as(firm, person)));
      expect(lists.map(({ title }) => title)).toEqual(['Projects', 'People', 'Channels']);
      expect(lists[0]?.items.map(({ text }) => text)).toEqual(['Acme app', 'Acme website']);
      expect(lists[1]?.items[0]?.button?.press.target).toBe('people.show');
    }
    const [list] = listsOn(await showView(app, as(firm, firm.admin), { target: 'client.list', input: {} }));
    expect(list?.items.map(({ button }) => button?.press)).toContainEqual({
      target: 'client.show',
      input: { client: firm.acme.id },
    });
  });

  test('tells the client’s own administrator nothing of the firm’s channels, and nobody else of the client anything', async () => {
    const card = await show(as(firm, firm.acme.clientAdmin));
    expect(listsOn(card).map(({ title }) => title)).toEqual(['Projects', 'People']);
    expect(card.actions.map(({ label }) => label)).toEqual(['Invite somebody…', 'Who approves']);

    for (const person of [firm.acme.approver, firm.acme.viewer, firm.globex.clientAdmin])
      await expect(show(as(firm, person))).rejects.toMatchObject({ code: 'forbidden' });
    await expect(show(as(firm, firm.member), firm.globex.id)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('leaves projects and channels out for whoever may not read them', async () => {
    const owner = asOwner(app.database);
    await owner(`update person set grants = '{"projects": "none"}' where id = $1`, [firm.partner]);
    const card = await show(as(firm, firm.partner));
    await owner(`update person set grants = '{}' where id = $1`, [firm.partner]);

    expect(listsOn(card).map(({ title }) => title)).toEqual(['People']);
    expect(JSON.stringify(card)).not.toContain('Acme website');
  });

  test('shows the first of many, and the way to all', async () => {
    for (let count = 0; count < 11; count += 1)
      await run(as(firm, firm.admin), 'project.open', { client: firm.globex.id, name: `Site ${count}` });
    const [projects] = listsOn(await show(as(firm, firm.admin), firm.globex.id));

    expect(projects?.items).toHaveLength(11);
    expect(projects?.items.at(-1)).toMatchObject({ text: 'and others', button: { press: { target: 'project.list' } } });
  });

  test('is what taking a client on leads to', async () => {
    const { card } = await run(as(firm, firm.admin), 'people.add-client', {
      name: 'Initech',
      timezone: 'Europe/Berlin',
    });
    const [action] = card.actions;

    expect(card.title).toBe('Initech is a client now.');
    expect(action?.kind === 'button' && (await showView(app, as(firm, firm.admin), action.press)).title).toBe(
      'Initech',
    );
  });
});

describe('roles and reach', () => {
  test('a member sees a client from the moment of the assignment, and no longer than it lasts', async () => {
    const member = as(firm, firm.member);
    const project = { target: 'project.show', input: { project: firm.globex.project } };
    await expect(showView(app, member, project)).rejects.toMatchObject({ code: 'not_found' });

    await run(as(firm, firm.partner), 'people.assign', { person: firm.member, client: firm.globex.id });
    expect((await showView(app, member, project)).title).toBe('Globex website');

    await run(as(firm, firm.partner), 'people.unassign', { person: firm.member, client: firm.globex.id });
    await expect(showView(app, member, project)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('a contact joins and leaves a project', async () => {
    const viewer = as(firm, firm.acme.viewer);
    const project = { target: 'project.show', input: { project: firm.acme.otherProject } };
    await run(as(firm, firm.acme.clientAdmin), 'people.join-project', {
      person: firm.acme.viewer,
      project: firm.acme.otherProject,
      role: 'viewer',
    });
    expect((await showView(app, viewer, project)).title).toBe('Acme app');

    await run(as(firm, firm.admin), 'people.leave-project', {
      person: firm.acme.viewer,
      project: firm.acme.otherProject,
    });
    await expect(showView(app, viewer, project)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('nobody of another client can join a project', async () => {
    await expect(
      run(as(firm, firm.admin), 'people.join-project', {
        person: firm.globex.viewer,
        project: firm.acme.project,
        role: 'viewer',
      }),
    ).rejects.toMatchObject({ code: 'invalid' });
  });

  test('a role stays on its side, and nobody changes their own', async () => {
    const admin = as(firm, firm.admin);
    await expect(run(admin, 'people.change-role', { person: firm.acme.viewer, role: 'admin' })).rejects.toMatchObject({
      code: 'invalid',
    });
    await expect(run(admin, 'people.change-role', { person: firm.admin, role: 'member' })).rejects.toMatchObject({
      code: 'conflict',
    });
    await expect(
      run(as(firm, firm.acme.clientAdmin), 'people.change-role', { person: firm.admin, role: 'member' }),
    ).rejects.toMatchObject({ code: 'not_found' });
  });

  test('a grant overrides the role for one module', async () => {
    await run(as(firm, firm.admin), 'people.set-grant', {
      person: firm.globex.viewer,
      module: 'tickets',
      level: 'edit',
    });
    const [person] = await asOwner(app.database)(`select grants from person where id = '${firm.globex.viewer}'`);
    expect(person).toEqual({ grants: { tickets: 'edit' } });

    await run(as(firm, firm.admin), 'people.set-grant', {
      person: firm.globex.viewer,
      module: 'tickets',
      level: 'role',
    });
    expect(await asOwner(app.database)(`select grants from person where id = '${firm.globex.viewer}'`)).toEqual([
      { grants: {} },
    ]);
  });

  test('only an admin overrides what a role may do', async () => {
    const grant = { person: firm.acme.viewer, module: 'billing', level: 'edit' };
    for (const other of [firm.partner, firm.member, firm.acme.clientAdmin]) {
      await expect(run(as(firm, other), 'people.set-grant', grant)).rejects.toMatchObject({ code: 'forbidden' });
    }
    const [viewer] = await asOwner(app.database)('select grants from person where id = $1', [firm.acme.viewer]);
    expect(viewer?.grants).not.toHaveProperty('billing');
  });

  test('a deactivated person is nobody any more, on every channel', async () => {
    await run(as(firm, firm.globex.clientAdmin), 'people.deactivate', { person: firm.globex.feedback });
    await expect(
      showView(app, as(firm, firm.globex.feedback), { target: 'home.work', input: {} }),
    ).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('linking a chat account', () => {
  const system = (): Who => ({ kind: 'system', tenantId: firm.tenantId, reason: 'linking' });
  const sender = {
    provider: 'slack',
    externalId: 'U-stranger',
    get account() {
      return firm.tenantId;
    },
  };

  async function askCode(email: string, externalId = sender.externalId) {
    const { output } = await run(system(), 'identity.request-code', { ...sender, externalId, email });
    return (output as { id: string }).id;
  }

  async function codeIn(person: string, link: string): Promise<string> {
    const card = await showView(app, as(firm, person, 'link', 'email'), { target: 'identity.code', input: { link } });
    return card.title.replaceAll(/\D/g, '');
  }

  test('the code sent to the verified address links the account', async () => {
    const link = await askCode(`${firm.acme.viewer}@example.com`);
    const code = await codeIn(firm.acme.viewer, link);
    const { output } = await run(system(), 'identity.confirm-code', { ...sender, link, code });

    expect(output).toMatchObject({ linked: true });
    expect(
      await asOwner(app.database)(`select person_id, proof from identity where external_id = 'U-stranger'`),
    ).toEqual([{ person_id: firm.acme.viewer, proof: 'code' }]);
  });

  test('the code stands nowhere in the database', async () => {
    const link = await askCode(`${firm.acme.approver}@example.com`);
    const code = await codeIn(firm.acme.approver, link);

    const [dump] = await asOwner(app.database)(
      `select concat((select jsonb_agg(to_jsonb(l)) from link_code l), (select jsonb_agg(to_jsonb(e)) from event e), (select jsonb_agg(to_jsonb(r)) from request r)) as text`,
    );
    expect(String(dump?.text)).toContain(link);
    expect(String(dump?.text)).not.toContain(code);
  });

  test('nobody else can read the code', async () => {
    const link = await askCode(`${firm.acme.approver}@example.com`);
    for (const other of [firm.acme.viewer, firm.member, firm.globex.approver]) {
      await expect(codeIn(other, link)).rejects.toMatchObject({ code: 'not_found' });
    }
  });

  test('wrong codes are counted and end it, even when the right one follows', async () => {
    const link = await askCode(`${firm.acme.approver}@example.com`, 'U-guesser');
    const guess = { ...sender, externalId: 'U-guesser', link, code: '00000000' };
    for (let attempt = 0; attempt < 5; attempt += 1) {
      expect((await run(system(), 'identity.confirm-code', guess)).output).toMatchObject({ linked: false });
    }
    const code = await codeIn(firm.acme.approver, link);
    await expect(run(system(), 'identity.confirm-code', { ...guess, code })).rejects.toMatchObject({
      code: 'rate_limited',
    });
  });

  test('a code is of use to the account that asked for it alone', async () => {
    const link = await askCode(`${firm.acme.approver}@example.com`, 'U-asked');
    const code = await codeIn(firm.acme.approver, link);
    const others = [
      { ...sender, externalId: 'U-thief' },
      { ...sender, externalId: 'U-asked', account: 'T-thief' },
      { ...sender, externalId: 'U-asked', provider: 'teams' },
    ];

    for (const other of others) {
      await expect(run(system(), 'identity.confirm-code', { ...other, link, code })).rejects.toMatchObject({
        code: 'not_found',
      });
    }
    expect(await asOwner(app.database)(`select id from identity where external_id in ('U-asked', 'U-thief')`)).toEqual(
      [],
    );
  });

  test('a code counts for ten minutes', async () => {
    const link = await askCode(`${firm.acme.approver}@example.com`, 'U-late');
    const code = await codeIn(firm.acme.approver, link);
    app.clock.jump(10 * 60_000 + 1_000);
    await expect(
      run(system(), 'identity.confirm-code', { ...sender, externalId: 'U-late', link, code }),
    ).rejects.toMatchObject({ code: 'conflict' });
    app.clock.jump(-(10 * 60_000 + 1_000));
  });

  test('an unknown address gets the same answer as a known one', async () => {
    const known = await run(system(), 'identity.request-code', {
      ...sender,
      externalId: 'U-a',
      email: `${firm.acme.viewer}@example.com`,
    });
    const unknown = await run(system(), 'identity.request-code', {
      ...sender,
      externalId: 'U-b',
      email: 'nobody@example.com',
    });
    const words = (card: unknown, email: string) =>
      JSON.stringify(card)
        .replaceAll(email, 'X')
        .replaceAll(/[0-9a-f-]{36}/g, 'ID');
    expect(words(unknown.card, 'nobody@example.com')).toBe(words(known.card, `${firm.acme.viewer}@example.com`));
  });

  test('one press in the mail links as well, by the person alone', async () => {
    const link = await askCode(`${firm.globex.approver}@example.com`, 'U-pressed');
    await expect(
      run(as(firm, firm.globex.viewer, 'link', 'email'), 'identity.confirm', { link }),
    ).rejects.toMatchObject({ code: 'not_found' });
    await run(as(firm, firm.globex.approver, 'link', 'email'), 'identity.confirm', { link });
    await run(system(), 'identity.attach', { link });
    expect(await asOwner(app.database)(`select person_id from identity where external_id = 'U-pressed'`)).toEqual([
      { person_id: firm.globex.approver },
    ]);
  });

  test('too many codes in an hour are refused', async () => {
    for (let asked = 0; asked < 5; asked += 1) await askCode('eager@example.com', 'U-eager');
    await expect(askCode('eager@example.com', 'U-eager')).rejects.toMatchObject({ code: 'rate_limited' });
  });
});
