import { beforeAll, describe, expect, test } from '@jest/globals';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import * as fc from 'fast-check';
import type { ApiAnswer } from '../testing/api.ts';
import type { KeyName, Operation } from '../testing/api-world.ts';
import { apiWorld, OWN, operations } from '../testing/api-world.ts';
import type { JsonSchema } from '../testing/schema-arbitrary.ts';
import { arbitraryOf, violationOf } from '../testing/schema-arbitrary.ts';

/*
 * Every operation that the description names, with what its schemas allow and with what they do not. PARLEY_FUZZ_SEED tries others,
 * PARLEY_FUZZ_RUNS more of them.
 */
const SEED = Number(process.env.PARLEY_FUZZ_SEED ?? 20_261_127);
const RUNS = Number(process.env.PARLEY_FUZZ_RUNS ?? 12);

interface Described {
  parameters?: { name: string; in: string; required?: boolean; schema: JsonSchema }[];
  requestBody?: { content: { 'application/json': { schema: JsonSchema } } };
  responses: Record<string, { content?: { 'application/json': { schema: object } } }>;
}

const world = apiWorld();
let paths: Record<string, { get?: Described; post?: Described }>;
let described: { paths: typeof paths; components: { schemas: Record<string, JsonSchema> } };
let isProblem: ValidateFunction;
const ajv = new Ajv2020({ strict: false, validateFormats: false });
/** What was asked, and with what. */
const tally = { allowed: 0, done: 0, refused: 0, forbidden: 0 };

beforeAll(async () => {
  const { api } = world();
  described = (await api.get('', '/openapi.json')).json;
  paths = described.paths;
  ajv.addSchema({ $id: 'described', components: described.components });
  isProblem = ajv.compile({ $ref: 'described#/components/schemas/Problem' });
});

const compiled = new Map<string, ValidateFunction>();

/** By the schema of an answer, whose references lead into the description. */
function validator(schema: object): ValidateFunction {
  const text = JSON.stringify(schema).replaceAll('"#/components', '"described#/components');
  const known = compiled.get(text) ?? ajv.compile(JSON.parse(text));
  compiled.set(text, known);
  return known;
}

function describedAs({ method, path }: Operation): Described {
  const found = paths[path]?.[method === 'GET' ? 'get' : 'post'];
  if (!found) throw new Error(`${method} ${path} is not described`);
  return found;
}

/** What is asked of an operation as one object, whether it is sent in the address or in the body. */
function inputOf({ parameters = [], requestBody }: Described): JsonSchema {
  if (requestBody) return requestBody.content['application/json'].schema;
  const asked = parameters.filter((one) => one.in === 'query' && one.name !== 'fields');
  return {
    type: 'object',
    properties: Object.fromEntries(asked.map(({ name, schema }) => [name, schema])),
    required: asked.flatMap(({ name, required }) => (required ? [name] : [])),
  };
}

async function send({ method, path }: Operation, key: string, input: object): Promise<ApiAnswer> {
  const { api } = world();
  if (method === 'POST') return api.post(key, path, input);
  const texts = Object.entries(input).map(([name, value]) => [
    name,
    typeof value === 'string' ? value.toWellFormed() : JSON.stringify(value),
  ]);
  return api.get(key, `${path}?${new URLSearchParams(texts as [string, string][])}`);
}

/** An answer is as the description says, whatever was asked. */
function check(operation: Operation, { status, json, headers }: ApiAnswer): void {
  expect(status).toBeLessThan(500);
  if (status >= 400) {
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect([isProblem(json), isProblem.errors]).toEqual([true, null]);
    return;
  }
  const schema = describedAs(operation).responses[200]?.content?.['application/json'].schema;
  const fits = validator(schema ?? { not: {} });
  expect([fits(json), fits.errors?.slice(0, 3)]).toEqual([true, undefined]);
}

/** Acts on things of the client for whom everything was made. */
async function actsOnOwn(): Promise<unknown> {
  const { own } = world();
  const [row] = await own.owner('select count(*) as acts from event where tenant_id = $1 and client_id = $2', [
    own.firm.tenantId,
    own.client.id,
  ]);
  return row?.acts;
}

const assertEach = (property: fc.IAsyncProperty<unknown>) => fc.assert(property, { seed: SEED, numRuns: RUNS });

const each = operations().map((operation) => [`${operation.method} ${operation.path}`, operation] as const);
const strangers: KeyName[] = ['otherClient', 'otherFirm'];

describe('with what its schema allows', () => {
  test.each(each)('%s answers as it is described, and strangers read and change nothing', async (_, operation) => {
    const { keys, ids, inputFor } = world();
    const given = await inputFor(operation);
    const takes = (one: fc.Arbitrary<boolean>) =>
      fc.record(Object.fromEntries(Object.keys(given).map((name) => [name, one])));
    const asked = fc.tuple(
      arbitraryOf(inputOf(describedAs(operation)), ids) as fc.Arbitrary<Record<string, unknown>>,
      // All of what the examples made, so that it is about something that is there; or some of it.
      fc.oneof(takes(fc.constant(true)), takes(fc.boolean())) as fc.Arbitrary<Record<string, boolean>>,
      fc.constantFrom<KeyName>('admin', 'clientAdmin', ...strangers),
    );
    const property = fc.asyncProperty(asked, async ([input, taking, by]) => {
      const taken = Object.fromEntries(Object.entries(given).filter(([name]) => taking[name]));
      const before = await actsOnOwn();
      const answer = await send(operation, keys[by], { ...input, ...taken });
      check(operation, answer);
      tally.allowed += 1;
      tally[answer.status < 400 ? 'done' : 'refused'] += 1;
      if (!strangers.includes(by)) return;
      expect(answer.text).not.toMatch(OWN);
      expect(await actsOnOwn()).toEqual(before);
    });
    await assertEach(property);
  });
});

describe('with what its schema does not allow', () => {
  test.each(each.filter(([, { method }]) => method === 'POST'))(
    '%s refuses it, and nothing happens',
    async (_, operation) => {
      const { keys, ids, inputFor } = world();
      const given = await inputFor(operation);
      const schema = inputOf(describedAs(operation));
      const isAllowed = validator(schema);
      const asked = (arbitraryOf(schema, ids) as fc.Arbitrary<Record<string, unknown>>).chain((input) =>
        violationOf(schema, { ...input, ...given }),
      );
      const property = fc.asyncProperty(asked, async (input) => {
        fc.pre(!isAllowed(input));
        const before = await actsOnOwn();
        const answer = await send(operation, keys.admin, input);
        check(operation, answer);
        expect(answer.status).toBeGreaterThanOrEqual(400);
        expect(await actsOnOwn()).toEqual(before);
        tally.forbidden += 1;
      });
      await assertEach(property);
    },
  );
});

test('enough of it was done for the tests before to mean something', () => {
  console.log(
    `fuzz: ${each.length} operations, seed ${SEED}: ${tally.allowed} requests that their schemas allow, of which ${tally.done} were answered and ${tally.refused} refused with a problem; ${tally.forbidden} that they do not allow, all refused`,
  );
  expect(tally.done).toBeGreaterThan(100);
  expect(tally.forbidden).toBeGreaterThan(each.length);
});
