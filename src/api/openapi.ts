import type { ZodType } from 'zod';
import { z } from 'zod';
import type { AnyCommand } from '../core/kernel/command.ts';
import type { Look } from '../core/kernel/field.ts';
import { capital } from '../core/kernel/field.ts';
import type { AnyView } from '../core/kernel/view.ts';
import type { ToldEvent } from '../core/kernel/webhook.ts';
import { webhookSchema } from '../core/kernel/webhook.ts';
import { TITLES } from './problem.ts';
import type { Served } from './served.ts';
import { broughtOf, pathOf } from './served.ts';

/** A JSON Schema of an object, as far as it is looked into here. */
interface ObjectSchema {
  properties?: Record<string, { description?: string }>;
  required?: string[];
}

/**
 * The API as OpenAPI 3.1 describes it, made of the registry: each command is an operation, each view something to read, and each event of
 * which a client may hear a webhook.
 * @param base the address of the API
 */
export function openApiOf({ commands, views, events }: Served, base: string): object {
  const paths: Record<string, object> = {};
  for (const view of views.values()) Object.assign(paths, pathsOfView(view));
  for (const command of commands.values()) paths[pathOf(command.name)] = { post: operationOf(command) };
  return {
    openapi: '3.1.1',
    info: { title: 'Parley', version: '1', description: ABOUT, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: base }],
    security: [{ key: [] }],
    tags: tagsOf([
      ...views.values(),
      ...commands.values(),
      ...[...events.values()].map(({ definition }) => definition),
    ]),
    paths: Object.fromEntries(Object.entries(paths).sort(([one], [other]) => one.localeCompare(other))),
    webhooks: Object.fromEntries(
      [...events]
        .sort(([one], [other]) => one.localeCompare(other))
        .map(([name, told]) => [name, { post: tellingOf(told) }]),
    ),
    components: {
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'An API key, made on the pages under “API keys”.' },
      },
      schemas: { Problem: PROBLEM, Done: DONE },
      headers: HEADERS,
      responses: {
        Problem: {
          description: 'Nothing was done, unless it says that this is unknown.',
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
    },
  };
}

const ABOUT = `What people do in chats, by mail and on the pages, for programs: the same commands, the same views, the same rights.

A key acts as the person who made it, within their rights and within what the key is for. What is agreed to (a scope, a quote, hours)
is signed by people alone.

- **Writes are safe to repeat**: send an \`Idempotency-Key\`, and a repeat answers what the first request did.
- **Old views do not overwrite**: what changes a thing takes its \`version\`, or the \`ETag\` of what was read as \`If-Match\`.
- **Lists** have \`next\` and \`previous\`: give them as \`after\` and \`before\`. \`fields=id,title\` gives these fields alone.
- **Refusals** are problems (RFC 9457) with a \`code\` for programs and a sentence for people.
- **Webhooks** tell your program what happens, signed as Standard Webhooks are: add an endpoint on the pages, under “Webhooks”.`;

const PROBLEM = {
  type: 'object',
  description: 'What went wrong (RFC 9457)',
  required: ['type', 'title', 'status', 'detail', 'code'],
  properties: {
    type: { type: 'string', format: 'uri', description: 'Where this kind of problem is explained' },
    title: { type: 'string', description: 'The kind of problem' },
    status: { type: 'integer', description: 'The status of the answer' },
    detail: { type: 'string', description: 'A sentence for people' },
    code: { type: 'string', enum: Object.keys(TITLES), description: 'The kind of problem, for programs' },
    fields: {
      type: 'object',
      additionalProperties: { type: 'string' },
      description: 'Input field: what is wrong with it',
    },
    changes: {
      type: 'array',
      items: { type: 'string' },
      description: 'What changed since the version that was named',
    },
    unknown: { type: 'boolean', description: 'It is not known whether it was done: repeat the request with its key' },
  },
};

const DONE = {
  type: 'object',
  description: 'What was done',
  properties: {
    id: { type: 'string', description: 'The id of what it was done to, or of what was made' },
    called: { type: 'string', description: 'What that is called inside a sentence' },
    say: { type: 'string', description: 'What was done, in a sentence' },
  },
  additionalProperties: true,
};

const HEADERS = {
  ETag: {
    description:
      'Names what was read; where it is one thing, as `If-Match` also the version that a command is meant for',
    schema: { type: 'string' },
  },
  'Idempotent-Replayed': {
    description: '`true` where the request had been answered before: nothing was done again',
    schema: { type: 'string', enum: ['true'] },
  },
};

const REFUSED = { $ref: '#/components/responses/Problem' };

function pathsOfView(view: AnyView): Record<string, object> {
  const path = pathOf(view.name);
  const about = { tags: [areaOf(view)], parameters: parametersOf(view.input) };
  const read = {
    ...{ operationId: idOf(view.name), summary: summaryOf(view.name) },
    ...about,
    parameters: [...about.parameters, FIELDS],
    responses: {
      200: {
        description: 'As the key’s person is shown it',
        headers: { ETag: { $ref: '#/components/headers/ETag' } },
        content: { 'application/json': { schema: schemaOf(view.output) } },
      },
      304: { description: 'It is as `If-None-Match` says' },
      '4XX': REFUSED,
      default: REFUSED,
    },
  };
  if (!view.file && !view.kept) return { [path]: { get: read } };
  const file = {
    ...{ operationId: `${idOf(view.name)}File`, summary: `${summaryOf(view.name)}, the file` },
    ...about,
    responses: {
      200: { description: 'The file', content: { '*/*': { schema: { type: 'string', format: 'binary' } } } },
      '4XX': REFUSED,
      default: REFUSED,
    },
  };
  return { [path]: { get: read }, [`${path}/file`]: { get: file } };
}

const FIELDS = {
  name: 'fields',
  in: 'query',
  description: 'Names of fields with commas between them: of each item of a list, else of what is read',
  schema: { type: 'string' },
};

function parametersOf(input: ZodType): object[] {
  const { properties = {}, required = [] } = schemaOf(input) as ObjectSchema;
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    ...{ name, in: 'query', required: required.includes(name) },
    ...(description ? { description } : {}),
    schema,
  }));
}

function operationOf(command: AnyCommand): object {
  const { properties = {}, required = [], ...schema } = schemaOf(command.input) as ObjectSchema;
  const names = broughtOf(command, properties);
  const body = {
    ...schema,
    properties: Object.fromEntries(names.map((name) => [name, properties[name]])),
    required: required.filter((name) => names.includes(name)),
  };
  const matches = names.includes('version');
  return {
    ...{ operationId: idOf(command.name), summary: summaryOf(command.name), tags: [areaOf(command)] },
    parameters: [IDEMPOTENCY, ...(matches ? [IF_MATCH] : [])],
    requestBody: {
      required: true,
      content: {
        'application/json': {
          schema: matches ? { ...body, required: body.required.filter((name) => name !== 'version') } : body,
        },
      },
    },
    responses: {
      200: {
        description: 'It was done, now or by an earlier request with the same key',
        headers: { 'Idempotent-Replayed': { $ref: '#/components/headers/Idempotent-Replayed' } },
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Done' } } },
      },
      '4XX': REFUSED,
      default: REFUSED,
    },
  };
}

const IDEMPOTENCY = {
  name: 'Idempotency-Key',
  in: 'header',
  description:
    'A word of the program’s own for this request: a repeat with it does nothing again, and answers the first outcome',
  schema: { type: 'string', minLength: 1, maxLength: 200 },
};

const IF_MATCH = {
  name: 'If-Match',
  in: 'header',
  description: 'The `ETag` with which the thing was read, instead of its `version`',
  schema: { type: 'string' },
};

/** What is sent to endpoints, as whoever receives it is to answer. */
function tellingOf({ definition }: ToldEvent): object {
  const { name } = definition;
  return {
    ...{ operationId: `on${capital(idOf(name))}`, summary: summaryOf(name), tags: [areaOf(definition)], security: [] },
    parameters: SIGNED,
    requestBody: { required: true, content: { 'application/json': { schema: schemaOf(webhookSchema(definition)) } } },
    responses: {
      '2XX': { description: 'It was taken' },
      410: { description: 'The endpoint is gone for good: nothing more is sent there' },
      default: { description: 'It was not taken: it is sent again, for three days' },
    },
  };
}

/** See https://www.standardwebhooks.com */
const SIGNED = [
  ['webhook-id', 'The event’s id: the same however often it is sent'],
  ['webhook-timestamp', 'When this try was made, in seconds since 1970'],
  [
    'webhook-signature',
    'Of `id.timestamp.body` by HMAC-SHA256 with the endpoint’s secret: `v1,` and base64; two while a secret is changed',
  ],
].map(([name, description]) => ({ name, in: 'header', required: true, description, schema: { type: 'string' } }));

/** As whoever sends or receives the JSON sees it. */
function schemaOf(schema: ZodType): object {
  const { $schema: _, ...plain } = z.toJSONSchema(schema, { io: 'input', override: withoutLooks }) as Record<
    string,
    unknown
  >;
  return plain;
}

/** How a field looks on a form is nothing to a program; its label is what the field is. */
function withoutLooks({ jsonSchema }: { jsonSchema: Record<string, unknown> }): void {
  const { label, hint } = jsonSchema;
  if (label && !jsonSchema.description)
    jsonSchema.description = typeof hint === 'string' ? `${ended(String(label))} ${hint}` : String(label);
  for (const look of Object.keys(LOOKS)) delete jsonSchema[look];
}

/** A label before its hint: "Quantity: Like 1 or 1.5", "What is it? In a few words". */
function ended(label: string): string {
  return /[.?!…:]$/.test(label) ? label : `${label}:`;
}

const LOOKS: Readonly<Record<keyof Look, true>> = {
  ...{ label: true, hint: true, placeholder: true, multiline: true, secret: true, file: true, day: true },
  ...{ choices: true, several: true, most: true, none: true },
};

function tagsOf(all: readonly { name: string }[]): object[] {
  return [...new Set(all.map(areaOf))]
    .sort()
    .map((name) => ({ name, description: capital(name.replaceAll('-', ' ')) }));
}

function areaOf({ name }: { name: string }): string {
  return name.split('.')[0] ?? name;
}

function idOf(name: string): string {
  return name
    .split(/[.-]/)
    .map((word, index) => (index ? capital(word) : word))
    .join('');
}

/** `ticket.ask-question` is "Ticket: ask question". */
function summaryOf(name: string): string {
  const [area = '', what = ''] = name.split('.');
  return `${capital(area)}: ${what.replaceAll('-', ' ')}`;
}
