import type { Html } from '../core/kernel/html.ts';
import { html } from '../core/kernel/html.ts';
import type { Schema } from './schema-words.ts';
import { fieldsOf, typeOf } from './schema-words.ts';

/** Of a description of the API, what its pages show. */
export interface Description {
  info: { title: string; description: string };
  tags: { name: string; description: string }[];
  paths: Record<string, Record<string, Described>>;
  webhooks: Record<string, { post: Described }>;
  components: { schemas: Record<string, Schema> };
}

interface Described {
  operationId: string;
  summary: string;
  tags: string[];
  parameters?: { name: string; in: string; required?: boolean; description?: string; schema: Schema }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, { description?: string; content?: Record<string, { schema: Schema }> }>;
}

interface Operation extends Described {
  method: string;
  path: string;
}

/** Where the pages of the API find what they lead to. */
export interface Places {
  /** The address of the API. */
  base: string;
  /** The style of all pages. */
  style: string;
}

/** The first page about the API: how it is used, and what there is. */
export function docsHome(described: Description, places: Places): string {
  const { base } = places;
  const areas = described.tags.map(({ name, description }) => {
    const operations = operationsOf(described, name);
    return html`<li><a href="${base}/docs/${name}">${description}</a> <span class="subtle">${counted(operations)}</span></li>`;
  });
  return pageOf(
    places,
    'The API',
    html`<h1>The API</h1>
${marked(described.info.description)}
<h2>Begin</h2>
<p>Make a key on the pages, under “API keys”. It is shown once. Then:</p>
<pre class="secret" tabindex="0" aria-label="A first request"><code>curl -H 'Authorization: Bearer parley_…' ${base}/project/list</code></pre>
<p>For generators of clients: <a href="${base}/openapi.json">the description</a> (OpenAPI 3.1).</p>
<h2>What there is</h2>
<ul class="ways">${areas}</ul>
<h2>What programs are told</h2>
<p><a href="${base}/docs/webhooks">Webhooks</a> <span class="subtle">${Object.keys(described.webhooks).length} kinds of events</span></p>
<h2>What may go wrong</h2>
${fieldList(described.components.schemas.Problem, described)}`,
  );
}

/** What one area has; null where there is no such area. */
export function docsOfArea(described: Description, area: string, places: Places): string | null {
  const tag = described.tags.find(({ name }) => name === area);
  if (!tag) return null;
  const operations = operationsOf(described, area);
  const ways = operations.map(
    ({ operationId, method, path }) => html`<li><a href="#${operationId}">${method} ${path}</a></li>`,
  );
  return pageOf(
    places,
    `${tag.description}: the API`,
    html`<p><a href="${places.base}/docs">The API</a></p>
<h1>${tag.description}</h1>
<p class="subtle">What has a question mark behind it may be left out.</p>
<ul class="ways">${ways}</ul>
${operations.map((operation) => operationHtml(operation, described))}`,
  );
}

/** Of what programs are told: each kind of event, with what a webhook of it holds. */
export function docsOfWebhooks(described: Description, places: Places): string {
  const all = Object.entries(described.webhooks).map(([name, { post }]) => ({ name, ...post }));
  return pageOf(
    places,
    'Webhooks: the API',
    html`<p><a href="${places.base}/docs">The API</a></p>
<h1>Webhooks</h1>
<p>Add an endpoint on the pages, under “Webhooks”: an address that begins with https, and of what it is told. Each event of which a client may hear
is sent there by POST, signed as <a href="https://www.standardwebhooks.com">Standard Webhooks</a> are, in the order in which it happened to its thing.</p>
<h2>Headers</h2>
<dl>${(all[0]?.parameters ?? []).map(({ name, description = '' }) => row(name, 'string', description))}</dl>
<h2>Kinds of events</h2>
<p class="subtle">Fields with a question mark may be missing. New ones may come: let them pass.</p>
<ul class="ways">${all.map(({ operationId, name }) => html`<li><a href="#${operationId}">${name}</a></li>`)}</ul>
${all.map(
  ({ operationId, name, requestBody }) => html`<section aria-labelledby="${operationId}">
<h2 id="${operationId}"><code>${name}</code></h2>
${fieldList(requestBody?.content['application/json']?.schema, described)}
</section>`,
)}`,
  );
}

function operationHtml(operation: Operation, described: Description): Html {
  const { operationId, method, path, summary, parameters = [], requestBody, responses } = operation;
  const asked = parameters.map(({ name, required = false, description = '', schema, in: place }) =>
    row(`${name}${required ? '' : '?'}`, `${typeOf(schema)}${place === 'header' ? ', header' : ''}`, description),
  );
  const body = requestBody?.content['application/json']?.schema;
  const answer = responses[200];
  const [[type, { schema }] = ['', { schema: {} }]] = Object.entries(answer?.content ?? {});
  return html`<section aria-labelledby="${operationId}">
<h2 id="${operationId}">${summary}</h2>
<p><code>${method} ${path}</code></p>
${asked.length > 0 && html`<h3>Asked</h3><dl>${asked}</dl>`}
${body && html`<h3>Body</h3>${fieldList(body, described)}`}
<h3>Answer</h3>
<p>${answer?.description}.</p>
${type === 'application/json' && fieldList(schema, described)}
</section>`;
}

/** The fields of an object, with those of what stands in it. */
function fieldList(schema: Schema | undefined, { components }: Description): Html {
  const fields = fieldsOf(schema ?? {}, components.schemas);
  if (!fields.length) return html`<p class="subtle">No fields.</p>`;
  return html`<dl>${fields.map(({ name, required, type, description }) => row(`${name}${required ? '' : '?'}`, type, description))}</dl>`;
}

function row(name: string, type: string, description: string): Html {
  return html`<div><dt><code>${name}</code></dt><dd>${inLine(description)}<span class="detail">${type}</span></dd></div>`;
}

function operationsOf({ paths }: Description, area: string): Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .map(([method, one]) => ({ ...one, method: method.toUpperCase(), path }))
      .filter(({ tags }) => tags.includes(area)),
  );
}

function counted(operations: readonly Operation[]): string {
  const reads = operations.filter(({ method }) => method === 'GET').length;
  const does = operations.length - reads;
  return [reads && `${reads} to read`, does && `${does} to do`].filter(Boolean).join(', ');
}

/** Paragraphs and lists of the description, which is Markdown of the simplest kind: `code`, **strong** and lines that begin with a dash. */
function marked(text: string): Html[] {
  return text.split('\n\n').map((part) => {
    const lines = part.split('\n');
    if (lines.every((line) => line.startsWith('- ')))
      return html`<ul>${lines.map((line) => html`<li>${inLine(line.slice(2))}</li>`)}</ul>`;
    return html`<p>${inLine(lines.join(' '))}</p>`;
  });
}

function inLine(text: string): Html[] {
  const parts = text.split(/(`[^`]+`|\*\*[^*]+\*\*)/).map((part) => {
    if (part.startsWith('`')) return html`<code>${part.slice(1, -1)}</code>`;
    return part.startsWith('**') ? html`<strong>${part.slice(2, -2)}</strong>` : html`${part}`;
  });
  return [{ html: parts.map((part) => part.html).join('') }];
}

function pageOf({ style }: Places, title: string, main: Html): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – Parley</title>
<link rel="stylesheet" href="${style}">
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header><p class="firm">Parley</p></header>
<main id="main" tabindex="-1">${main}</main>
<footer><p><span class="wordmark">Parley</span></p></footer>
</body>
</html>
`.html;
}
