import { afterEach, expect, test } from '@jest/globals';
import type { RequestHandler } from 'express';
import express from 'express';
import type { Listening } from '../../testing/listen.ts';
import { listen } from '../../testing/listen.ts';
import { callsWithin } from './transport.ts';

let server: Listening;
afterEach(() => server.stop());

async function answering(handler: RequestHandler): Promise<string> {
  const web = express();
  web.use(express.text({ type: '*/*' }), handler);
  server = await listen(web);
  return server.url;
}

test('an answer is given with its status, its headers in any case and its text', async () => {
  const url = await answering((request, response) => {
    response.status(429).set({ 'Retry-After': '7', 'X-Two': ['a', 'b'] });
    response.send(`${request.method} ${request.get('x-mine')} ${request.body} ✓`);
  });
  const answer = await callsWithin(2_000)(url, {
    method: 'POST',
    headers: { 'x-mine': '1', 'content-type': 'text/plain' },
    body: 'said',
  });

  expect([answer.status, answer.ok, answer.url]).toEqual([429, false, url]);
  expect(['retry-after', 'Retry-After', 'none'].map((name) => answer.headers.get(name))).toEqual(['7', '7', null]);
  expect(Object.fromEntries(answer.headers.entries())).toMatchObject({ 'retry-after': '7', 'x-two': 'a,b' });
  expect(await answer.text()).toBe('POST 1 said ✓');
  expect(Buffer.from(await answer.arrayBuffer()).toString()).toBe('POST 1 said ✓');
});

test('an answer of JSON is parsed', async () => {
  const url = await answering((_, response) => void response.json({ ok: true }));
  const answer = await callsWithin(2_000)(url);

  expect([answer.ok, await answer.json()]).toEqual([true, { ok: true }]);
});

test('a redirect is not followed', async () => {
  const url = await answering((request, response) => {
    if (request.path === '/elsewhere') response.send('there');
    else response.redirect('/elsewhere');
  });
  expect((await callsWithin(2_000)(url)).status).toBe(302);
});

test.each<[string, RequestHandler]>([
  ['nothing', () => undefined],
  [
    'a byte now and then',
    (_, response) => {
      const dripping = setInterval(() => response.write('.'), 50);
      response.once('close', () => clearInterval(dripping));
    },
  ],
])('a server that says %s is given up in time', async (_, handler) => {
  const began = performance.now();
  const calling = callsWithin(300)(await answering(handler));

  await expect(calling).rejects.toThrow('there was no answer within 0.3 s');
  expect(performance.now() - began).toBeLessThan(2_000);
});
