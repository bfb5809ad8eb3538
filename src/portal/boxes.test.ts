import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { z } from 'zod';
import { areas } from '../core/areas.ts';
import { command } from '../core/kernel/command.ts';
import type { Fields } from '../core/kernel/field.ts';
import { line, several } from '../core/kernel/field.ts';
import { formCard } from '../core/kernel/form.ts';
import { area, buildRegistry } from '../core/kernel/registry.ts';
import { tickedOf } from '../core/kernel/ticks.ts';
import type { TestApp } from '../testing/app.ts';
import { testApp } from '../testing/app.ts';
import type { Browser } from '../testing/browser.ts';
import type { TestFirm } from '../testing/firm.ts';
import { as, makeFirm } from '../testing/firm.ts';
import { fromChat } from '../testing/new-browser.ts';
import { servePages } from '../testing/pages.ts';

const boxes = { parts: several({ label: 'Which parts?', hint: 'As many as you like.', most: 2 }) };
const both = { ...boxes, name: line({ label: 'Name', least: 3 }) };
const about = { entity: 'order', id: '', version: 0 };
let offered: string[];
const taken: unknown[] = [];

/** A command that asks for nothing but boxes, or for boxes and a line. */
const taking = (name: string, fields: Fields) =>
  command({
    name,
    input: z.strictObject(fields),
    form: {
      fields,
      opens: z.object({}),
      draw: async (_context, _opened, press) => {
        const parts = offered.map((value) => ({ value, label: `Part <${value}>` }));
        return formCard(press, { title: 'Take parts', submit: 'Take', about }, fields, {
          choices: { parts },
          values: { parts: 'b' },
        });
      },
    },
    load: async () => ({}),
    policy: () => true,
    handle: async ({ newId }, input) => {
      taken.push(tickedOf('parts', input.parts as string[], offered));
      return { events: [{ name: 'order.made', about: { entity: 'order', id: newId() }, data: {} }], output: {} };
    },
    reply: () => ({ title: 'Taken', tone: 'good', blocks: [], actions: [], fallback: 'Taken', about }),
  });
const orders = area({ name: 'orders', commands: [taking('order.take', boxes), taking('order.name', both)] });

let app: TestApp;
let firm: TestFirm;
let pages: Awaited<ReturnType<typeof servePages>>;
let browser: Browser;

beforeAll(async () => {
  app = await testApp();
  Object.assign(app, { registry: buildRegistry([...areas, orders]) });
  firm = await makeFirm(app.database);
  pages = await servePages(app);
  browser = await fromChat(app, as(firm, firm.admin));
});
afterAll(async () => {
  await pages.stop();
  await app.close();
});
beforeEach(() => {
  offered = ['a', 'b', 'c'];
  taken.length = 0;
});

const ticked = (values: readonly string[]) => ({ 'ticks-parts': ['', ...values] });
const checked = () => [...browser.html.matchAll(/value="(\w)" checked/g)].map(([, value]) => value);

test('boxes stand in a group with its heading and its hint, and are sent without a script', async () => {
  await browser.open('/app/order.take');

  expect(browser.html).toMatch(/<fieldset class="field" aria-describedby="field-parts-hint">\s*<legend>Which parts\?/);
  expect(browser.html).toContain('<p class="subtle" id="field-parts-hint">As many as you like.</p>');
  expect(browser.html).toContain('<input type="checkbox" name="ticks-parts" value="b" checked> Part &lt;b&gt;</label>');
  expect(checked()).toEqual(['b']);

  await browser.press('Take', ticked(['c', 'a']));

  expect(browser.html).toContain('Taken');
  expect(taken).toEqual([['a', 'c']]);
});

test('a group of which nothing is ticked is sent all the same, and means none', async () => {
  await browser.open('/app/order.take');

  await browser.press('Take');

  expect(browser.html).toContain('Taken');
  expect(taken).toEqual([[]]);
});

test('what is wrong stands beside the boxes, which stay as they were ticked', async () => {
  await browser.open('/app/order.take');

  await browser.press('Take', ticked(['a', 'b', 'c']));

  expect(browser.status).toBe(422);
  expect(browser.html).toMatch(/<fieldset class="field" aria-describedby="field-parts-hint field-parts-fault">/);
  expect(browser.html).toContain('<p class="fault" id="field-parts-fault">may have at most 2 of the choices</p>');
  expect(browser.html).toContain('value="a" checked aria-invalid="true"');
  expect(taken).toEqual([]);
});

test('what was unticked stays so while another field is mended', async () => {
  await browser.open('/app/order.name');

  await browser.press('Take', { 'field-name': 'x' });

  expect(browser.status).toBe(422);
  expect(checked()).toEqual([]);
  expect(browser.html).toContain('value="x"');
});

test.each<[string, readonly string[], string]>([
  ['was never offered', ['a', 'z'], 'there is no option z: the options are a, b, c'],
  ['is two in one', ['a,z'], 'there is no option z'],
  ['is markup', ['<b>'], 'there is no option &lt;b&gt;'],
])('a box that %s is refused beside the field, and nothing is taken', async (_what, values, fault) => {
  await browser.open('/app/order.take');

  await browser.press('Take', ticked(values));

  expect(browser.status).toBe(422);
  expect(browser.html).toContain(fault);
  expect(taken).toEqual([]);
});

test('a box that was taken back meanwhile is refused, and one that is sent twice is ticked once', async () => {
  await browser.open('/app/order.take');
  offered = ['a'];
  await browser.press('Take', ticked(['a', 'b']));
  expect(browser.html).toContain('there is no option b: the options are a');

  await browser.press('Take', ticked(['a', 'a', 'a']));
  expect(taken).toEqual([['a']]);
});

test('a thousand boxes are refused, and the page is still there', async () => {
  await browser.open('/app/order.take');

  await browser.press('Take', ticked(Array.from({ length: 1_000 }, (_, at) => `v${at}`)));

  expect([400, 413, 422]).toContain(browser.status);
  expect(taken).toEqual([]);
});

test('boxes that the form did not show are not taken', async () => {
  await browser.open('/app/order.take');

  await browser.press('Take', { ...ticked(['a']), 'ticks-name': ['', 'b'], 'ticks-nonsense': 'c' });

  expect(taken).toEqual([['a']]);
});
