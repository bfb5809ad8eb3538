import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Console, Controls } from './server.ts';
import { startConsole } from './server.ts';

let page: Console;
let said: string[];
let parts: Record<string, unknown>;
let changed: () => void;

beforeEach(async () => {
  said = [];
  parts = { clock: 1, mail: [] };
  const controls: Controls = {
    stories: [{ key: 'one' }],
    parts: async () => parts,
    onChange: (listener) => {
      changed = listener;
      return () => undefined;
    },
    acts: {
      say: async ({ text }) => {
        if (!text) throw new Error('Say something.');
        said.push(String(text));
      },
    },
    mail: (id) => (id === 'known' ? '<html><head></head><body>Hello</body></html>' : null),
  };
  page = await startConsole(controls, 0);
});

afterEach(() => page.stop());

const post = (path: string, body: string, type = 'application/json') =>
  fetch(`${page.url}${path}`, { method: 'POST', headers: { 'content-type': type }, body });

test('runs an act, and answers a refusal in words', async () => {
  expect((await post('/act/say', '{"text":"hello"}')).status).toBe(200);
  const refused = await post('/act/say', '{}');

  expect(said).toEqual(['hello']);
  expect([refused.status, await refused.json()]).toEqual([422, { say: 'Say something.' }]);
});

test('takes nothing from a form of another site, from an unknown act, or from a name it was not started under', async () => {
  expect((await post('/act/say', 'text=hello', 'application/x-www-form-urlencoded')).status).toBe(415);
  expect((await post('/act/constructor', '{}')).status).toBe(404);
  expect(await statusFor('evil.example')).toBe(403);
  expect(said).toEqual([]);
});

test('serves the page and nothing beside it', async () => {
  const index = await fetch(page.url);

  expect(index.headers.get('content-security-policy')).toContain("default-src 'self'");
  expect((await fetch(`${page.url}/vendor/adaptivecards.min.js`)).status).toBe(200);
  for (const path of ['/..%2fserver.ts', '/%2e%2e/server.ts', '/vendor/../../server.ts', '/css', '/nothing.js'])
    expect([path, (await fetch(`${page.url}${path}`)).status]).toEqual([path, 404]);
});

test('serves what there is to try as a module of the page', async () => {
  const stories = await fetch(`${page.url}/stories.js`);

  expect(stories.headers.get('content-type')).toContain('text/javascript');
  expect(await stories.text()).toBe('export const STORIES = [{"key":"one"}];\n');
});

test('serves a mail so that it can run and load nothing', async () => {
  const mail = await fetch(`${page.url}/mail/known`);

  expect(mail.headers.get('content-security-policy')).toMatch(/default-src 'none'.*sandbox/);
  expect(await mail.text()).toContain('<base target="_blank">');
  expect((await fetch(`${page.url}/mail/unknown`)).status).toBe(404);
});

test('streams every part once, and then only what changed', async () => {
  const stream = await fetch(`${page.url}/live`);
  const events = reader(stream);
  expect(await events(3)).toEqual(['part clock', 'part mail', 'ready']);

  parts = { clock: 2, mail: [] };
  changed();

  expect(await events(1)).toEqual(['part clock']);
});

/** Reads the next events of a stream: their kind and, of a part, its name. */
function reader(stream: Response): (count: number) => Promise<string[]> {
  const chunks = (stream.body as ReadableStream<Uint8Array>).getReader();
  let text = '';
  return async (count) => {
    const found: string[] = [];
    while (found.length < count) {
      const event = /event: (\w+)\ndata: (.*)\n\n/.exec(text);
      if (event) {
        text = text.slice(event.index + event[0].length);
        const { name } = JSON.parse(event[2] ?? '{}') as { name?: string };
        found.push(name ? `${event[1]} ${name}` : String(event[1]));
      } else text += new TextDecoder().decode((await chunks.read()).value);
    }
    return found;
  };
}

/** A request under another name, as a rebound address would bring it; fetch does not let one choose the name. */
async function statusFor(host: string): Promise<number | undefined> {
  const { request } = await import('node:http');
  return new Promise((resolve, reject) => {
    request(page.url, { headers: { host } }, (response) => resolve(response.resume().statusCode))
      .on('error', reject)
      .end();
  });
}
