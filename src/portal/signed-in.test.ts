import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runCommand } from '../core/kernel/registry.ts';
import type { TestApp } from '../testing/app.ts';
import { testApp } from '../testing/app.ts';
import { asOwner } from '../testing/database.ts';
import type { TestFirm } from '../testing/firm.ts';
import { as, makeFirm } from '../testing/firm.ts';
import { fromChat, newBrowser } from '../testing/new-browser.ts';
import { servePages } from '../testing/pages.ts';

let app: TestApp;
let firm: TestFirm;
let pages: Awaited<ReturnType<typeof servePages>>;
let origin: string;
let ticket: string;
let cycle: string;

const owner = (text: string, values?: unknown[]) => asOwner(app.database)(text, values);
const run = async (person: string, name: string, input: Record<string, string>) =>
  (await runCommand(app, as(firm, person), { name, input, requestId: crypto.randomUUID() })).output as Record<
    string,
    string
  >;

beforeAll(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
  pages = await servePages(app);
  origin = pages.origin;
  const { project } = firm.acme;
  const bug = { project, title: 'The pay button', description: 'It does nothing' };
  ticket = String((await run(firm.acme.approver, 'ticket.file-bug', bug)).id);
  const plan = { project, name: 'Checkout', startsOn: '2026-11-02', endsOn: '2026-11-27', deliverables: 'One' };
  cycle = String((await run(firm.admin, 'cycle.plan', plan)).cycle);
});
afterAll(async () => {
  await pages.stop();
  await app.close();
});

const signedIn = (person: string) => fromChat(app, as(firm, person));

/** How many rows each table has: what only looks changes none, but for the note that a session was used. */
async function rows(): Promise<Record<string, unknown>> {
  const [counted] = await owner(`select
    (select count(*) from event) as events, (select count(*) from audit) as audits, (select count(*) from request) as requests,
    (select count(*) from ticket) as tickets, (select count(*) from cycle) as cycles, (select count(*) from person) as people,
    (select count(*) from session where ended_at is null) as sessions`);
  return counted ?? {};
}

const addressOf = (target: string) => {
  const things = {
    ticket,
    cycle,
    version: '1',
    project: firm.acme.project,
    client: firm.acme.id,
    person: firm.acme.viewer,
  };
  const item = app.registry.commands.get(target) ?? app.registry.views.get(target);
  const shape = (item?.input as unknown as { shape?: Record<string, unknown> } | undefined)?.shape ?? {};
  const query = new URLSearchParams(Object.entries(things).filter(([name]) => name in shape));
  return `/app/${target}${query.size ? `?${query}` : ''}`;
};

describe('an address of the registry', () => {
  test('of every view and every command can be opened by everybody, does nothing, and never fails', async () => {
    const targets = [...app.registry.views.keys(), ...app.registry.commands.keys()];
    for (const person of [firm.admin, firm.acme.approver, firm.acme.feedback]) {
      const visitor = await signedIn(person);
      const before = await rows();
      const shown: string[] = [];
      for (const target of targets) {
        // Each from an address of its own: a person does not open eighty pages at once.
        visitor.headers['X-Forwarded-For'] = `203.0.113.${targets.indexOf(target)}`;
        app.clock.jump(2_000);
        await visitor.open(addressOf(target));
        if (visitor.status !== 404) expect({ target, status: visitor.status }).toEqual({ target, status: 200 });
        if (visitor.status === 200) shown.push(target);
      }
      expect(await rows()).toEqual(before);
      expect(shown).toContain('home.work');
    }
  });

  test('that the menu names is there for whom it is named', async () => {
    for (const person of [
      firm.admin,
      firm.partner,
      firm.member,
      firm.acme.clientAdmin,
      firm.acme.viewer,
      firm.acme.feedback,
    ]) {
      const visitor = await signedIn(person);
      const links = [...visitor.html.matchAll(/<li><a href="(\/app\/[^"]+)">/g)].map(([, path = '']) => path);
      expect(links.length).toBeGreaterThan(2);
      for (const path of new Set(links)) {
        app.clock.jump(2_000);
        await visitor.open(path);
        expect({ person, path, status: visitor.status }).toEqual({ person, path, status: 200 });
      }
    }
  });

  test('of the firm shows a contact nothing, whether view or command', async () => {
    const visitor = await signedIn(firm.acme.clientAdmin);
    for (const path of [
      '/app/home.setup',
      '/app/people.add-staff',
      '/app/people.add-client',
      `/app/cycle.note?cycle=${cycle}`,
    ]) {
      await visitor.open(path);
      expect({ path, status: visitor.status }).toEqual({ path, status: 404 });
    }
    const foreign = await signedIn(firm.globex.clientAdmin);
    for (const path of [
      `/app/ticket.show?ticket=${ticket}`,
      `/app/cycle.show?cycle=${cycle}`,
      `/app/project.show?project=${firm.acme.project}`,
    ]) {
      await foreign.open(path);
      expect({ path, status: foreign.status, leak: foreign.html.includes('The pay button') }).toEqual({
        path,
        status: 404,
        leak: false,
      });
    }
  });

  test('leads through signing in, and back to the thing', async () => {
    const visitor = newBrowser(origin);
    await visitor.open(`/app/ticket.show?ticket=${ticket}`);
    expect(visitor.at).toMatch(/^\/sign-in\?back=ticket\.show/);

    const known = await signedIn(firm.acme.approver);
    await known.open(`/app/ticket.show?ticket=${ticket}`);
    expect(known.html).toContain('The pay button');
  });

  test.each([
    '/app/ticket.show?ticket=nonsense',
    '/app/%00',
    '/app/no.such',
    '/app/..%2f..%2fetc',
    `/app/x.y?${'a'.repeat(3_000)}`,
  ])('that nobody wrote (%s) is answered with a page', async (path) => {
    const visitor = await signedIn(firm.admin);
    await visitor.open(path);
    expect(visitor.status).toBe(404);
    expect(visitor.html).toContain('</html>');
  });
});

describe('a press', () => {
  test('acts as the person who is signed in, on the portal, as surely as they signed in', async () => {
    const visitor = await signedIn(firm.acme.approver);
    await visitor.open('/app/ticket.file-change');
    await visitor.press('Ask', {
      'field-project': firm.acme.project,
      'field-title': 'A blue button',
      'field-description': 'Instead of the red one',
    });
    const [row] = await owner(`select channel, assurance, person_id from audit where command = 'ticket.file-change'`);
    expect(row).toEqual({ channel: 'portal', assurance: 'chat', person_id: firm.acme.approver });
  });

  test('says beside the field what is wrong, and keeps what was typed', async () => {
    const visitor = await signedIn(firm.admin);
    await visitor.open('/app/people.add-client');
    await visitor.press('Add a client', { 'field-name': 'Initech', 'field-timezone': 'Nowhere' });
    expect(visitor.status).toBe(422);
    expect(visitor.html).toContain('value="Initech"');
    expect(visitor.html).toContain('write it like Europe/Berlin');
  });

  test('sent twice is done once', async () => {
    const visitor = await signedIn(firm.admin);
    await visitor.open('/app/people.add-client');
    const form = { ...visitor.formOf('>Add a client</button>'), 'field-name': 'Hooli', 'field-timezone': 'UTC' };
    await visitor.send('/app', form);
    await visitor.send('/app', form);
    expect(visitor.html).toContain('This was done already');
    expect(await owner(`select from client where name = 'Hooli'`)).toHaveLength(1);
  });

  test('from another site, of another session or without one does nothing', async () => {
    const visitor = await signedIn(firm.admin);
    await visitor.open('/app/people.add-client');
    const form = { ...visitor.formOf('>Add a client</button>'), 'field-name': 'Evil', 'field-timezone': 'UTC' };

    await visitor.send('/app', form, { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' });
    expect(visitor.status).toBe(403);
    await visitor.send('/app', { ...form, seal: 'forged' });
    expect(visitor.status).toBe(403);
    const other = await signedIn(firm.partner);
    await other.send('/app', form);
    expect(other.status).toBe(403);
    const nobody = newBrowser(origin);
    await nobody.send('/app', form);
    expect(nobody.status).toBe(403);
    expect(nobody.html).toContain('You are signed out');
    expect(await owner(`select from client where name = 'Evil'`)).toEqual([]);
  });

  test('that needs a surer sign is done by whoever is signed in, and by the link of a mail not: it says where that is had', async () => {
    const input = { name: 'Vandelay', timezone: 'UTC' };
    const byLink = runCommand(app, as(firm, firm.admin, 'link', 'email'), {
      name: 'people.add-client',
      input,
      requestId: crypto.randomUUID(),
    });
    await expect(byLink).rejects.toMatchObject({
      code: 'forbidden',
      say: expect.stringContaining('or signed in to the portal'),
    });
    expect(await owner(`select from client where name = 'Vandelay'`)).toEqual([]);

    const visitor = await signedIn(firm.admin);
    await owner(`update session set assurance = 'mail' where person_id = $1`, [firm.admin]);
    await visitor.open('/app/people.add-client');
    await visitor.press('Add a client', { 'field-name': 'Vandelay', 'field-timezone': 'UTC' });
    expect(visitor.html).toContain('Vandelay is a client now.');
  });
});

test('whoever’s chat account is taken off them is signed out: it may be what signed a stranger in', async () => {
  const unlinked = app.registry.areas
    .flatMap(({ reactions }) => reactions)
    .find(({ on }) => on === 'identity.unlinked');
  expect(unlinked?.next({ about: { entity: 'person', id: firm.member } } as never)).toEqual({
    name: 'session.end-all',
    input: { person: firm.member },
  });
});
