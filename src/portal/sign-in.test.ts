import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { connectProven } from '../core/kernel/proven.ts';
import { runCommand, showView } from '../core/kernel/registry.ts';
import type { TestApp } from '../testing/app.ts';
import { testApp } from '../testing/app.ts';
import { Browser } from '../testing/browser.ts';
import { asOwner } from '../testing/database.ts';
import type { TestFirm } from '../testing/firm.ts';
import { as, makeFirm } from '../testing/firm.ts';
import { servePages } from '../testing/pages.ts';
import type { SignInJob } from './ask.ts';
import { sendLinks } from './ask.ts';

let app: TestApp;
let firm: TestFirm;
let pages: Awaited<ReturnType<typeof servePages>>;
let origin: string;
const logged: string[] = [];

const owner = (text: string, values?: unknown[]) => asOwner(app.database)(text, values);

beforeAll(async () => {
  app = await testApp();
  Object.assign(app, { log: pino({ level: 'trace' }, { write: (line: string) => logged.push(line) }) });
  firm = await makeFirm(app.database);
  pages = await servePages(app);
  origin = pages.origin;
});
afterAll(async () => {
  await pages.stop();
  await app.close();
});

let network = 0;
/** Each from an address of its own: what one asks for is no other's limit. */
const browser = () => {
  network += 1;
  return new Browser(origin, {
    'X-Forwarded-For': `192.0.2.${network}`,
    'User-Agent': 'Mozilla/5.0 (X11; Linux) Firefox/130.0',
  });
};
const emailOf = async (person: string) =>
  String(
    (await owner(`select external_id from identity where person_id = $1 and provider = 'email'`, [person]))[0]
      ?.external_id,
  );

/** Asks for a link, and does the worker's part: the link of the mail, or null when none was sent. */
async function askFor(visitor: Browser, email: string, at = '/sign-in'): Promise<string | null> {
  await visitor.open(at);
  await visitor.press('Send me a link', { 'field-email': email });
  expect(visitor.html).toContain('If <strong>');
  return mailedLink();
}

async function mailedLink(): Promise<string | null> {
  const job = app.asked.findLast(({ queue }) => queue === 'sign-in');
  const before = new Set((await owner('select id from sign_in')).map(({ id }) => id));
  await sendLinks(app, job?.data as SignInJob, crypto.randomUUID());
  const [row] = (await owner('select id, person_id from sign_in')).filter(({ id }) => !before.has(id));
  if (!row) return null;
  const who = as(firm, String(row.person_id), 'link', 'email');
  const card = await showView(app, who, { target: 'session.link', input: { link: String(row.id) } });
  const [action] = card.actions;
  return action?.kind === 'link' ? action.url.slice(origin.length) : null;
}

async function signIn(person: string, at?: string): Promise<Browser> {
  const visitor = browser();
  // How many may be asked for in an hour is a test of its own.
  await owner('delete from sign_in');
  const link = (await askFor(visitor, await emailOf(person), at)) ?? '';
  await visitor.open(link);
  await visitor.pressAny('Sign in as');
  return visitor;
}

describe('a link that was asked for by mail', () => {
  test('signs the browser in that asked, by a press', async () => {
    const visitor = await signIn(firm.admin);

    expect(visitor.at).toBe('/app');
    expect(visitor.html).toContain('My work');
    expect(visitor.html).toContain('Ada Admin');
  });

  test('lets an administrator who has only mail do what administrators do: add clients, invite people, connect tools', async () => {
    const visitor = await signIn(firm.admin);
    const zone = { 'field-timezone': 'Europe/Berlin' };
    await visitor.open('/app/people.add-client');
    await visitor.press('Add a client', { 'field-name': 'Initech', ...zone });
    expect(visitor.html).toContain('Initech is a client now.');
    await visitor.open('/app/people.add-staff');
    const una = { 'field-name': 'Una', 'field-email': 'una@northwind.example', 'field-role': 'member' };
    await visitor.press('Add somebody to the team', { ...una, ...zone });
    expect(visitor.html).toContain('Una is on the team now.');
    const added = await owner(
      `select channel, assurance from audit where command = 'people.add-staff' and person_id = $1`,
      [firm.admin],
    );
    expect(added).toEqual([{ channel: 'portal', assurance: 'mail' }]);

    const proof = { tool: 'jira', account: 'initech.example', name: null, credentials: { apiToken: 'token' } };
    const who = { ...as(firm, firm.admin, 'mail'), channel: 'portal' } as Parameters<typeof connectProven>[1];
    expect(await connectProven(app, who, proof, 'connect')).toMatchObject({ isNew: true });
    await visitor.open('/app/connection.list');
    await visitor.press('Show');
    await visitor.press('Disconnect…');
    await visitor.press('Disconnect');
    expect(visitor.html).toContain('is disconnected.');
  });

  test('does nothing when it is opened, whoever opens it', async () => {
    const visitor = browser();
    const link = (await askFor(visitor, await emailOf(firm.partner))) ?? '';
    const before = await owner('select count(*) as n from session');
    for (const scanner of [browser(), visitor, visitor]) await scanner.open(link);

    expect(await owner('select count(*) as n from session')).toEqual(before);
    await visitor.pressAny('Sign in as');
    expect(visitor.at).toBe('/app');
  });

  test('does not work in another browser, and is not used up by it', async () => {
    const visitor = browser();
    const link = (await askFor(visitor, await emailOf(firm.partner))) ?? '';
    const thief = browser();
    await thief.open(link);
    expect(thief.status).toBe(403);
    expect(thief.html).toContain('another browser');

    // Even with a form that a browser which may use it was shown.
    await visitor.open(link);
    await thief.send(link, visitor.formOf('Sign in as'));
    expect(thief.status).toBe(403);
    await thief.open('/app');
    expect(thief.at).toMatch('/sign-in');

    await visitor.pressAny('Sign in as');
    expect(visitor.at).toBe('/app');
  });

  test('works once', async () => {
    const visitor = await signIn(firm.partner);
    const link = visitor.history.findLast((path) => path.startsWith('/sign-in/')) ?? '';
    await visitor.open('/app');
    await visitor.press('Sign out');
    await visitor.open(link);
    await visitor.pressAny('Sign in as');

    expect(visitor.status).toBe(403);
    expect(visitor.html).toContain('used already');
  });

  test('pressed twice at once leaves one session', async () => {
    const visitor = browser();
    const link = (await askFor(visitor, await emailOf(firm.acme.viewer))) ?? '';
    await visitor.open(link);
    const form = visitor.formOf('Sign in as');
    await Promise.all([visitor.send(link, form), visitor.send(link, form)]);

    expect(await owner('select from session where person_id = $1', [firm.acme.viewer])).toHaveLength(1);
  });

  test('counts for ten minutes', async () => {
    const visitor = browser();
    const link = (await askFor(visitor, await emailOf(firm.partner))) ?? '';
    app.clock.jump(11 * 60_000);
    await visitor.open(link);

    expect(visitor.html).toContain('has expired');
    app.clock.jump(-11 * 60_000);
  });

  test('names the hub by its own address, whatever host the request names', async () => {
    const visitor = browser();
    visitor.headers.Host = 'evil.example';
    visitor.headers['X-Forwarded-Host'] = 'evil.example';
    const link = await askFor(visitor, await emailOf(firm.partner));

    expect(link).toMatch(/^\/sign-in\//);
  });

  test('takes its person where they wanted to go, and nowhere else', async () => {
    const visitor = await signIn(firm.admin, '/app/project.list?page=0');
    expect(visitor.at).toBe('/app/project.list?page=0');

    for (const back of [
      '//evil.example',
      'https://evil.example',
      '/\\evil.example',
      'project.list?x=//evil',
      'javascript:alert(1)',
    ]) {
      const other = await signIn(firm.admin, `/sign-in?back=${encodeURIComponent(back)}`);
      expect({ back, at: other.at, host: other.host }).toEqual({
        back,
        at: expect.stringMatching(/^\/app/),
        host: origin,
      });
    }
  });
});

describe('asking for a link', () => {
  test('is not the only way: the page names each chat', async () => {
    const visitor = browser();
    await visitor.open('/sign-in');

    for (const chat of ['Slack', 'Teams', 'Discord']) expect(visitor.html).toContain(`<strong>In ${chat}</strong>`);
  });

  test('is answered alike and costs the same whether or not the address is known', async () => {
    const known = browser();
    const unknown = browser();
    const asked = app.asked.length;
    await known.open('/sign-in');
    await known.press('Send me a link', { 'field-email': await emailOf(firm.member) });
    await unknown.open('/sign-in');
    await unknown.press('Send me a link', { 'field-email': 'nobody@elsewhere.example' });

    const words = (html: string) => html.replace(/<strong>[^<]*/, '');
    expect(words(known.html)).toBe(words(unknown.html));
    // What is known is looked up by a worker, later: the page did the same for both.
    expect(app.asked.slice(asked).map(({ queue }) => queue)).toEqual(['sign-in', 'sign-in']);
    expect(await mailedLink()).toBeNull();
  });

  test('fills nobody’s mailbox: five an hour are sent to one person', async () => {
    const email = await emailOf(firm.globex.viewer);
    const sent: boolean[] = [];
    for (let time = 0; time < 7; time += 1) sent.push((await askFor(browser(), email)) !== null);

    expect(sent).toEqual([true, true, true, true, true, false, false]);
  });

  test('is limited for one address of the network', async () => {
    const visitor = browser();
    const answers: number[] = [];
    for (let time = 0; time < 22; time += 1) {
      await visitor.open('/sign-in');
      await visitor.press('Send me a link', { 'field-email': `nobody${time}@elsewhere.example` });
      answers.push(visitor.status);
    }
    expect(answers.slice(0, 20)).toEqual(Array(20).fill(200));
    expect(answers.slice(20)).toEqual([429, 429]);
  });

  test('says beside the field what is no mail address, and asks nobody anything', async () => {
    const visitor = browser();
    const asked = app.asked.length;
    await visitor.open('/sign-in');
    await visitor.press('Send me a link', { 'field-email': 'not an <address>' });

    expect(visitor.status).toBe(422);
    expect(visitor.html).toContain('aria-invalid="true"');
    expect(visitor.html).toContain('not an &lt;address&gt;');
    expect(app.asked).toHaveLength(asked);
  });

  test('from another site does nothing', async () => {
    const visitor = browser();
    const asked = app.asked.length;
    await visitor.open('/sign-in');
    const form = { ...visitor.formOf('Send me a link'), 'field-email': await emailOf(firm.admin) };
    await visitor.send('/sign-in', form, { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' });

    expect(visitor.status).toBe(403);
    expect(app.asked).toHaveLength(asked);
  });
});

describe('a link from a chat', () => {
  const chatLink = async (person: string, assurance: 'chat' | 'mail' = 'chat') => {
    const card = await showView(app, as(firm, person, assurance), { target: 'session.portal', input: {} });
    const [action] = card.actions;
    return action?.kind === 'link' ? action.url.slice(origin.length) : '';
  };

  test('signs in once, in any browser, as surely as the chat account', async () => {
    const visitor = browser();
    const link = await chatLink(firm.acme.approver);
    await visitor.open(link);
    expect(visitor.html).toContain('Acme Approver');
    await visitor.pressAny('Sign in as');
    expect(visitor.at).toBe('/app');
    const [row] = await owner('select assurance from session where person_id = $1', [firm.acme.approver]);
    expect(row?.assurance).toBe('chat');

    const other = browser();
    await other.open(link);
    await other.pressAny('Sign in as');
    expect(other.html).toContain('used already');
  });

  test('signs nobody in where another site sends its form, nor a page of ours that another browser was shown', async () => {
    const link = await chatLink(firm.acme.approver);
    const [attacker, victim] = [browser(), browser()];
    await attacker.open(link);
    const form = attacker.formOf('Sign in as');

    // The victim would work, and type, as somebody else.
    await victim.send(link, {});
    await victim.send(link, form);
    await victim.open(link);
    await victim.send(link, victim.formOf('Sign in as'), {
      Origin: 'https://evil.example',
      'Sec-Fetch-Site': 'cross-site',
    });
    expect([...victim.cookies.keys()]).not.toContain('parley-session');
    await victim.open('/app');
    expect(victim.at).toMatch('/sign-in');

    await attacker.send(link, form);
    expect(attacker.at).toBe('/app');
  });

  test('is given to nobody who is not known by a chat account', async () => {
    expect(await chatLink(firm.acme.approver, 'mail')).toBe('/app');
  });

  test('names who is signed in before anything is pressed, so that nobody works in another’s name unknowingly', async () => {
    const visitor = await signIn(firm.admin);
    await visitor.open(await chatLink(firm.acme.feedback));
    expect(visitor.html).toContain('Acme Feedback');

    const held = visitor.cookies.get('parley-session');
    await visitor.pressAny('Sign in as');
    // What the browser held before counts no more, for whoever has a copy of it.
    const copy = browser();
    copy.cookies.set('parley-session', String(held));
    await copy.open('/app');
    expect(copy.at).toMatch('/sign-in');
    expect(visitor.html).toContain('Acme Feedback');
  });
});

describe('a session', () => {
  test('is new at each sign-in: a cookie that was planted signs nobody in', async () => {
    const planted = `${firm.tenantId}.${'A'.repeat(43)}`;
    const visitor = browser();
    visitor.cookies.set('parley-session', planted);
    const link = (await askFor(visitor, await emailOf(firm.member))) ?? '';
    await visitor.open(link);
    await visitor.pressAny('Sign in as');

    expect(visitor.cookies.get('parley-session')).not.toBe(planted);
    const attacker = browser();
    attacker.cookies.set('parley-session', planted);
    await attacker.open('/app');
    expect(attacker.at).toMatch('/sign-in');
  });

  test('ends when it is signed out, also for whoever copied its cookie', async () => {
    const visitor = await signIn(firm.member);
    const copy = browser();
    copy.cookies.set('parley-session', String(visitor.cookies.get('parley-session')));
    await copy.open('/app');
    expect(copy.at).toBe('/app');

    await visitor.press('Sign out');
    expect(visitor.at).toBe('/');
    await copy.open('/app');
    expect(copy.at).toMatch('/sign-in');
  });

  test('of every browser ends by signing out everywhere', async () => {
    const mine = await signIn(firm.acme.clientAdmin);
    const stolen = browser();
    stolen.cookies.set('parley-session', String(mine.cookies.get('parley-session')));
    const elsewhere = await signIn(firm.acme.clientAdmin);

    await elsewhere.open('/app/session.list');
    expect(elsewhere.html.match(/Firefox on Linux/g)).toHaveLength(2);
    await elsewhere.press('Sign out everywhere');

    for (const one of [mine, stolen, elsewhere]) {
      await one.open('/app');
      expect(one.at).toMatch('/sign-in');
    }
  });

  test('ends after a day without use, and after two weeks of use', async () => {
    const hour = 3_600_000;
    const visitor = await signIn(firm.globex.clientAdmin);
    for (let day = 0; day < 14; day += 1) {
      app.clock.jump(23 * hour);
      await visitor.open('/app');
      expect(visitor.at).toBe('/app');
    }
    // Used fifteen hours ago, and two weeks and an hour old.
    app.clock.jump(15 * hour);
    await visitor.open('/app');
    expect(visitor.at).toMatch('/sign-in');

    const idle = await signIn(firm.globex.clientAdmin);
    app.clock.jump(25 * hour);
    await idle.open('/app');
    expect(idle.at).toMatch('/sign-in');
    app.clock.jump(-(14 * 23 + 15 + 25) * hour);
  });

  test('of somebody who lost their access shows nothing any more, at once and for good', async () => {
    const visitor = await signIn(firm.globex.approver);
    const input = { person: firm.globex.approver };
    await runCommand(app, as(firm, firm.admin), { name: 'people.deactivate', input, requestId: 'gone' });

    await visitor.open('/app');
    expect(visitor.at).toMatch('/sign-in');
    const { reactions = [] } = app.registry.areas.find(({ name }) => name === 'sessions') ?? {};
    const end = reactions.find(({ on }) => on === 'people.deactivated');
    const [event] = await owner(`select * from event where name = 'people.deactivated'`);
    const next = end?.next({ about: { entity: 'person', id: event?.entity_id } } as never);
    await runCommand(app, { kind: 'system', tenantId: firm.tenantId, reason: 'test' }, {
      ...next,
      requestId: 'end',
    } as never);
    await owner('update person set active = true where id = $1', [firm.globex.approver]);
    await visitor.open('/app');
    expect(visitor.at).toMatch('/sign-in');
  });

  test('is told to its person on their channels, with the way to end it', async () => {
    await signIn(firm.partner);
    const [event] = await owner(`select entity_id, data from event where name = 'session.begun' order by seq desc`);
    const announcement = app.registry.areas
      .flatMap(({ announcements }) => announcements)
      .find(({ on }) => on === 'session.begun');
    expect(announcement?.audience(event as never)).toEqual([{ person: firm.partner, everywhere: true }]);

    const who = as(firm, firm.partner, 'link', 'email');
    const card = await showView(app, who, {
      target: 'session.begun-notice',
      input: { session: String(event?.entity_id) },
    });
    expect(card.fallback).toMatch(/^A browser is signed in as you: Firefox on Linux, from 192\.0\.2\.\d+\.$/);
    const [notMe] = card.actions;
    const press = notMe?.kind === 'button' ? notMe.press : { target: '', input: {} };
    await runCommand(app, who, { name: press.target, input: press.input, requestId: 'not me' });
    expect(await owner('select from session where id = $1 and ended_at is not null', [event?.entity_id])).toHaveLength(
      1,
    );
  });

  test('of one person is nobody else’s to see or end', async () => {
    const visitor = await signIn(firm.admin);
    const [row] = await owner(
      'select id from session where person_id = $1 and ended_at is null order by created_at desc',
      [firm.admin],
    );
    for (const [other, forbidden] of [
      [firm.partner, 'forbidden'],
      // A contact is not told that there is such a person.
      [firm.acme.clientAdmin, 'not_found'],
    ] as const) {
      const input = { session: String(row?.id) };
      await expect(
        runCommand(app, as(firm, other), { name: 'session.end', input, requestId: crypto.randomUUID() }),
      ).rejects.toMatchObject({ code: 'not_found' });
      await expect(
        runCommand(app, as(firm, other), {
          name: 'session.end-all',
          input: { person: firm.admin },
          requestId: crypto.randomUUID(),
        }),
      ).rejects.toMatchObject({ code: forbidden });
    }
    await visitor.open('/app');
    expect(visitor.at).toBe('/app');
  });

  test('is stored as a hash, and no key of it stands in the log', async () => {
    const visitor = await signIn(firm.admin);
    const [, token = ''] = String(visitor.cookies.get('parley-session')).split('.');
    const everything = JSON.stringify([
      await owner('select * from session'),
      await owner('select * from event'),
      await owner('select * from audit'),
      await owner('select * from request'),
    ]);

    expect(token).toHaveLength(43);
    expect(everything).not.toContain(token);
    expect(logged.join('')).not.toContain(token);
    expect(logged.join('')).not.toContain('/sign-in/');
  });
});

test('where the portal is reached by https its cookies are for this host alone', async () => {
  const secure = await servePages(app, { publicUrl: 'https://parley.example' });
  const visitor = new Browser(secure.origin, {});
  await visitor.open('/sign-in');
  await visitor.press('Send me a link', { 'field-email': 'nobody@elsewhere.example' });
  await secure.stop();

  expect(visitor.set.find((line) => line.startsWith('__Host-parley-browser='))).toMatch(
    /; Path=\/; Secure; Max-Age=\d+; HttpOnly; SameSite=Lax$/,
  );
});
