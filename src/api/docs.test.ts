import { expect, test } from '@jest/globals';
import { areas } from '../core/areas.ts';
import { buildRegistry } from '../core/kernel/registry.ts';
import type { Description } from './docs.ts';
import { docsHome, docsOfArea, docsOfWebhooks } from './docs.ts';
import { openApiOf } from './openapi.ts';
import { fieldsOf, typeOf } from './schema-words.ts';
import { servedOf } from './served.ts';

const places = { base: 'https://parley.test/api/v1', style: 'https://parley.test/portal.css' };
const described = openApiOf(servedOf(buildRegistry(areas)), places.base) as Description;
const pages = described.tags.map(({ name }) => [name, docsOfArea(described, name, places) ?? ''] as const);

test('the first page leads to every area, and each page shows each operation once, with its path and its fields', () => {
  const home = docsHome(described, places);
  for (const [name] of pages) expect(home).toContain(`href="https://parley.test/api/v1/docs/${name}"`);
  const all = pages.map(([, page]) => page).join('');
  const operations = Object.entries(described.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId }]) => ({ path, method: method.toUpperCase(), operationId })),
  );

  expect(operations.length).toBeGreaterThan(150);
  for (const { path, method, operationId } of operations) {
    expect(all.split(`id="${operationId}"`)).toHaveLength(2);
    expect(all).toContain(`href="#${operationId}"`);
    expect(all).toContain(`<code>${method} ${path}</code>`);
  }
  expect(pages.find(([name]) => name === 'invoice')?.[1]).toMatch(
    /<code>items\[\]\.gross<\/code><\/dt><dd>[^<]+<span class="detail">integer/,
  );
});

test('an area that is none has no page', () => {
  expect(docsOfArea(described, 'constructor', places)).toBeNull();
});

test('the page of webhooks shows each kind of event once, with the fields of what is sent', () => {
  const page = docsOfWebhooks(described, places);

  expect(docsHome(described, places)).toContain('href="https://parley.test/api/v1/docs/webhooks"');
  expect(Object.keys(described.webhooks).length).toBeGreaterThan(50);
  for (const [name, { post }] of Object.entries(described.webhooks)) {
    expect(page.split(`<h2 id="${post.operationId}"><code>${name}</code></h2>`)).toHaveLength(2);
    expect(page).toContain(`href="#${post.operationId}"`);
  }
  const [, declined = ''] = page.split('id="onTicketDeclined"');
  expect(declined.split('</section>')[0]).toContain('<code>data.facts.statusNote</code>');
  expect(page).toContain('<code>webhook-signature</code>');
});

test('what the description says is text, and no markup but the simplest of Markdown', () => {
  const evil = '<script>alert(1)</script>';
  const tag = { name: 'evil', description: evil };
  const operation = {
    ...{ operationId: 'evil', summary: evil, tags: ['evil'] },
    parameters: [{ name: evil, in: 'query', description: evil, schema: { enum: [evil] } }],
    responses: { 200: { description: evil } },
  };
  const poisoned = {
    ...described,
    ...{ tags: [tag], paths: { '/evil': { get: operation } }, webhooks: { [evil]: { post: operation } } },
    info: { title: evil, description: `${evil} \`a\` **b**\n\n- one ${evil}\n- two` },
  } as Description;
  const home = docsHome(poisoned, places);

  expect(home + docsOfArea(poisoned, 'evil', places) + docsOfWebhooks(poisoned, places)).not.toContain('<script>');
  expect(home).toContain('<code>a</code> <strong>b</strong>');
  expect(home).toContain('<li>two</li>');
});

test('types are told in a few words, and what stands in what is told where it stands', () => {
  const line = { type: 'object', properties: { net: { type: 'integer', description: 'Cents' } }, required: ['net'] };
  const schema = {
    type: 'object',
    required: ['lines'],
    properties: {
      lines: { type: 'array', items: line },
      seller: { anyOf: [line, { type: 'null' }] },
      paid: { type: ['string', 'null'], format: 'date' },
    },
  };

  expect(fieldsOf({ $ref: '#/components/schemas/Invoice' }, { Invoice: schema })).toEqual([
    { name: 'lines', required: true, type: 'list of object', description: '' },
    { name: 'lines[].net', required: true, type: 'integer', description: 'Cents' },
    { name: 'seller', required: false, type: 'object | null', description: '' },
    { name: 'seller.net', required: true, type: 'integer', description: 'Cents' },
    { name: 'paid', required: false, type: 'string (date) | null', description: '' },
  ]);
  expect(typeOf({ type: 'string', minLength: 1, maxLength: 80 })).toBe('string, at least 1, at most 80 characters');
  expect([typeOf({ const: 'x' }), typeOf({ enum: ['a', 2] }), typeOf({})]).toEqual(['"x"', '"a" | 2', 'anything']);
});
