import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { areas } from '../core/areas.ts';
import { instant } from '../core/kernel/instant.ts';
import { buildRegistry } from '../core/kernel/registry.ts';

const { commands, views, ...registry } = buildRegistry(areas);
const things = [...registry.things.values()];

interface Schema {
  description?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  prefixItems?: Schema[];
  additionalProperties?: Schema | boolean;
}

/** As whoever sends or receives the JSON sees it. @throws Error where it has no JSON */
function jsonSchemaOf(schema: z.ZodType): Schema {
  return z.toJSONSchema(schema, { io: 'input' }) as Schema;
}

/** The fields of which nothing is said. */
function undescribed(schema: Schema, path = ''): string[] {
  const { properties = {}, items, anyOf = [], oneOf = [], prefixItems = [], additionalProperties } = schema;
  const inside = [...anyOf, ...oneOf, ...prefixItems, ...(items ? [items] : [])];
  if (typeof additionalProperties === 'object') inside.push(additionalProperties);
  return [
    ...Object.entries(properties).flatMap(([name, field]) => [
      ...(field.description ? [] : [`${path}.${name}`]),
      ...undescribed(field, `${path}.${name}`),
    ]),
    ...inside.flatMap((one) => undescribed(one, path)),
  ];
}

describe('what API and agents will see', () => {
  test.each([...commands.values()].map((one) => [one.name, one.input] as const))(
    'of %s has a JSON Schema of what it is given',
    (_name, input) => {
      expect(jsonSchemaOf(input)).toMatchObject({ type: 'object', properties: expect.any(Object) });
    },
  );

  test.each([...views.values()].map((one) => [one.name, one.input, one.output] as const))(
    'of %s has a JSON Schema of what it is asked and of what it says',
    (_name, input, output) => {
      expect(jsonSchemaOf(input)).toMatchObject({ type: 'object', properties: expect.any(Object) });
      expect(jsonSchemaOf(output)).toMatchObject({ type: 'object', properties: expect.any(Object) });
    },
  );

  test.each(things.map((one) => [one.name, one.schema] as const))(
    'of a %s has a sentence per field',
    (_name, schema) => {
      expect([...new Set(undescribed(jsonSchemaOf(schema)))]).toEqual([]);
    },
  );

  test.each([...views.values()].flatMap(({ name, list, output }) => (list ? [[name, output] as const] : [])))(
    'of an item of %s has a sentence per field',
    (_name, output) => {
      expect([...new Set(undescribed(jsonSchemaOf(output).properties?.items ?? {}))]).toEqual([]);
    },
  );

  test('is looked through to the last field', () => {
    const deep = z.union([z.tuple([z.object({ a: z.array(z.object({ b: z.string() })).describe('A') })]), z.string()]);
    expect(undescribed(jsonSchemaOf(deep))).toEqual(['.a.b']);
    expect(things.length).toBeGreaterThan(4);
  });
});

test('a moment is a Date here and a text in JSON, and nothing else', () => {
  const at = new Date('2026-11-27T16:30:00.000Z');
  const schema = z.object({ at: instant() });

  expect(z.encode(schema, { at })).toEqual({ at: '2026-11-27T16:30:00.000Z' });
  expect(schema.parse({ at: '2026-11-27T16:30:00.000Z' })).toEqual({ at });
  expect(schema.safeParse({ at: '27 November' }).success).toBe(false);
  expect(z.safeEncode(schema, { at: new Date(Number.NaN) }).success).toBe(false);
  expect(jsonSchemaOf(schema)).toMatchObject({ properties: { at: { type: 'string', format: 'date-time' } } });
});
