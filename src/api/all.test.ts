import { describe, expect, test } from '@jest/globals';
import type { Operation } from '../testing/api-world.ts';
import { apiWorld, OWN, operations } from '../testing/api-world.ts';

const world = apiWorld();

const ways = (wanted: Operation['method']) =>
  operations()
    .filter(({ method }) => method === wanted)
    .map((operation) => [operation.name, operation] as const);

describe('each view, by the API', () => {
  const told = new Map<string, boolean>();
  test.each(ways('GET'))('%s answers its own client and the firm, and nobody else', async (name, operation) => {
    const { api, keys, inputFor } = world();
    const query = new URLSearchParams(await inputFor(operation));
    const ask = (key: string) => api.get(key, `${operation.path}?${query}`);
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
    async (_, operation) => {
      const { api, keys, inputFor } = world();
      const given = await inputFor(operation);
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
        const { status, json } = await api.post(keys.otherFirm, operation.path, body);
        expect([JSON.stringify(body).slice(0, 80), status < 500]).toEqual([JSON.stringify(body).slice(0, 80), true]);
        if (status >= 400) expect(json).toMatchObject({ status, code: expect.any(String), detail: expect.any(String) });
      }
    },
  );

  test.each(ways('POST'))('%s changes nothing of another firm’s or client’s', async (_, operation) => {
    const { own, api, keys, inputFor } = world();
    const given = await inputFor(operation);
    const before = await own.owner('select max(seq) as seq from event where tenant_id = $1', [own.firm.tenantId]);
    const { status, text } = await api.post(keys.otherFirm, operation.path, { version: 1, ...given });
    const after = await own.owner('select max(seq) as seq from event where tenant_id = $1', [own.firm.tenantId]);

    expect(status).toBeLessThan(500);
    expect(text).not.toMatch(OWN);
    expect(after).toEqual(before);
  });
});
