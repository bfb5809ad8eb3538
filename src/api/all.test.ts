import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { z } from 'zod';
import { areas } from '../core/areas.ts';
import type { Api } from '../testing/api.ts';
import { keyFor, serveApi } from '../testing/api.ts';
import { areaWorld } from '../testing/area-world.ts';
import type { Made } from '../testing/examples.ts';
import { examplesOf, givenFor, madeOn } from '../testing/examples.ts';
import { pathOf, servedOf } from './served.ts';

const world = areaWorld();
let api: Api;
/** By whose key is asked. */
let keys: Readonly<Record<'admin' | 'clientAdmin' | 'otherClient' | 'otherFirm', string>>;
/** By area: what its examples made for one client. */
const made = new Map<string, Made>();

beforeAll(async () => {
  const { own, otherClient, otherFirm } = world();
  api = await serveApi(own.app, 1_000_000);
  const key = async (who: Parameters<typeof keyFor>[1]) => (await keyFor(own.app, who)).key;
  keys = {
    admin: await key(own.roles.admin),
    clientAdmin: await key(own.roles['client admin']),
    otherClient: await key(otherClient.roles['client admin']),
    otherFirm: await key(otherFirm.roles.admin),
  };
  for (const area of areas) made.set(area.name, await madeOn(own, await examplesOf(area)));
}, 120_000);
afterAll(() => api?.stop());

/** Of everything that was made, what an input takes. */
async function inputFor(area: string, name: string, input: z.ZodType): Promise<Record<string, string>> {
  const given = givenFor(await examplesOf({ name: area }), { name }, made.get(area) ?? {});
  const shape = (input as unknown as { shape?: Record<string, unknown> }).shape ?? {};
  return Object.fromEntries(Object.entries(given).filter(([field]) => Object.hasOwn(shape, field)));
}

/** Words that only this client’s things hold. */
const OWN = /Quince/;

const registered = areas.flatMap((area) => {
  const { views, commands } = servedOf({
    views: new Map(area.views.map((one) => [one.name, one])),
    commands: new Map(area.commands.map((one) => [one.name, one])),
  } as never);
  return [
    ...[...views.values()].map((one) => ['GET', area.name, one.name, one.input] as const),
    ...[...commands.values()].map((one) => ['POST', area.name, one.name, one.input] as const),
  ];
});
const ways = (wanted: string) =>
  registered.filter(([method]) => method === wanted).map(([, area, name, input]) => [name, area, input] as const);

describe('each view, by the API', () => {
  const told = new Map<string, boolean>();
  test.each(ways('GET'))('%s answers its own client and the firm, and nobody else', async (name, area, input) => {
    const query = new URLSearchParams(await inputFor(area, name, input));
    const ask = (key: string) => api.get(key, `${pathOf(name)}?${query}`);
    const [admin, client] = [await ask(keys.admin), await ask(keys.clientAdmin)];
    const others = [await ask(keys.otherClient), await ask(keys.otherFirm)];

    for (const { status } of [admin, client, ...others]) expect([200, 403, 404, 422]).toContain(status);
    for (const { text } of others) expect(text).not.toMatch(OWN);
    told.set(name, OWN.test(admin.text) || OWN.test(client.text));
  });

  test('is found to tell of its client, so that the tests before could fail', () => {
    expect([...told.values()].filter(Boolean).length).toBeGreaterThan(25);
  });
});

describe('each command, by the API', () => {
  test.each(ways('POST'))(
    '%s is refused with a problem for what nobody sends, and has no fault',
    async (name, area, input) => {
      const given = await inputFor(area, name, input);
      const [first = 'id'] = Object.keys(given);
      const bodies = [
        {},
        { ...given, [first]: 7 },
        { ...given, [first]: null },
        { ...given, [first]: ['a', { b: 1 }] },
        { ...given, [first]: 'x'.repeat(40_000) },
        { ...given, [first]: '\u0000' },
        { ...given, unasked: true },
        { ...given, version: -1 },
        { ...given, version: 1e308 },
      ];
      for (const body of bodies) {
        const { status, json } = await api.post(keys.otherFirm, pathOf(name), body);
        expect([JSON.stringify(body).slice(0, 80), status < 500]).toEqual([JSON.stringify(body).slice(0, 80), true]);
        if (status >= 400) expect(json).toMatchObject({ status, code: expect.any(String), detail: expect.any(String) });
      }
    },
  );

  test.each(ways('POST'))('%s changes nothing of another firm’s or client’s', async (name, area, input) => {
    const { own } = world();
    const given = await inputFor(area, name, input);
    const before = await own.owner('select max(seq) as seq from event where tenant_id = $1', [own.firm.tenantId]);
    const { status, text } = await api.post(keys.otherFirm, pathOf(name), { version: 1, ...given });
    const after = await own.owner('select max(seq) as seq from event where tenant_id = $1', [own.firm.tenantId]);

    expect(status).toBeLessThan(500);
    expect(text).not.toMatch(OWN);
    expect(after).toEqual(before);
  });
});
