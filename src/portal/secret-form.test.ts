import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { z } from 'zod';
import { areas } from '../core/areas.ts';
import type { Assurance } from '../core/kernel/actor.ts';
import type { Card } from '../core/kernel/card.ts';
import { command } from '../core/kernel/command.ts';
import { line } from '../core/kernel/field.ts';
import { formCard } from '../core/kernel/form.ts';
import { readSignIn } from '../core/kernel/links.ts';
import { area, buildRegistry, showView } from '../core/kernel/registry.ts';
import type { TestApp } from '../testing/app.ts';
import { testApp } from '../testing/app.ts';
import { Browser } from '../testing/browser.ts';
import { asOwner } from '../testing/database.ts';
import type { TestFirm } from '../testing/firm.ts';
import { makeFirm } from '../testing/firm.ts';
import { servePages } from '../testing/pages.ts';

const fields = { token: line({ label: 'Token', secret: true, least: 8 }) };
const about = { entity: 'safe', id: '', version: 0 };
const given: string[] = [];

/** A command that asks for a secret, as those do that connect an account. */
const keep = command({
  name: 'safe.keep',
  input: z.strictObject({ token: fields.token }),
  form: {
    fields,
    opens: z.object({}),
    draw: async (_context, _opened, press) =>
      formCard(press, { title: 'Keep a token', submit: 'Keep', about }, fields, {}),
  },
  load: async () => ({}),
  policy: () => true,
  handle: async ({ newId }, { token }) => {
    given.push(token);
    return { events: [{ name: 'safe.kept', about: { entity: 'safe', id: newId() }, data: {} }], output: {} };
  },
  reply: () => ({ title: 'Kept', tone: 'good', blocks: [], actions: [], fallback: 'Kept', about }),
});
const safe = area({ name: 'safe', commands: [keep] });

let app: TestApp;
let firm: TestFirm;
let pages: Awaited<ReturnType<typeof servePages>>;
let origin: string;

beforeAll(async () => {
  app = await testApp();
  Object.assign(app, { registry: buildRegistry([...areas, safe]) });
  firm = await makeFirm(app.database);
  pages = await servePages(app);
  origin = pages.origin;
});
afterAll(async () => {
  await pages.stop();
  await app.close();
});

const show = (assurance: Assurance, channel: string) =>
  showView(
    app,
    { kind: 'person', tenantId: firm.tenantId, personId: firm.admin, assurance, channel },
    { target: 'safe.keep', input: {} },
  );
const linkOn = ({ actions }: Card) => {
  const [action] = actions;
  return action?.kind === 'link' ? action.url.slice(origin.length) : '';
};

test('what is secret is asked for on the pages alone: in a chat its card leads there, signed in', async () => {
  for (const channel of ['slack', 'teams', 'discord']) {
    const card = await show('chat', channel);
    expect(card.blocks.map(({ kind }) => kind)).toEqual(['text']);
    const token = linkOn(card).replace('/sign-in/', '');
    expect(readSignIn(app.secrets, token, app.clock.now())).toMatchObject({ back: 'safe.keep', personId: firm.admin });
  }
  expect(linkOn(await show('link', 'email'))).toBe('/app/safe.keep');
});

test('it is typed into a field that shows nothing, and is never shown again, whatever is wrong with it', async () => {
  const browser = new Browser(origin, {});
  await browser.open(linkOn(await show('chat', 'slack')));
  await browser.pressAny('Sign in as');
  expect(browser.at).toBe('/app/safe.keep');
  expect(browser.html).toMatch(/<input type="password" autocomplete="off" id="field-token"/);

  await browser.press('Keep', { 'field-token': 'xoxb-1' });
  expect(browser.status).toBe(422);
  expect(browser.html).toContain('aria-invalid="true"');
  expect(browser.html).not.toContain('xoxb-1');

  await browser.press('Keep', { 'field-token': 'xoxb-12345678' });
  expect(browser.html).toContain('Kept');
  expect(browser.html).not.toContain('xoxb-12345678');
  expect(given).toEqual(['xoxb-12345678']);
  const stored = await asOwner(app.database)(
    'select row_to_json(r)::text from request r union all select row_to_json(a)::text from audit a',
  );
  expect(JSON.stringify(stored)).not.toContain('xoxb-12345678');
});
