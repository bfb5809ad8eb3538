import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { readConfig } from './config.ts';
import { signLink } from './core/kernel/links.ts';
import { secretsFrom } from './core/kernel/secrets.ts';
import type { Hub } from './hub.ts';
import { startHub } from './hub.ts';
import { openLog } from './log.ts';
import { metricsOf } from './metrics.ts';
import { SECRET } from './testing/database.ts';

let hub: Hub;
let lines = '';

beforeAll(async () => {
  const config = readConfig({
    PARLEY_SECRET: SECRET,
    PARLEY_DATA_DIR: 'memory://',
    PORT: '0',
    METRICS_PORT: '0',
    TRUST_PROXY: '1',
  });
  const log = openLog('debug', {
    write: (line: string) => {
      lines += line;
    },
  });
  hub = await startHub(config, { web: true, worker: false, log });
}, 60_000);
afterAll(async () => {
  await hub.stop();
});

const metrics = async () => (await fetch(`${hub.metricsUrl}/metrics`)).text();
const ask = (path: string, init: RequestInit = {}) => fetch(`${hub.url}${path}`, init).then(({ status }) => status);
/** Many requests, few at a time. */
async function askAll(paths: string[], init: RequestInit = {}): Promise<number[]> {
  const statuses: number[] = [];
  for (let at = 0; at < paths.length; at += 50)
    statuses.push(...(await Promise.all(paths.slice(at, at + 50).map((path) => ask(path, init)))));
  return statuses;
}

test('of an error the log says what it is and where, and nothing of what hangs on it', () => {
  let line = '';
  const log = openLog('info', {
    write: (text: string) => {
      line = text;
    },
  });
  const cause = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', client: { secretKey: 688195470 } });
  const error = new Error('Connection terminated unexpectedly', { cause });

  log.error({ err: Object.assign(error, { client: { secretKey: 688195470, host: 'db.internal' } }) }, 'it had a fault');

  expect(JSON.parse(line)).toMatchObject({
    err: {
      message: 'Connection terminated unexpectedly',
      stack: expect.stringContaining('metrics.test'),
      cause: { message: 'read ECONNRESET', code: 'ECONNRESET' },
    },
  });
  expect(line).not.toMatch(/688195470|db.internal/);
});

test('no token of a link can be read in the metrics or in the log, however its use was answered', async () => {
  const token = signLink(secretsFrom([SECRET]), {
    tenantId: crypto.randomUUID(),
    personId: crypto.randomUUID(),
    press: { target: 'cycle.approve', input: {} },
    nonce: 'n',
    expires: 4_000_000_000,
  });
  const from = { 'X-Forwarded-For': '192.0.2.77' };
  const statuses = [
    await ask(`/l/${token}`, { headers: from }),
    await ask(`/l/${token}`, { method: 'POST', headers: from, body: new URLSearchParams({ a: 'x'.repeat(300_000) }) }),
    await ask(`/l/${token}%E0`, { headers: from }),
    await ask(`/L/${token}`, { method: 'PUT', headers: from }),
    await ask(`/${token}`, { headers: from }),
    await ask(`/webhooks/${token}/%E0`, { method: 'POST', headers: from }),
    ...(await askAll(Array<string>(250).fill(`/l/${token}`), { headers: from })),
  ];
  hub.app.log.error({ err: new Error(`a library quoted https://hub.example.com/l/${token}?a=1`) }, `twice: ${token}`);

  expect(new Set(statuses)).toEqual(new Set([410, 413, 400, 404, 429]));
  expect(lines).toContain('"route":"portal.link"');
  expect(lines).not.toContain(token.slice(0, 40));
  expect(lines).not.toContain(token.slice(-40));
  const text = await metrics();
  expect(text).toContain('parley_http_total{route="portal.link",status="429"}');
  expect(text).not.toContain(token.slice(0, 40));
});

test('three thousand made-up paths leave no label but `unknown`', async () => {
  const paths = Array.from({ length: 3_000 }, (_, index) => `/${'x'.repeat(2_000)}${index}`);
  const statuses = await askAll([...paths.slice(0, 1_500), ...paths.slice(1_500).map((path) => `/l${path}`)]);

  const text = await metrics();
  expect(new Set(statuses)).toEqual(new Set([404, 429]));
  expect(text).toContain('parley_http_total{route="unknown",status="404"}');
  expect(text).not.toContain('xxx');
  expect(text.length).toBeLessThan(40_000);
}, 30_000);

test('the address that people reach has no /metrics', async () => {
  expect(await ask('/metrics')).toBe(404);
  expect(hub.metricsUrl).not.toBe(hub.url);
});

test('visitors behind one trusted proxy have a bucket each', async () => {
  const hammer = await askAll(Array<string>(300).fill('/l/damaged-1'), {
    headers: { 'X-Forwarded-For': '198.51.100.1' },
  });
  const other = await ask('/l/damaged-2', { headers: { 'X-Forwarded-For': '198.51.100.2' } });

  expect(hammer).toContain(429);
  expect(other).toBe(404);
});

test('one link has a bucket too, from however many addresses it is asked', async () => {
  const statuses: number[] = [];
  for (let address = 1; address <= 100; address += 1)
    statuses.push(await ask('/l/of-many', { headers: { 'X-Forwarded-For': `203.0.113.${address}` } }));

  expect(statuses.slice(0, 50)).toEqual(Array(50).fill(404));
  expect(statuses).toContain(429);
  expect(await ask('/l/another', { headers: { 'X-Forwarded-For': '203.0.113.1' } })).toBe(404);
});

test('a database that fails or hangs is said by /metrics within two seconds', async () => {
  for (const counts of [() => Promise.reject(new Error('gone')), () => new Promise<never>(() => undefined)]) {
    const web = (await import('express')).default();
    const app = { ...hub.app, log: pino({ level: 'silent' }), jobs: { ...hub.app.jobs, counts } };
    metricsOf(app).mount(web);
    const server = web.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const answer = await fetch(`http://127.0.0.1:${port}/metrics`, { signal: AbortSignal.timeout(2_000) });

    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('parley_database_up 0');
    await new Promise((resolve) => server.close(resolve));
  }
});
