import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { z } from 'zod';
import { areas } from '../core/areas.ts';
import type { AnyEventDefinition, Event } from '../core/kernel/event.ts';
import { audienceOf } from '../core/kernel/event.ts';
import { buildRegistry } from '../core/kernel/registry.ts';
import { isForClient, toldEvents, webhookOf, webhookSchema } from '../core/kernel/webhook.ts';
import type { EndpointStage } from './endpoint-stage.ts';
import { endpointStage } from './endpoint-stage.ts';
import type { TestFirm } from './firm.ts';
import { as, makeFirm } from './firm.ts';
import type { JsonSchema } from './schema-arbitrary.ts';
import { arbitraryOf } from './schema-arbitrary.ts';

// Every event that the registry declares: no event is named here but where somebody tries to break a rule.

const GOLDEN = join(import.meta.dirname, 'golden/webhooks.txt');
const { events } = buildRegistry(areas);
const told = toldEvents(areas);
const EVENTS = [...events.values()].map((definition) => [definition.name, definition] as const);
const isToClient = (one: object) => 'audience' in one && one.audience === 'client';

const SOMEBODY = '0b9c1c1e-6c1f-4f43-9a52-0e3c1f0a7b11';

/** Data as such an event may hold it, the same at each run. */
function samples({ data }: AnyEventDefinition): Record<string, unknown>[] {
  const schema = z.toJSONSchema(data, { io: 'input' }) as JsonSchema;
  return fc.sample(arbitraryOf(schema, [SOMEBODY]) as fc.Arbitrary<Record<string, unknown>>, {
    numRuns: 40,
    seed: 20_261_127,
  });
}

function eventOf(definition: AnyEventDefinition, data: Record<string, unknown>, more: Partial<Event> = {}): Event {
  return {
    ...{ tenantId: crypto.randomUUID(), id: crypto.randomUUID(), seq: 1, name: definition.name },
    ...{ about: { entity: 'thing', id: crypto.randomUUID() }, clientId: crypto.randomUUID(), projectId: null, data },
    actor: { kind: 'person', name: 'Ada', side: 'staff', channel: 'slack', personId: crypto.randomUUID() },
    ...{ requestId: 'r', at: new Date('2026-11-27T12:00:00Z') },
    ...more,
  };
}

/** The schema of what an event tells of its thing. */
function webhookFacts(definition: AnyEventDefinition): z.ZodObject {
  const { data } = (webhookSchema(definition) as z.ZodObject).shape;
  return (data as z.ZodObject).shape.facts as z.ZodObject;
}

test('of which events webhooks tell, and what each holds, is as it was reviewed', () => {
  const lines = [...told.values()].map(({ definition, area, module }) => {
    const facts = Object.keys(webhookFacts(definition).shape);
    return `${definition.name} (${area}, ${module}): ${facts.join(' ')}`;
  });
  const text = `${lines.sort().join('\n')}\n`;
  if (process.env.UPDATE_GOLDEN) writeFileSync(GOLDEN, text);

  expect(text).toBe(readFileSync(GOLDEN, 'utf8'));
});

test.each([...told].map(([name, { definition }]) => [name, definition] as const))(
  'of %s each field is described',
  (_name, definition) => {
    const { properties = {} } = z.toJSONSchema(webhookFacts(definition), { io: 'input' }) as {
      properties?: Record<string, { description?: string }>;
    };
    expect(Object.keys(properties).filter((field) => !properties[field]?.description)).toEqual([]);
  },
);

describe('each event', () => {
  test.each(EVENTS)(
    '%s is told by webhooks exactly where its own audience says that a client may hear of it',
    (name, definition) => {
      for (const data of samples(definition)) {
        const event = eventOf(definition, data);
        const isHeard = audienceOf(definition, event).some(isToClient);
        expect(isForClient(definition, event)).toBe(isHeard && data.internal !== true);
        // What somebody forgot to declare would never be told, and nobody would notice.
        if (isHeard) expect([...told.keys()]).toContain(name);
      }
    },
  );

  test.each([...told].map(([name, { definition }]) => [name, definition] as const))(
    '%s is sent as its schema says, whatever it holds, and without what is for the firm alone',
    (_name, definition) => {
      const shape = (definition.data as unknown as { shape: Record<string, z.ZodType> }).shape;
      const withheld = Object.keys(shape).filter((name) => shape[name]?.meta()?.firmOnly);
      for (const data of samples(definition)) {
        // As an earlier version may have stored it.
        const sent = webhookOf(
          definition,
          eventOf(definition, { ...data, theirMargin: 40, internalNote: 'They pay late.' }),
        );
        expect(() => z.encode(webhookSchema(definition), webhookSchema(definition).parse(sent))).not.toThrow();
        for (const name of ['theirMargin', 'internalNote', ...withheld])
          expect(sent.data.facts).not.toHaveProperty(name);
      }
    },
  );

  test('is one that is told, or one that is not: there are many of both, so that the tests before could fail', () => {
    expect(told.size).toBeGreaterThan(50);
    expect(events.size - told.size).toBeGreaterThan(50);
    expect(
      [...told.values()].filter(({ definition }) => typeof definition.audience === 'function').length,
    ).toBeGreaterThan(4);
    expect(
      [...told.keys()].filter((name) => /noted|revealed|logged|kept|people|session|key|endpoint/.test(name)),
    ).toEqual([]);
  });

  test('about what is no declared thing is for no client', async () => {
    const plain = await plainEvents();
    expect(plain.length).toBeGreaterThan(15);
    expect(plain.filter(({ audience }) => typeof audience !== 'function' && audience.some(isToClient))).toEqual([]);
    expect(plain.filter(({ mayReachClient }) => mayReachClient)).toEqual([]);
  });
});

/** Those that areas export and no thing declares. */
async function plainEvents(): Promise<AnyEventDefinition[]> {
  const core = join(import.meta.dirname, '../core');
  const paths = readdirSync(core, { recursive: true })
    .map(String)
    .filter((path) => path.endsWith('.ts') && !/test\.ts$|examples\.ts$|^kernel\//.test(path));
  const found = new Set<AnyEventDefinition>();
  for (const path of paths)
    for (const one of Object.values((await import(join(core, path))) as Record<string, unknown>))
      if (isDefinition(one) && !events.has(one.name)) found.add(one);
  return [...found];
}

function isDefinition(one: unknown): one is AnyEventDefinition {
  return typeof one === 'object' && one !== null && 'says' in one && 'audience' in one && 'data' in one;
}

describe('over all that may happen, in the database', () => {
  let stage: EndpointStage;
  let firm: TestFirm;
  let endpoints: Record<'firm' | 'acme' | 'globex' | 'rival', string>;
  beforeAll(async () => {
    stage = await endpointStage();
    firm = await makeFirm(stage.app.database);
    const rival = await makeFirm(stage.app.database, 'Rival & Sons');
    const add = async (of: TestFirm, person: string) => (await stage.add(as(of, person), 'https://127.0.0.1/hook')).id;
    endpoints = {
      firm: await add(firm, firm.admin),
      acme: await add(firm, firm.acme.clientAdmin),
      globex: await add(firm, firm.globex.clientAdmin),
      rival: await add(rival, rival.admin),
    };
    // What was added is told of as well.
    stage.app.asked.length = 0;
    await stage.owner('update event set delivered_at = now()');
  });
  afterAll(() => stage.stop());

  const storedFor = async (id: string) => {
    const rows = await stage.owner('select endpoint_id from endpoint_delivery where event_id = $1', [id]);
    return rows.map(({ endpoint_id }) => endpoint_id).sort();
  };

  test.each(EVENTS)(
    '%s of a client is stored for the firm and that client, or for nobody',
    async (_name, definition) => {
      for (const data of samples(definition).slice(0, 3)) {
        const id = crypto.randomUUID();
        await stage.owner(
          `insert into event (tenant_id, id, name, entity, entity_id, client_id, data, actor, request_id, at)
         values ($1, $2, $3, 'thing', gen_random_uuid(), $4, $5, '{"name": "Ada", "side": "staff"}', 'r', now())`,
          [firm.tenantId, id, definition.name, firm.acme.id, JSON.stringify(data).replaceAll('\\u0000', '')],
        );
        const [row] = await stage.owner('select data from event where id = $1', [id]);
        stage.app.asked.push({ queue: 'event', data: { tenantId: firm.tenantId, eventId: id } });
        await stage.handOn();
        const isTold = isForClient(definition, eventOf(definition, row?.data as Record<string, unknown>));

        expect(await storedFor(id)).toEqual(isTold ? [endpoints.firm, endpoints.acme].sort() : []);
      }
    },
  );
});
