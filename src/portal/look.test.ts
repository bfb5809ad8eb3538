import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Who } from '../core/kernel/actor.ts';
import { withActor } from '../core/kernel/context.ts';
import { runCommand, showView } from '../core/kernel/registry.ts';
import type { TestApp } from '../testing/app.ts';
import { testApp } from '../testing/app.ts';
import type { Browser } from '../testing/browser.ts';
import { asOwner } from '../testing/database.ts';
import type { TestFirm } from '../testing/firm.ts';
import { as, makeFirm } from '../testing/firm.ts';
import { fromChat, newBrowser } from '../testing/new-browser.ts';
import { servePages } from '../testing/pages.ts';

let app: TestApp;
let firm: TestFirm;
let pages: Awaited<ReturnType<typeof servePages>>;
let cycle: string;
let ticket: string;

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
  const { project } = firm.acme;
  const bug = { project, title: 'The pay button', description: 'It does nothing' };
  ticket = String((await run(firm.acme.approver, 'ticket.file-bug', bug)).id);
  await run(firm.admin, 'ticket.note', { ticket, body: 'They always say that' });
  const plan = { project, name: 'Checkout', startsOn: '2026-11-02', endsOn: '2026-11-27', deliverables: 'One' };
  cycle = String((await run(firm.admin, 'cycle.plan', plan)).cycle);
});
afterAll(async () => {
  await pages.stop();
  await app.close();
});

const signedIn = (person: string) => fromChat(app, as(firm, person));

/** Signed in, on the first page that somebody of a client sees. */
async function looking(person: string, at: string): Promise<Browser> {
  const visitor = await signedIn(person);
  await visitor.open(`/app/people.show?person=${at}`);
  await visitor.press('See it as they do');
  await visitor.press('Open what they see');
  return visitor;
}

const pathOf = ({ at }: Browser) => at.split('/').slice(0, 4).join('/');
const eyesOf = (person: string, look: string): Who => ({
  kind: 'person',
  tenantId: firm.tenantId,
  personId: person,
  channel: 'portal',
  assurance: 'mail',
  look,
});

describe('a member of the team who looks', () => {
  test('sees the contact’s own pages, under the words that say so', async () => {
    const visitor = await looking(firm.admin, firm.acme.approver);

    expect(visitor.status).toBe(200);
    expect(visitor.at).toMatch(/^\/app\/as\/[0-9a-f-]{36}$/);
    expect(visitor.html).toContain('You see this as <strong>Acme Approver of Acme</strong> sees it, until ');
    expect(visitor.html).toContain('Nothing can be done here');
    expect(visitor.html).not.toContain('Add somebody to the team');
    expect(visitor.html).not.toContain('Sign out');
    // All that the menu names is there.
    const links = [...visitor.html.matchAll(/<li><a href="(\/app\/as\/[^"]+)">/g)].map(([, path = '']) => path);
    expect(links.length).toBeGreaterThan(5);
    for (const path of new Set(links)) {
      app.clock.jump(2_000);
      await visitor.open(path);
      expect({ path, status: visitor.status }).toEqual({ path, status: 200 });
    }

    await visitor.open(`${pathOf(visitor)}/ticket.show?ticket=${ticket}`);
    expect(visitor.html).toContain('The pay button');
    expect(visitor.html).not.toContain('They always say that');
    // Another client's things are not there, though the administrator may see those.
    const globex = await run(firm.admin, 'cycle.plan', {
      project: firm.globex.project,
      name: 'Secret plan',
      startsOn: '2026-11-02',
      endsOn: '2026-11-27',
      deliverables: 'One',
    });
    await visitor.open(`${pathOf(visitor)}/cycle.show?cycle=${globex.cycle}`);
    expect(visitor.status).toBe(404);
    expect(visitor.html).toContain('You see this as');
  });

  test('finds every button that they have, and can press none that does something', async () => {
    const visitor = await looking(firm.admin, firm.acme.approver);
    await visitor.open(`${pathOf(visitor)}/cycle.show?cycle=${cycle}`);

    const own = await showView(app, eyesOf(firm.acme.approver, crypto.randomUUID()), {
      target: 'cycle.show',
      input: { cycle },
    });
    const labels = own.actions.map(({ label }) => label);
    expect(labels).toContain('Approve');
    for (const label of labels) expect(visitor.html).toContain(`>${label}</button>`);
    expect(visitor.html).toMatch(/<fieldset class="looked" disabled><button class="button primary">Approve/);
    expect(visitor.html).not.toContain('method="post"');

    // What only shows something is one press away.
    await visitor.press('History');
    expect(visitor.at).toContain(`${pathOf(visitor)}/cycle.history?cycle=`);
    expect(visitor.status).toBe(200);
    expect(visitor.html).toContain('You see this as');
  });

  test('gets the files that were sent there', async () => {
    const asked = { project: firm.acme.project, kind: 'files', title: 'The logo' };
    const requirement = String((await run(firm.admin, 'requirement.ask', asked)).id);
    const theirs = await signedIn(firm.acme.approver);
    await theirs.open(`/app/requirement.provide-files?requirement=${requirement}&version=1`);
    const logo = { field: 'field-files', name: 'logo.png', type: 'image/png', content: 'a logo' };
    await theirs.pressWithFiles('Send the files', [logo]);
    expect(theirs.html).toContain('is provided with 1 file');

    const visitor = await looking(firm.member, firm.acme.approver);
    const at = pathOf(visitor);
    await visitor.open(`${at}/requirement.show?requirement=${requirement}`);
    const [, file = ''] = /href="([^"]+)"[^>]*download>Get</.exec(visitor.html) ?? [];
    expect(file).toContain(`${at}/requirement.file?file=`);
    await visitor.open(file);
    expect({ status: visitor.status, content: visitor.html }).toEqual({ status: 200, content: 'a logo' });
  });

  test('is on record with each page, before it is shown, and the client reads it', async () => {
    const visitor = await looking(firm.member, firm.acme.viewer);
    const look = String(pathOf(visitor).split('/').at(-1));
    await visitor.open(`${pathOf(visitor)}/ticket.show?ticket=${ticket}`);

    expect(await owner('select pages, by_name, person_id, client_id from look where id = $1', [look])).toEqual([
      { pages: 2, by_name: 'Mia Member', person_id: firm.acme.viewer, client_id: firm.acme.id },
    ]);
    const events = await owner(
      `select name, client_id, data ->> 'page' as page from event where (entity = 'look' and entity_id = $1) or data ->> 'look' = $1::text order by seq`,
      [look],
    );
    expect(events.map(({ name }) => name)).toEqual(['people.seen-as', 'people.looked', 'people.looked']);
    expect(events.map(({ client_id }) => client_id)).toEqual([firm.acme.id, firm.acme.id, firm.acme.id]);
    expect(events.map(({ page }) => page)).toEqual([
      null,
      'home.work',
      expect.stringMatching(/^ticket\.show\?ticket=/),
    ]);

    const list = { target: 'people.looks', input: {} };
    expect(JSON.stringify(await showView(app, as(firm, firm.acme.clientAdmin), list))).toContain(
      'Mia Member saw what Acme Viewer of Acme sees',
    );
    expect(JSON.stringify(await showView(app, as(firm, firm.globex.clientAdmin), list))).not.toContain('Acme');
    await expect(showView(app, as(firm, firm.acme.viewer), list)).rejects.toMatchObject({ code: 'forbidden' });
  });

  test('looks from a chat too: the button leads to the pages, signed in', async () => {
    const { output, card } = await runCommand(app, as(firm, firm.admin), {
      name: 'people.see-as',
      input: { person: firm.acme.viewer },
      requestId: crypto.randomUUID(),
    });
    expect(JSON.stringify(card)).toContain('For 30 minutes you can see what Acme Viewer sees.');
    const look = String((output as { look: string }).look);
    const visitor = await fromChat(app, as(firm, firm.admin), { target: 'people.look', input: { look } });
    expect(visitor.at).toBe(`/app/as/${look}`);
    expect(visitor.html).toContain('Acme Viewer of Acme');
  });
});

describe('a look ends', () => {
  test('after half an hour, and says so', async () => {
    const visitor = await looking(firm.admin, firm.acme.approver);
    app.clock.jump(30 * 60_000 + 1_000);
    await visitor.open(pathOf(visitor));
    expect(visitor.status).toBe(410);
    expect(visitor.html).toContain('You do not see this any more');
    expect(visitor.html).not.toContain('The pay button');
  });

  test('when its person has no access any more, or whoever looks does not see them any more', async () => {
    const { id: gone } = await run(firm.admin, 'people.add-contact', {
      client: firm.acme.id,
      name: 'Gone Soon',
      email: `${crypto.randomUUID()}@example.com`,
      role: 'client_admin',
      timezone: 'Europe/Berlin',
    });
    const visitor = await looking(firm.member, String(gone));
    expect(visitor.html).toContain('Gone Soon of Acme');
    await run(firm.admin, 'people.unassign', { person: firm.member, client: firm.acme.id });
    await visitor.open(pathOf(visitor));
    expect(visitor.status).toBe(410);
    await run(firm.admin, 'people.assign', { person: firm.member, client: firm.acme.id });
    await visitor.open(pathOf(visitor));
    expect(visitor.status).toBe(200);
    await run(firm.admin, 'people.deactivate', { person: String(gone) });
    await visitor.open(pathOf(visitor));
    expect(visitor.status).toBe(410);
  });

  test('and is nobody else’s: neither another one’s of the team, nor the contact’s, nor a stranger’s', async () => {
    const at = pathOf(await looking(firm.admin, firm.acme.approver));
    for (const person of [firm.partner, firm.acme.approver]) {
      const other = await signedIn(person);
      await other.open(at);
      expect({ person, status: other.status }).toEqual({ person, status: 410 });
      expect(other.html).not.toContain('Acme Approver of Acme');
    }
    const nobody = newBrowser(pages.origin);
    await nobody.open(at);
    expect(nobody.at).toMatch(/^\/sign-in\?back=people\.look/);
    for (const path of ['/app/as/nonsense', '/app/as/nonsense/home.work', `${at}x`]) {
      const visitor = await signedIn(firm.admin);
      await visitor.open(path);
      expect({ path, status: visitor.status }).toEqual({ path, status: 410 });
    }
  });
});

describe('nobody sees through other eyes', () => {
  test('what their own rights hide from them', async () => {
    const visitor = await looking(firm.member, firm.acme.approver);
    await run(firm.admin, 'people.set-grant', { person: firm.member, module: 'billing', level: 'none' });

    await visitor.open(pathOf(visitor));
    expect(visitor.status).toBe(410);
    await expect(run(firm.member, 'people.see-as', { person: firm.acme.approver })).rejects.toMatchObject({
      code: 'forbidden',
    });
    await run(firm.admin, 'people.set-grant', { person: firm.member, module: 'billing', level: 'role' });
  });

  test('what a colleague sees, or what somebody of another’s client does', async () => {
    await expect(run(firm.admin, 'people.see-as', { person: firm.partner })).rejects.toMatchObject({
      code: 'conflict',
    });
    await expect(run(firm.member, 'people.see-as', { person: firm.globex.approver })).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(run(firm.acme.clientAdmin, 'people.see-as', { person: firm.acme.viewer })).rejects.toMatchObject({
      code: 'forbidden',
    });
  });

  test('what would let them act as the other: codes, links that sign in, where the other is signed in', async () => {
    const { approver } = firm.acme;
    const theirs = await signedIn(approver);
    const system = { kind: 'system', tenantId: firm.tenantId, reason: 'a test' } as const;
    const asked = (name: string, input: Record<string, string>) =>
      runCommand(app, system, { name, input, requestId: crypto.randomUUID() });
    const code = (
      await asked('identity.request-code', {
        provider: 'slack',
        account: firm.tenantId,
        externalId: 'U-other',
        email: `${approver}@example.com`,
      })
    ).output as { id: string };
    const link = (
      await asked('session.ask-link', {
        email: `${approver}@example.com`,
        browser: 'b',
        device: 'Firefox',
        place: '192.0.2.1',
        back: '',
      })
    ).output as { id: string };
    const invitation = (await asked('session.invite', { person: approver, by: 'Ada Admin' })).output as { id: string };

    const visitor = await looking(firm.admin, approver);
    const at = pathOf(visitor);
    for (const page of [
      `identity.code?link=${code.id}`,
      `session.link?link=${link.id}`,
      `session.invitation?invitation=${invitation.id}`,
      'session.list',
    ]) {
      await visitor.open(`${at}/${page}`);
      expect({ page, status: visitor.status }).toEqual({ page, status: 404 });
    }
    await visitor.open(`${at}/session.portal`);
    expect(visitor.html).not.toContain('/sign-in/');
    await theirs.open('/app/session.list');
    expect(theirs.status).toBe(200);
  });
});

describe('nothing is done in a look', () => {
  test('by no command, whatever door it comes through', async () => {
    const who = eyesOf(firm.acme.approver, crypto.randomUUID());
    const { length } = await owner('select id from event');
    for (const [name, input] of [
      ['cycle.approve', { cycle, version: '1' }],
      ['ticket.file-bug', { project: firm.acme.project, title: 'Not me', description: 'Not me' }],
      ['session.end-all', {}],
    ] as const)
      await expect(runCommand(app, who, { name, input, requestId: crypto.randomUUID() })).rejects.toMatchObject({
        code: 'forbidden',
        say: expect.stringContaining('Nothing can be done here'),
      });
    expect((await owner('select id from event')).length).toBe(length);
  });

  test('because the database refuses it as well', async () => {
    const { approver } = firm.acme;
    const write = (who: Who) =>
      withActor(app, who, ({ sql }) => sql`update session set ended_at = now() where person_id = ${approver}`);
    await expect(write(as(firm, approver))).resolves.toEqual([]);
    await expect(write(eyesOf(approver, crypto.randomUUID()))).rejects.toThrow();
  });

  test('by opening any page of the registry, which are all there as they are for the contact', async () => {
    const visitor = await looking(firm.admin, firm.acme.clientAdmin);
    const at = pathOf(visitor);
    const things = { ticket, cycle, version: '1', project: firm.acme.project, client: firm.acme.id };
    const rows = async () =>
      (await owner('select (select count(*) from ticket) as tickets, (select count(*) from cycle) as cycles'))[0];
    const before = await rows();
    let shown = 0;
    for (const [place, target] of [...app.registry.views.keys(), ...app.registry.commands.keys()].entries()) {
      const item = app.registry.commands.get(target) ?? app.registry.views.get(target);
      const shape = (item?.input as unknown as { shape?: Record<string, unknown> } | undefined)?.shape ?? {};
      const query = new URLSearchParams(Object.entries(things).filter(([name]) => name in shape));
      visitor.headers['X-Forwarded-For'] = `203.0.113.${place % 250}`;
      app.clock.jump(2_000);
      await visitor.open(`${at}/${target}${query.size ? `?${query}` : ''}`);
      if (visitor.status === 410) break;
      expect({ target, status: [200, 404].includes(visitor.status) }).toEqual({ target, status: true });
      if (visitor.status === 200) {
        shown += 1;
        expect({ target, posts: visitor.html.includes('method="post"') }).toEqual({ target, posts: false });
      }
    }
    expect(shown).toBeGreaterThan(20);
    expect(await rows()).toEqual(before);
  });
});
