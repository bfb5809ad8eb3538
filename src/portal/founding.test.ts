import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { TestApp } from '../testing/app.ts';
import { testApp } from '../testing/app.ts';
import { Browser } from '../testing/browser.ts';
import { asOwner } from '../testing/database.ts';
import { servePages } from '../testing/pages.ts';
import { inviteFirm, offerFounding } from './founding.ts';

let app: TestApp;
let pages: Awaited<ReturnType<typeof servePages>>;
let origin: string;

const owner = (text: string, values?: unknown[]) => asOwner(app.database)(text, values);
const visitor = () => new Browser(origin, {});
const offered = async () => String(await offerFounding(app)).slice(origin.length);
const typed = {
  'field-firm': 'Northwind Studio',
  'field-name': 'Ada Admin',
  'field-email': 'Ada@Northwind.example',
  'field-timezone': 'Europe/Berlin',
};

beforeEach(async () => {
  app = await testApp();
  pages = await servePages(app);
  origin = pages.origin;
});
afterEach(async () => {
  await pages.stop();
  await app.close();
});

test('the printed address makes the firm and its first administrator, who is signed in at once', async () => {
  const browser = visitor();
  await browser.open(await offered());
  expect(await owner('select from firm')).toEqual([]);
  await browser.press('Make the firm', typed);

  expect(browser.at).toBe('/app/home.setup');
  expect(browser.html).toContain('Northwind Studio');
  expect(browser.html).toContain('Add a client…');
  expect(await owner('select name, timezone from firm')).toEqual([
    { name: 'Northwind Studio', timezone: 'Europe/Berlin' },
  ]);
  expect(await owner('select name, role, side from person')).toEqual([
    { name: 'Ada Admin', role: 'admin', side: 'staff' },
  ]);
  expect(await owner('select external_id from identity')).toEqual([{ external_id: 'ada@northwind.example' }]);
});

test('the administrator may do what a firm begins with', async () => {
  const browser = visitor();
  await browser.open(await offered());
  await browser.press('Make the firm', typed);
  await browser.open('/app/people.add-client');
  await browser.press('Add a client', { 'field-name': 'Acme', 'field-timezone': 'America/New_York' });

  expect(browser.html).toContain('Acme is a client now.');
});

test('the address is dead after that, whoever has it, and no new one is offered', async () => {
  const [address, other] = [await offered(), await offered()];
  const browser = visitor();
  await browser.open(address);
  const form = browser.formOf('Make the firm');
  await browser.press('Make the firm', typed);

  for (const dead of [address, other]) {
    const late = visitor();
    await late.open(dead);
    expect(late.status).toBe(410);
  }
  await browser.send(address, { ...form, ...typed, 'field-email': 'mallory@evil.example' });
  expect(browser.status).toBe(410);
  expect(await owner('select from person')).toHaveLength(1);
  expect(await offerFounding(app)).toBeNull();
});

test('two processes that start at once print an address each, and one of them founds', async () => {
  const browsers = [visitor(), visitor()];
  for (const browser of browsers) await browser.open(await offered());
  await Promise.all(
    browsers.map((browser, index) => browser.press('Make the firm', { ...typed, 'field-firm': `Firm ${index}` })),
  );

  expect(browsers.map(({ at }) => at).filter((at) => at === '/app/home.setup')).toHaveLength(1);
  expect(await owner('select from firm')).toHaveLength(1);
  expect(await owner('select from person')).toHaveLength(1);
  expect(await owner('select from session')).toHaveLength(1);
});

test('a press that ended between the firm and its administrator can be repeated', async () => {
  const address = await offered();
  const browser = visitor();
  await browser.open(address);
  const { commands } = app.registry as unknown as { commands: Map<string, unknown> };
  const add = commands.get('people.add-staff');
  commands.set('people.add-staff', { ...(add as object), handle: () => Promise.reject(new Error('killed')) });
  await browser.press('Make the firm', typed);
  expect(browser.status).toBe(503);
  expect(await owner('select from firm')).toHaveLength(1);

  commands.set('people.add-staff', add);
  await browser.open(address);
  await browser.press('Make the firm', { ...typed, 'field-firm': 'Northwind' });
  expect(browser.at).toBe('/app/home.setup');
  expect(await owner('select name from firm')).toEqual([{ name: 'Northwind' }]);
});

test('what is typed wrongly is said beside its field, and nothing is made', async () => {
  const browser = visitor();
  await browser.open(await offered());
  await browser.press('Make the firm', {
    ...typed,
    'field-email': 'ada',
    'field-timezone': 'Berlin',
    'field-firm': '',
  });

  expect(browser.status).toBe(422);
  expect(browser.html.match(/aria-invalid="true"/g)).toHaveLength(3);
  expect(browser.html).toContain('write it like Europe/Berlin');
  expect(await owner('select from firm')).toEqual([]);
});

test('a made-up address, an old one, and a form of another site found nothing', async () => {
  const browser = visitor();
  await browser.open(`/begin/${'A'.repeat(43)}`);
  expect(browser.status).toBe(410);

  const address = await offered();
  await browser.open(address);
  const form = { ...browser.formOf('Make the firm'), ...typed };
  await browser.send(address, form, { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' });
  expect(browser.status).toBe(403);

  await owner(`update gate.founding set created_at = now() - interval '25 hours'`);
  await browser.open(address);
  expect(browser.status).toBe(410);
  expect(await owner('select from firm')).toEqual([]);
});

test('of the address only a hash is kept', async () => {
  const address = await offered();
  expect(JSON.stringify(await owner('select * from gate.founding'))).not.toContain(address.split('/').at(-1));
});

describe('the address for one more firm', () => {
  const invited = async () => (await inviteFirm(app)).slice(origin.length);
  const second = {
    ...typed,
    'field-firm': 'Second Studio',
    'field-name': 'Sam Second',
    'field-email': 'sam@second.example',
  };

  test('makes it beside the others, whose people and things its administrator does not see', async () => {
    const [first, later] = [visitor(), visitor()];
    await first.open(await offered());
    await first.press('Make the firm', typed);
    await first.open('/app/people.add-client');
    await first.press('Add a client', { 'field-name': 'Acme', 'field-timezone': 'America/New_York' });
    await later.open(await invited());
    await later.press('Make the firm', second);

    expect(later.at).toBe('/app/home.setup');
    expect(later.html).toContain('Second Studio');
    for (const page of ['project.open', 'people.change-role', 'people.assign']) {
      await later.open(`/app/${page}`);
      expect(later.html).not.toMatch(/Northwind|Ada Admin|Acme/);
    }
    expect(await owner('select name from firm order by name')).toEqual([
      { name: 'Northwind Studio' },
      { name: 'Second Studio' },
    ]);
  });

  test('is dead once it was used, and leaves those of other firms alone', async () => {
    const [address, another] = [await invited(), await invited()];
    const browsers = [visitor(), visitor(), visitor()];
    for (const browser of browsers.slice(0, 2)) await browser.open(address);
    await browsers[0]?.press('Make the firm', typed);
    await browsers[1]?.press('Make the firm', second);
    expect(browsers[1]?.status).toBe(410);
    await browsers[2]?.open(another);
    await browsers[2]?.press('Make the firm', second);

    expect(browsers[2]?.at).toBe('/app/home.setup');
    expect(await owner('select from firm')).toHaveLength(2);
  });

  test('counts for seven days', async () => {
    const [old, young] = [await invited(), await invited()];
    const browser = visitor();
    await owner(`update gate.founding set created_at = now() - interval '6 days'`);
    await browser.open(young);
    expect(browser.status).toBe(200);
    await owner(`update gate.founding set created_at = now() - interval '8 days'`);
    await browser.open(old);
    expect(browser.status).toBe(410);
  });
});
