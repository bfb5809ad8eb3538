import * as fc from 'fast-check';

/** A JSON Schema as the API describes its inputs by it. */
export interface JsonSchema {
  type?: string | string[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: boolean | JsonSchema;
  propertyNames?: JsonSchema;
  items?: JsonSchema;
  prefixItems?: JsonSchema[];
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  enum?: unknown[];
  const?: unknown;
  format?: string;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  [other: string]: unknown;
}

/** Of each list and text so many parts at most: what is longer than a schema allows is tried elsewhere. */
const MOST = 40;

/**
 * What a schema allows.
 * @param ids things that are there, for some of the values that are to be ids
 * @throws Error for a schema that says more than is understood here
 */
export function arbitraryOf(schema: JsonSchema, ids: readonly string[]): fc.Arbitrary<unknown> {
  const of = (one: JsonSchema) => arbitraryOf(one, ids);
  const { anyOf, oneOf, allOf, type } = schema;
  if (schema.$ref) throw new Error(`a reference is not followed here: ${JSON.stringify(schema)}`);
  if ('const' in schema) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (allOf) return of(Object.assign({}, schema, ...allOf, { allOf: undefined }) as JsonSchema);
  const several = anyOf ?? oneOf;
  if (several) return fc.oneof(...several.map(of));
  if (Array.isArray(type)) return fc.oneof(...type.map((one) => of({ ...schema, type: one })));
  switch (type) {
    case 'object':
      return objectOf(schema, of);
    case 'array':
      return arrayOf(schema, of);
    case 'string':
      return textOf(schema, ids);
    case 'integer':
    case 'number':
      return numberOf(schema);
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case undefined:
      return fc.jsonValue({ maxDepth: 2 });
    default:
      throw new Error(`no such type is known: ${JSON.stringify(schema)}`);
  }
}

type Of = (schema: JsonSchema) => fc.Arbitrary<unknown>;

function objectOf({ properties, required = [], additionalProperties, propertyNames }: JsonSchema, of: Of) {
  if (!properties && typeof additionalProperties === 'object')
    return fc.dictionary(
      (propertyNames
        ? of({ type: 'string', ...propertyNames })
        : fc.string({ maxLength: MOST })) as fc.Arbitrary<string>,
      of(additionalProperties),
      { maxKeys: 3 },
    );
  const fields = Object.entries(properties ?? {}).map(([name, one]) => [name, of(one)] as const);
  return fc.record(Object.fromEntries(fields), { requiredKeys: required });
}

function arrayOf({ items, prefixItems, minItems = 0, maxItems = MOST }: JsonSchema, of: Of): fc.Arbitrary<unknown> {
  if (prefixItems) return fc.tuple(...prefixItems.map(of));
  return fc.array(of(items ?? {}), { minLength: minItems, maxLength: Math.min(maxItems, Math.max(minItems, 4)) });
}

function textOf({ format, pattern, minLength = 0, maxLength = MOST }: JsonSchema, ids: readonly string[]) {
  switch (format) {
    case 'uuid':
      return fc.oneof(fc.constantFrom(...ids), fc.uuid({ version: 4 }));
    case 'uri':
      return fc.webUrl();
    case 'date':
      return dates.map((date) => date.toISOString().slice(0, 10));
    case 'date-time':
      return dates.map((date) => date.toISOString());
    case undefined:
      break;
    default:
      throw new Error(`no such format is known: ${format}`);
  }
  if (pattern) return fc.stringMatching(new RegExp(pattern));
  const length = { minLength, maxLength: Math.max(minLength, Math.min(maxLength, MOST)) };
  // By code units some are no characters at all: JSON carries them all the same.
  return fc
    .oneof(fc.string({ ...length, unit: 'grapheme' }), fc.string({ ...length, unit: 'binary' }))
    .map((text) => text.slice(0, maxLength));
}

const dates = fc.date({ min: new Date('1990-01-01'), max: new Date('2090-01-01'), noInvalidDate: true });

function numberOf({ type, minimum, maximum, exclusiveMinimum }: JsonSchema): fc.Arbitrary<number> {
  const min = Math.max(minimum ?? Number.MIN_SAFE_INTEGER, (exclusiveMinimum ?? Number.NEGATIVE_INFINITY) + 1);
  const max = Math.min(maximum ?? Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  const whole = fc.integer({ min, max });
  const small = fc.integer({ min: Math.max(min, Math.min(0, max)), max: Math.min(max, Math.max(min, 0) + 5) });
  if (type === 'integer') return fc.oneof(small, whole);
  return fc.oneof(small, fc.double({ min, max, noNaN: true }));
}

/** A value that a schema of an object does not allow, made of one that it does. */
export function violationOf(schema: JsonSchema, valid: Readonly<Record<string, unknown>>): fc.Arbitrary<object> {
  const { properties = {}, required = [] } = schema;
  const without = required.map((name) => Object.fromEntries(Object.entries(valid).filter(([other]) => other !== name)));
  const wrong = Object.entries(properties).flatMap(([name, one]) =>
    wrongFor(one).map((value) => ({ ...valid, [name]: value })),
  );
  return fc.constantFrom<object>({ ...valid, 'not-asked-for': 1 }, ...without, ...wrong);
}

/** Nobody takes these for what is meant: a number that is written as a text is taken by many, and is none of them. */
function wrongFor({ type, enum: choices, maxLength }: JsonSchema): unknown[] {
  const types = new Set([type].flat());
  return [
    ...(types.has('object') || !type ? [] : [{ a: { b: [] } }]),
    ...(types.has('array') || !type ? [] : [[null, 1]]),
    ...(choices ? ['none of these, for certain'] : []),
    ...(types.has('string') && maxLength ? ['x'.repeat(maxLength + 1)] : []),
    ...(types.has('integer') ? ['a few', 0.5, 1e300] : []),
  ];
}
